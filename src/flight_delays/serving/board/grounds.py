"""What the answers of one tick rest on: who is asked, and what was known."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from flight_delays.features.events import DAY_SETTLES_MINUTES, FlightEvents
from flight_delays.features.weather import STALE_MINUTES

from .served_model import ServedModel

TIMES = ["scheduled_departure", "scheduled_arrival", "actual_departure", "actual_arrival"]
DAY = ["origin", "flight_date"]


@dataclass(frozen=True, eq=False)
class Grounds:
    """What was known at one moment. It never changes, so that any thread may look at it.

    Attributes:
        now: The moment.
        layers: The settled flights and the open ones.
        weather: The reports received until then (`IntWeather`).
        served: The version that was asked.
    """

    now: pd.Timestamp
    layers: list[FlightEvents]
    weather: pd.DataFrame
    served: ServedModel

    def find(self, flight_ids: Sequence[str]) -> dict[str, dict[str, pd.Timestamp]]:
        """Find what was known of flights.

        Args:
            flight_ids: The flights.

        Returns:
            By id, of those in the timetable, when they are and were due, left and landed: the
            columns `TIMES`, NaT where that was not known.
        """
        found: dict[str, dict[str, pd.Timestamp]] = {}
        for layer in self.layers:
            rows = layer.flight_ids.get_indexer(pd.Index(flight_ids, dtype=object))
            if (rows := rows[rows >= 0]).size:
                known = layer.table[["flight_id", *TIMES]].iloc[rows]
                found |= {flight.pop("flight_id"): flight for flight in known.to_dict("records")}
        return found

    @cached_property
    def closed_days(self) -> frozenset[tuple[str, pd.Timestamp]]:
        """The open layer's days (`DAY`) that are closed: their flights have come in or are lost."""
        last_arrival = self.layers[-1].table.groupby(DAY)["scheduled_arrival"].max()
        closed = last_arrival + pd.Timedelta(minutes=DAY_SETTLES_MINUTES) <= self.now
        return frozenset(closed.index[closed.to_numpy()])

    @cached_property
    def recent_weather(self) -> pd.DataFrame:
        """The reports that a question of this moment may look at; a year takes long to sort."""
        windows = self.served.definition.feature_engineering.weather
        families = (windows.mean, windows.change, windows.network_mean)
        longest = max(
            (window for family in families for each in family.values() for window in each),
            default=0,
        )
        minutes = longest + STALE_MINUTES + windows.known_after_minutes
        since = self.now - pd.Timedelta(minutes=minutes)
        return self.weather[self.weather["observed_at"] >= since]
