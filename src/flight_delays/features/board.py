"""The departure board: every flight in the schedule and what is known of it, as events.

Each event stands at the minute it became known. A feature that only sums events up to its
prediction time is therefore point-in-time by construction.
"""

from functools import cached_property

import numpy as np
import pandas as pd

from .windows import EventLog, Floats, Integers

LATE_MINUTES = 15
EARLY_MINUTES = 3
# A flight that has not left so long after schedule is taken for cancelled: nobody says when.
GIVEN_UP_MINUTES = 300
# A flight that has not landed so long after it should have is taken for diverted.
LOST_MINUTES = 720
LONG_HAUL_MILES = 1000
SECTOR_DEGREES = 45
# A day is closed so long after its last scheduled arrival; who lands later is left out of it.
DAY_SETTLES_MINUTES = 180

OUTCOMES = ["actual_departure", "actual_arrival", "air_time_minutes"]
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


class Board:
    """The flights asked about and all flights known so far; times in minutes since 1970 UTC."""

    def __init__(self, flights: pd.DataFrame, known_flights: pd.DataFrame) -> None:
        """Put the flights asked about among the known ones.

        Args:
            flights: Flights to make features for: `SCHEDULE` and `prediction_time`.
            known_flights: Flights known so far: `SCHEDULE` and `OUTCOMES`, NaT or NaN where an
                outcome is not known.
        """
        asked, known = flights["flight_id"], pd.Index(known_flights["flight_id"])
        # A flight may be asked about at several prediction times and still leaves once.
        new = flights.loc[known.get_indexer(asked) < 0, SCHEDULE].drop_duplicates("flight_id")
        table = pd.concat([known_flights[SCHEDULE + OUTCOMES], new], ignore_index=True)
        bearing = table["destination_bearing_degrees"]
        self.table = table.assign(
            sector=(bearing + SECTOR_DEGREES / 2) % 360 // SECTOR_DEGREES,
            long_haul=table["distance_miles"] > LONG_HAUL_MILES,
            local_hour=table["scheduled_departure_local"].dt.hour,
        )
        self.asked = pd.Index(table["flight_id"]).get_indexer(asked)
        self.prediction_minute = to_minutes(flights["prediction_time"]).astype(np.int64)

        self.scheduled_departure = to_minutes(table["scheduled_departure"])
        self.scheduled_arrival = to_minutes(table["scheduled_arrival"])
        self.departure = to_minutes(table["actual_departure"])
        self.arrival = to_minutes(table["actual_arrival"])
        self.air_time = table["air_time_minutes"].to_numpy(float)
        self.block = self.scheduled_arrival - self.scheduled_departure
        self.departure_delay = self.departure - self.scheduled_departure
        self.arrival_delay = self.arrival - self.scheduled_arrival
        self.first_minute = int(self.scheduled_departure.min())

    @property
    def departing_minute(self) -> Integers:
        """Scheduled departure of the flights asked about."""
        return np.asarray(self.scheduled_departure[self.asked], dtype=np.int64)

    def encode(self, *columns: str) -> Integers:
        """Number the entities that columns name; -1 where a name is missing, 0 for no column."""
        if not columns:
            return np.zeros(len(self.table), dtype=np.int64)
        numbers = self.table.groupby(list(columns), sort=False).ngroup()
        return np.asarray(numbers.fillna(-1), dtype=np.int64)

    def log_scheduled(self, entity: Integers) -> EventLog:
        """Log scheduled departures; the schedule is known from the start."""
        return EventLog(entity, self.scheduled_departure)

    def log_settled(self, entity: Integers) -> EventLog:
        """Log, 15 minutes after schedule, whether a flight is late by then."""
        settled = self.scheduled_departure + LATE_MINUTES
        return EventLog(entity, settled, late=1.0 - (self.departure < settled))

    def log_departures(self, entity: Integers) -> EventLog:
        """Log actual departures with their delay."""
        delay = self.departure_delay
        return EventLog(
            entity,
            self.departure,
            delay=np.clip(delay, -15, 240),
            minutes_late=np.clip(delay, 0, GIVEN_UP_MINUTES),
            late=delay >= LATE_MINUTES,
            early=delay <= -EARLY_MINUTES,
        )

    def log_landings(self, entity: Integers) -> EventLog:
        """Log actual arrivals, diverted flights left out."""
        return EventLog(
            entity,
            self._landing,
            delay=self.arrival_delay,
            late=self.arrival_delay >= LATE_MINUTES,
            added_delay=self.arrival_delay - self.departure_delay,
            taxi=self.arrival - self.departure - self.air_time,
        )

    def log_days(self, entity: Integers) -> EventLog:
        """Log, when a day is closed, how each flight did against its origin's mean that day."""
        day = [self.table["origin"], self.table["flight_date"]]
        last_arrival = pd.Series(self.scheduled_arrival).groupby(day).transform("max")
        closed = last_arrival.to_numpy() + DAY_SETTLES_MINUTES
        landed = np.where(self._landing <= closed, self.arrival_delay, np.nan)
        delay = pd.Series(landed).clip(-60, 180)
        late = pd.Series(np.where(np.isnan(landed), np.nan, landed >= LATE_MINUTES))
        return EventLog(
            entity,
            np.where(np.isnan(landed), np.nan, closed),
            delay=(delay - delay.groupby(day).transform("mean")).to_numpy(),
            late=(late - late.groupby(day).transform("mean")).to_numpy(),
        )

    def log_waiting_begin(self, entity: Integers) -> EventLog:
        """Log when flights begin to wait past their schedule."""
        return self._log_begin(entity, self.scheduled_departure, self._waiting_end)

    def log_waiting_end(self, entity: Integers) -> EventLog:
        """Log when flights leave or are given up."""
        return self._log_end(entity, self.scheduled_departure, self._waiting_end)

    def log_airborne_begin(self, entity: Integers) -> EventLog:
        """Log when flights leave."""
        return self._log_begin(entity, self.departure, self._airborne_end)

    def log_airborne_end(self, entity: Integers) -> EventLog:
        """Log when flights land or are given up."""
        return self._log_end(entity, self.departure, self._airborne_end)

    def log_overdue_begin(self, entity: Integers) -> EventLog:
        """Log when airborne flights pass their scheduled arrival."""
        return self._log_begin(entity, self._overdue_begin, self._airborne_end)

    def log_overdue_end(self, entity: Integers) -> EventLog:
        """Log when overdue flights land or are given up."""
        return self._log_end(entity, self._overdue_begin, self._airborne_end)

    @cached_property
    def _landing(self) -> Floats:
        # A diverted flight that reached its destination in the end has no air time.
        return np.where(np.isnan(self.air_time), np.nan, self.arrival)

    @cached_property
    def _waiting_end(self) -> Floats:
        end: Floats = np.fmin(self.departure, self.scheduled_departure + GIVEN_UP_MINUTES)
        return end

    @cached_property
    def _airborne_end(self) -> Floats:
        due = np.maximum(self.departure + self.block, self.scheduled_arrival)
        end: Floats = np.fmin(self.arrival, due + LOST_MINUTES)
        return end

    @cached_property
    def _overdue_begin(self) -> Floats:
        return np.maximum(self.departure, self.scheduled_arrival)

    def _log_begin(self, entity: Integers, begin: Floats, end: Floats) -> EventLog:
        begin = np.where(end > begin, begin, np.nan)
        return EventLog(entity, begin, start=begin - self.first_minute)

    def _log_end(self, entity: Integers, begin: Floats, end: Floats) -> EventLog:
        end = np.where(end > begin, end, np.nan)
        return EventLog(
            entity,
            end,
            start=begin - self.first_minute,
            end=end - self.first_minute,
        )


def to_minutes(times: pd.Series) -> Floats:
    """Convert instants in UTC to minutes since 1970, NaN where missing."""
    since = times - pd.Timestamp(0, tz="UTC")
    return np.asarray(since / pd.Timedelta(minutes=1), dtype=np.float64)
