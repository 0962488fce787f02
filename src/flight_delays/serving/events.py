"""What happens to flights and weather, as the live board is told.

An event is about one thing, its key; a later one with a higher revision corrects it. The same event
twice is one, and so is one that comes after its correction.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """A flight is in the timetable, or its place there has changed.

    Attributes:
        flight: The columns `SCHEDULE` of a flight.
        revision: Which statement about it this is.
    """

    flight: dict[Any, Any]
    revision: int = 0

    @property
    def key(self) -> Hashable:
        """What it is about."""
        return "scheduled", self.flight["flight_id"]


@dataclass(frozen=True, kw_only=True)
class Departed:
    """A flight has left.

    Attributes:
        flight_id: The flight.
        at: When, in UTC; None takes an earlier statement back.
        revision: Which statement about it this is.
    """

    flight_id: str
    at: pd.Timestamp | None
    revision: int = 0

    @property
    def key(self) -> Hashable:
        """What it is about."""
        return "departed", self.flight_id


@dataclass(frozen=True, kw_only=True)
class Landed:
    """A flight has landed at its destination.

    Attributes:
        flight_id: The flight.
        at: When, in UTC; None takes an earlier statement back.
        arrival_delay_minutes: After its schedule; None where it was diverted and came in the end.
        air_time_minutes: In the air; None where it is not known.
        revision: Which statement about it this is.
    """

    flight_id: str
    at: pd.Timestamp | None
    arrival_delay_minutes: float | None = None
    air_time_minutes: float | None = None
    revision: int = 0

    @property
    def key(self) -> Hashable:
        """What it is about."""
        return "landed", self.flight_id


@dataclass(frozen=True, kw_only=True)
class Cancelled:
    """A flight will not operate, or, taken back, will after all."""

    flight_id: str
    taken_back: bool = False
    revision: int = 0

    @property
    def key(self) -> Hashable:
        """What it is about."""
        return "cancelled", self.flight_id


@dataclass(frozen=True, kw_only=True)
class Reported:
    """A weather station has reported an hour.

    Attributes:
        origin: The airport.
        observed_at: The label of the hour, in UTC.
        readings: The other columns of `IntWeather`; those that are missing were not read.
        revision: Which statement about it this is.
    """

    origin: str
    observed_at: pd.Timestamp
    readings: dict[Any, float]
    revision: int = 0

    @property
    def key(self) -> Hashable:
        """What it is about."""
        return "reported", self.origin, self.observed_at


Event = Scheduled | Departed | Landed | Cancelled | Reported
