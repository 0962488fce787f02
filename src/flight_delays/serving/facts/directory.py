"""The airports, aircraft and carriers that are known, and what follows from them for a flight."""

from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.places.globe import compute_bearing, compute_distance

from .timetable import TimetableFlight

MAX_ROUTES = 10_000
Measures = tuple[float, float]


class Directory:
    """Where airports are, what their clocks show, which model an aircraft is, and who flies.

    Attributes:
        zones: The time zone of each airport that has one.
        carriers: Those of `airlines` and those that have flown.
    """

    def __init__(
        self,
        flights: pd.DataFrame,
        airports: pd.DataFrame,
        planes: pd.DataFrame,
        airlines: pd.DataFrame,
    ) -> None:
        """Take down what is known from tables.

        Args:
            flights: Facts of flights (`PrmFlights`): whoever flies there is known too.
            airports: Places and time zones (`IntAirports`).
            planes: The register of aircraft (`IntPlanes`); it may be empty.
            airlines: The airlines (`IntAirlines`); it may be empty.
        """
        places = airports.set_index("airport")
        zones = places["time_zone"].dropna()
        self.zones = {airport: ZoneInfo(zone) for airport, zone in zones.items()}
        self.carriers = {*flights["carrier"].unique(), *airlines["carrier"]}
        self._places = places[["latitude", "longitude"]]
        self._models = dict(zip(planes["tail_number"], planes["model"], strict=True))
        routes = flights[["origin", "destination"]].drop_duplicates()
        self._flown = self._measure(routes)
        self._measure_other = lru_cache(maxsize=MAX_ROUTES)(self._measure_one)

    def complete(self, flight: TimetableFlight) -> dict[str, Any]:
        """Add to a flight of a timetable what the tables of flights have beside it.

        Args:
            flight: The flight.

        Returns:
            The columns `SCHEDULE`, as data processing makes them.

        Raises:
            DataError: The time zone of its origin is not known.
        """
        if flight.origin not in self.zones:
            raise DataError(
                f"The flight {flight.flight_id} was told when its origin was known; now "
                f"{flight.origin} has no row or no time zone in airports.csv: add it again."
            )
        departure = flight.scheduled_departure.astimezone(UTC)
        route = flight.origin, flight.destination
        bearing, distance = self._flown.get(route) or self._measure_other(*route)
        return {
            "flight_id": flight.flight_id,
            "flight_date": datetime.combine(flight.flight_date, time()),
            "carrier": flight.carrier,
            "flight_number": flight.flight_number,
            "tail_number": flight.tail_number,
            "aircraft_model": self._models.get(flight.tail_number or ""),
            "origin": flight.origin,
            "destination": flight.destination,
            "distance_miles": distance if flight.distance_miles is None else flight.distance_miles,
            "destination_bearing_degrees": bearing,
            "scheduled_departure": departure,
            "scheduled_departure_local": departure.astimezone(self.zones[flight.origin]).replace(
                tzinfo=None
            ),
            "scheduled_arrival": flight.scheduled_arrival.astimezone(UTC),
        }

    def _measure_one(self, origin: str, destination: str) -> Measures:
        [measures] = self._measure(
            pd.DataFrame({"origin": [origin], "destination": [destination]})
        ).values()
        return measures

    def _measure(self, routes: pd.DataFrame) -> dict[tuple[str, str], Measures]:
        """Measure bearing and length of routes, NaN where a place is not known."""
        ends = routes["origin"], routes["destination"]
        bearings = compute_bearing(*ends, self._places)
        distances = compute_distance(*ends, self._places)
        measures = zip(bearings.tolist(), distances.tolist(), strict=True)
        return dict(zip(zip(*ends, strict=True), measures, strict=True))
