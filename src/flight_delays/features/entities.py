"""Whose past is looked at: the entities, each named by columns of flights."""

import numpy as np
import pandas as pd

from flight_delays.parameters.base import MINUTES_IN_A_DAY

from .windows import Integers

LONG_HAUL_MILES = 1000
SECTOR_DEGREES = 45

ENTITIES: dict[str, tuple[str, ...]] = {
    "network": (),
    "origin": ("origin",),
    "carrier": ("carrier",),
    "destination": ("destination",),
    "sector": ("sector",),
    "sector_at_origin": ("sector", "origin"),
    "sector_haul": ("sector", "long_haul"),
    "carrier_at_origin": ("carrier", "origin"),
    "carrier_at_origin_hour": ("carrier", "origin", "local_hour"),
    "carrier_on_route": ("carrier", "origin", "destination"),
    "carrier_on_route_hour": ("carrier", "origin", "destination", "local_hour"),
    "flight_at_origin": ("carrier", "flight_number", "origin"),
}
"""`sector` is one of eight bearings to the destination, `haul` whether it is over 1000 miles away,
`hour` the local hour of scheduled departure."""


class Names:
    """The columns of flights that name entities, as numbers."""

    def __init__(self, flights: pd.DataFrame) -> None:
        """Add to the names in the timetable those that follow from it.

        Args:
            flights: Flights with the columns of a timetable (`SCHEDULE`).
        """
        self._flights = flights
        self._numbered: dict[str, tuple[Integers, pd.Index]] = {}
        self._translated: dict[tuple[Names, str], Integers] = {}

    def number(self, column: str) -> tuple[Integers, pd.Index]:
        """Number the names in a column.

        Args:
            column: A column of the timetable, `sector`, `long_haul` or `local_hour`.

        Returns:
            A number for each flight, -1 where its name is missing; and the names by number.
        """
        if column not in self._numbered:
            numbers, names = pd.factorize(self._read(column))
            self._numbered[column] = numbers.astype(np.int64), pd.Index(names)
        return self._numbered[column]

    def number_like(self, other: "Names", *columns: str) -> Integers:
        """Number the entities that columns name as another table does.

        Args:
            other: The names of other flights, or these.
            *columns: The columns that together name an entity; none for the whole network.

        Returns:
            A number for each flight here: the same as that of the other table's flights of the same
            entity, -1 where the other table does not have one of the names or it is missing.
        """
        entity = np.zeros(len(self._flights), dtype=np.int64)
        for column in columns:
            translated = self._translate(other, column)
            _, theirs = other.number(column)
            known = (entity >= 0) & (translated >= 0)
            entity = np.where(known, entity * len(theirs) + translated, -1)
        return entity

    def _read(self, column: str) -> pd.Series:
        flights = self._flights
        match column:
            case "sector":
                bearing = flights["destination_bearing_degrees"]
                return (bearing + SECTOR_DEGREES / 2) % 360 // SECTOR_DEGREES
            case "long_haul":
                return flights["distance_miles"] > LONG_HAUL_MILES
            case "local_hour":
                hour: pd.Series = flights["scheduled_departure_local"].dt.hour
                return hour
        return flights[column]

    def _translate(self, other: "Names", column: str) -> Integers:
        """Number the names in a column as another table does; several entities share a column."""
        numbers, names = self.number(column)
        if other is self:
            return numbers
        if (other, column) not in self._translated:
            _, theirs = other.number(column)
            # The last is where -1 points to.
            translated = np.append(theirs.get_indexer(names), -1)[numbers]
            self._translated[other, column] = translated
        return self._translated[other, column]


def name_window(minutes: int) -> str:
    """Write a window for a column's name: 7d, 2h, 90m."""
    for unit, size in (("d", MINUTES_IN_A_DAY), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
