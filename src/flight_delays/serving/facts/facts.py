"""The facts as received so far: days that are settled, and those that are still open."""

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from flight_delays.features.events import OUTCOMES, SCHEDULE, FlightEvents, Rules, to_minutes

from .directory import Directory
from .events import Cancelled, Departed, Landed, Readings, Reported, Scheduled, Told

OPEN_DAYS = pd.Timedelta(days=2)
# A question looks eight hours ahead, and its features at the whole of that day's timetable.
AHEAD_DAYS = pd.Timedelta(days=2)
REPORT = ["origin", "observed_at"]


class Facts:
    """Flights and weather as received: in a layer that stands for a day, and what changes on top.

    The flights of the last two days and those to come are open: their layer is made anew each time.
    All before are settled. That changes no feature (`FlightEvents`), only what it costs.
    """

    def __init__(
        self, flights: pd.DataFrame, weather: pd.DataFrame, directory: Directory, rules: Rules
    ) -> None:
        """Begin with what is known from tables.

        Args:
            flights: `SCHEDULE` and `OUTCOMES` of flights, those to come among them (`PrmFlights`).
            weather: Hourly reports (`IntWeather`).
            directory: Tells what follows from a timetable.
            rules: What counts as late, given up and lost.
        """
        self._directory = directory
        self._rules = rules
        self._settled = (
            flights[[*SCHEDULE, *OUTCOMES]].set_index("flight_id", drop=False).rename_axis(None)
        )
        self._types = self._settled.dtypes.to_dict()
        self._layer = FlightEvents(flights[:0], rules)
        self._first_open = pd.Timestamp.min
        self._timetable: dict[str, dict[Any, Any]] = {}
        self._outcomes: dict[str, dict[Any, Any]] = {}
        self._open_timetable: pd.DataFrame | None = None  # a table of _timetable, until it changes
        self._is_stale = True  # the layer of the settled flights
        self._cancelled: set[str] = set()
        self._weather = weather.set_index(REPORT)
        self._reports: dict[tuple[str, pd.Timestamp], Readings] = {}
        self._revisions: dict[Hashable, int] = {}

    def go_by(self, rules: Rules) -> None:
        """Go by other rules from the next layers on."""
        self._is_stale |= rules != self._rules
        self._rules = rules

    def apply(self, events: Iterable[Told]) -> None:
        """Take events in; what is known already, or has been corrected since, changes nothing."""
        for event in events:
            if event.revision > self._revisions.get(event.key, -1):
                self._revisions[event.key] = event.revision
                self._take_in(event)

    def make_layers(self, now: pd.Timestamp) -> tuple[list[FlightEvents], pd.DataFrame]:
        """Make the layers of facts for questions of now and shortly before.

        Args:
            now: The moment, in UTC.

        Returns:
            The settled and the open layer; and the open flights: `SCHEDULE`, `OUTCOMES` and whether
            they are `cancelled`.
        """
        today = now.tz_localize(None).normalize()
        if self._is_stale or today - OPEN_DAYS > self._first_open:
            self._settle(max(today - OPEN_DAYS, self._first_open))
        flights = self._tabulate_open()
        flights = flights[flights["flight_date"] <= today + AHEAD_DAYS].reset_index(drop=True)
        cancelled = flights["flight_id"].isin(self._cancelled)
        layers = [self._layer, FlightEvents(flights, self._rules)]
        return layers, flights.assign(cancelled=cancelled)

    def get_weather(self) -> pd.DataFrame:
        """Get the reports received so far (`IntWeather`)."""
        if self._reports:
            index = pd.MultiIndex.from_tuples(self._reports, names=REPORT)
            reports = pd.DataFrame([*self._reports.values()], index, self._weather.columns)
            others = self._weather[~self._weather.index.isin(index)]
            self._weather = pd.concat([others, reports.astype(others.dtypes)]).sort_index()
            self._reports = {}
        return self._weather.reset_index()

    def _take_in(self, event: Told) -> None:
        match event:
            case Scheduled():
                flight = self._directory.complete(event)
                self._timetable[self._open(event.flight_id)] = flight
                self._open_timetable = None
                self._is_stale |= flight["flight_date"] < self._first_open
            case Departed():
                self._learn(event.flight_id, actual_departure=event.at)
            case Landed():
                self._learn(
                    event.flight_id,
                    actual_arrival=event.at,
                    arrival_delay_minutes=event.arrival_delay_minutes,
                    by_schedule=event.arrival_delay_minutes is None and not event.diverted,
                    air_time_minutes=event.air_time_minutes,
                )
            case Cancelled(taken_back=True):
                self._cancelled.discard(event.flight_id)
            case Cancelled():
                self._cancelled.add(event.flight_id)
            case Reported():
                hour = pd.Timestamp(event.observed_at).tz_convert("UTC")
                self._reports[event.origin, hour] = event.readings

    def _learn(self, flight_id: str, **outcome: Any) -> None:
        self._open(flight_id)
        # Of a flight that no timetable has named yet it waits.
        self._outcomes[flight_id] = self._outcomes.get(flight_id, {}) | outcome

    def _open(self, flight_id: str) -> str:
        """Take a flight out of the settled ones; what is learnt of it makes their layer stale."""
        if flight_id not in self._timetable and flight_id in self._settled.index:
            flight = self._settled.loc[flight_id]
            self._timetable[flight_id] = flight[SCHEDULE].to_dict()
            self._outcomes[flight_id] = flight[OUTCOMES].to_dict()
            self._is_stale, self._open_timetable = True, None
        return flight_id

    def _settle(self, first_open: pd.Timestamp) -> None:
        """Close the days before a date, with all that has been learnt of them since."""
        opened = self._tabulate_open().set_index("flight_id", drop=False).rename_axis(None)
        flights = pd.concat([self._settled[~self._settled.index.isin(opened.index)], opened])
        is_open = flights["flight_date"] >= first_open
        self._settled, still_open = flights[~is_open], flights[is_open]
        self._layer = FlightEvents(self._settled, self._rules)
        waiting = {each: self._outcomes[each] for each in self._outcomes.keys() - flights.index}
        ids = still_open["flight_id"]
        self._timetable = dict(zip(ids, still_open[SCHEDULE].to_dict("records"), strict=True))
        self._outcomes = waiting | dict(
            zip(ids, still_open[OUTCOMES].to_dict("records"), strict=True)
        )
        self._is_stale, self._open_timetable, self._first_open = False, None, first_open

    def _tabulate_open(self) -> pd.DataFrame:
        """Tabulate what is known of open flights, with the types of the settled ones."""
        if self._open_timetable is None:
            rows = [*self._timetable.values()]
            types = {name: self._types[name] for name in SCHEDULE}
            self._open_timetable = pd.DataFrame(rows, columns=SCHEDULE).astype(types)
        nothing: dict[Any, Any] = {}
        known = [self._outcomes.get(flight_id, nothing) for flight_id in self._timetable]
        outcomes = {
            name: pd.Series([each.get(name) for each in known], dtype=self._types[name])
            for name in OUTCOMES
        }
        # A landing of which no delay was told.
        arrived, due = outcomes["actual_arrival"], self._open_timetable["scheduled_arrival"]
        by_schedule = pd.Series([each.get("by_schedule", False) for each in known], dtype=bool)
        outcomes["arrival_delay_minutes"] = outcomes["arrival_delay_minutes"].mask(
            by_schedule, to_minutes(arrived) - to_minutes(due)
        )
        return self._open_timetable.assign(**outcomes)
