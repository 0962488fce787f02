"""Facts: flights as events, each at the minute it became known.

A feature that only sums events up to its prediction time is therefore point-in-time by
construction. Facts know no question; `View` brings the two together.
"""

from collections.abc import Hashable
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from .entities import Names
from .windows import EventLog, Floats

EARLY_MINUTES = 3
# A day is closed so long after its last scheduled arrival; who lands later is left out of it.
DAY_SETTLES_MINUTES = 180

OUTCOMES = ["actual_departure", "actual_arrival", "arrival_delay_minutes", "air_time_minutes"]
SCHEDULE = [
    "flight_id",
    "flight_date",
    "carrier",
    "flight_number",
    "tail_number",
    "aircraft_model",
    "origin",
    "destination",
    "distance_miles",
    "destination_bearing_degrees",
    "scheduled_departure",
    "scheduled_departure_local",
    "scheduled_arrival",
]


class Rules(NamedTuple):
    """What is made of a flight's delay and of silence, in minutes past schedule.

    Attributes:
        late_minutes: From so many on a flight is late.
        given_up_minutes: One that has not left by then is taken for cancelled: nobody says when.
        lost_minutes: One that has not landed by then is taken for diverted.
    """

    late_minutes: int
    given_up_minutes: int
    lost_minutes: int


class Events(NamedTuple):
    """When each flight's event became known, NaN where there is none, and what it carries."""

    minute: Floats
    values: dict[str, npt.NDArray[Any]]


class FlightEvents:
    """A layer of facts: the timetable and the outcomes of some flights; it never changes.

    Layers add up: `View` sums over them. All flights of one `flight_date` stand in one layer, each
    once. Times are in minutes since 1970 UTC; flights are in the order of departure and id, so that
    the order they come in makes no difference.
    """

    def __init__(self, flights: pd.DataFrame, rules: Rules) -> None:
        """Take down what is known.

        Args:
            flights: `SCHEDULE`, and of `OUTCOMES` what is known: NaT, NaN or no column at all
                where it is not.
            rules: What counts as late, given up and lost.
        """
        columns = [*SCHEDULE, *(name for name in OUTCOMES if name in flights)]
        in_order = flights[columns].sort_values(["scheduled_departure", "flight_id"])
        self.table = in_order.reset_index(drop=True)
        self.rules = rules
        self.names = Names(self.table)
        self.scheduled_departure = to_minutes(self.table["scheduled_departure"])
        self.scheduled_arrival = to_minutes(self.table["scheduled_arrival"])
        self.block = self.scheduled_arrival - self.scheduled_departure
        self.arrival = self._read("actual_arrival")
        departure = self._read("actual_departure")
        # Before the landing nobody knows of a departure that is said to come after it.
        self.departure = np.where(departure > self.arrival, np.nan, departure)
        # A landing may be known without its departure.
        self.left = np.fmin(self.departure, self.arrival)
        self._logs: dict[tuple[str, ...], EventLog] = {}
        # What others have made of it: as long as there is the layer, it need not be made again.
        self.made: dict[Hashable, Any] = {}

    def log(self, event: str, *columns: str) -> EventLog:
        """Log an event by entity.

        Args:
            event: `scheduled`, `settled`, `departures`, `landings`, `flown`, `days`, or a state
                (`waiting`, `airborne`, `overdue`) with `_begin` or `_end`.
            *columns: The columns that name the entity, numbered as in `names`.

        Returns:
            The log; made once.
        """
        key = (event, *columns)
        if key not in self._logs:
            events: Events = getattr(self, event)
            entity = self.names.number_like(self.names, *columns)
            self._logs[key] = EventLog(entity, events.minute, **events.values)
        return self._logs[key]

    @cached_property
    def flight_ids(self) -> "pd.Index[str]":
        """The ids of the flights, to look them up."""
        ids: pd.Index[str] = pd.Index(self.table["flight_id"], dtype=object)
        return ids

    @cached_property
    def scheduled(self) -> Events:
        """Scheduled departures; the timetable is known from the start."""
        return Events(self.scheduled_departure, {})

    @cached_property
    def settled(self) -> Events:
        """As soon as a flight that has not left is late: whether it is."""
        minute = self.scheduled_departure + self.rules.late_minutes
        return Events(minute, {"late": 1.0 - (self.left < minute)})

    @cached_property
    def departures(self) -> Events:
        """Actual departures with their delay."""
        delay = self.departure - self.scheduled_departure
        return Events(
            self.departure,
            {
                "delay": np.clip(delay, -15, 240),
                "minutes_late": np.clip(delay, 0, self.rules.given_up_minutes),
                "late": delay >= self.rules.late_minutes,
                "early": delay <= -EARLY_MINUTES,
            },
        )

    @cached_property
    def landings(self) -> Events:
        """Actual arrivals with their delay, diverted flights left out."""
        delay = self.arrival - self.scheduled_arrival
        late = delay >= self.rules.late_minutes
        return Events(self._landing, {"delay": delay, "late": late})

    @cached_property
    def flown(self) -> Events:
        """Landings of flights that are known from gate to gate: what was lost between the two."""
        elapsed = self.arrival - self.departure
        taxi = elapsed - self._read("air_time_minutes")
        minute = np.where(np.isnan(taxi), np.nan, self._landing)
        return Events(minute, {"added_delay": elapsed - self.block, "taxi": taxi})

    @cached_property
    def days(self) -> Events:
        """When a day is closed: how each flight did against its origin's mean that day.

        A day stands whole in one layer, so its mean is that of the layer.
        """
        day = [self.table["origin"], self.table["flight_date"]]
        last_arrival = pd.Series(self.scheduled_arrival).groupby(day).transform("max")
        closed = last_arrival.to_numpy() + DAY_SETTLES_MINUTES
        arrival_delay = self.arrival - self.scheduled_arrival
        landed = np.where(self._landing <= closed, arrival_delay, np.nan)
        delay = pd.Series(landed).clip(-60, 180)
        late = pd.Series(np.where(np.isnan(landed), np.nan, landed >= self.rules.late_minutes))
        return Events(
            np.where(np.isnan(landed), np.nan, closed),
            {
                "delay": (delay - delay.groupby(day).transform("mean")).to_numpy(),
                "late": (late - late.groupby(day).transform("mean")).to_numpy(),
            },
        )

    @cached_property
    def waiting_begin(self) -> Events:
        """When flights begin to wait past their schedule."""
        return _begin(self.scheduled_departure, self._waiting_end)

    @cached_property
    def waiting_end(self) -> Events:
        """When flights leave or are given up."""
        return _end(self.scheduled_departure, self._waiting_end)

    @cached_property
    def airborne_begin(self) -> Events:
        """When flights leave."""
        return _begin(self.departure, self._airborne_end)

    @cached_property
    def airborne_end(self) -> Events:
        """When flights land or are given up."""
        return _end(self.departure, self._airborne_end)

    @cached_property
    def overdue_begin(self) -> Events:
        """When airborne flights pass their scheduled arrival."""
        return _begin(np.maximum(self.departure, self.scheduled_arrival), self._airborne_end)

    @cached_property
    def overdue_end(self) -> Events:
        """When overdue flights land or are given up."""
        return _end(np.maximum(self.departure, self.scheduled_arrival), self._airborne_end)

    @property
    def _landing(self) -> Floats:
        # A diverted flight that reached its destination in the end has no delay.
        return np.where(np.isnan(self._read("arrival_delay_minutes")), np.nan, self.arrival)

    @property
    def _waiting_end(self) -> Floats:
        end: Floats = np.fmin(self.left, self.scheduled_departure + self.rules.given_up_minutes)
        return end

    @property
    def _airborne_end(self) -> Floats:
        due = np.maximum(self.departure + self.block, self.scheduled_arrival)
        end: Floats = np.fmin(self.arrival, due + self.rules.lost_minutes)
        return end

    def _read(self, outcome: str) -> Floats:
        known = self.table.get(outcome)
        if known is None:
            return np.full(len(self.table), np.nan)
        return to_minutes(known) if outcome.startswith("actual_") else known.to_numpy(float)


def _begin(begin: Floats, end: Floats) -> Events:
    return Events(np.where(end > begin, begin, np.nan), {"start": begin})


def _end(begin: Floats, end: Floats) -> Events:
    return Events(np.where(end > begin, end, np.nan), {"start": begin, "end": end})


def to_minutes(times: pd.Series) -> Floats:
    """Convert instants in UTC to minutes since 1970, NaN where missing."""
    since = times - pd.Timestamp(0, tz="UTC")
    return np.asarray(since / pd.Timedelta(minutes=1), dtype=np.float64)
