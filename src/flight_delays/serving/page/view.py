"""All that the page shows, from what is said at a moment and what is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from flight_delays.serving.board.snapshot import Snapshot
from flight_delays.serving.facts.names import Names

from .choices import Choice, make_choices
from .filters import Filters
from .glance import Count, Hour, count_by_hour, count_flights
from .reasons import Explanation, read_explanation
from .rows import Row, list_rows, list_thresholds

MOST_ROWS = 1000


@dataclass(frozen=True)
class View:
    """What the template is filled with.

    Attributes:
        filters: What is asked for.
        names: What airports and airlines are called.
        now: The moment of the answers, on the clock of the airport; in UTC if airports of several
            time zones are shown.
        thresholds: In minutes, the first one first.
        count: All flights of the airport.
        hours: The same by hour.
        rows: The flights that are asked for, at most `MOST_ROWS`.
        found: How many are asked for.
        explanations: Of those that are opened and have an answer, by flight id.
        choices: What the form offers, by field.
    """

    filters: Filters
    names: Names
    now: pd.Timestamp
    thresholds: list[int]
    count: Count
    hours: list[Hour]
    rows: list[Row]
    found: int
    explanations: dict[str, Explanation]
    choices: dict[str, list[Choice]]

    @property
    def most_in_an_hour(self) -> int:
        """How many flights the fullest hour has."""
        return max((hour.count.flights for hour in self.hours), default=0)

    @property
    def clock(self) -> str:
        """What clock the time is read from."""
        zone = str(self.now.tz)
        return zone if zone == "UTC" else f"{zone.rpartition('/')[2].replace('_', ' ')} time"

    @property
    def columns(self) -> int:
        """How many columns the table has."""
        return len(self.thresholds) + 6

    @property
    def link_to_all(self) -> str:
        """The address of all flights of the airport."""
        return Filters(origin=self.filters.origin, order=self.filters.order).to_query()

    def is_picked(self, hour: Hour) -> bool:
        """Tell whether the flights of just this hour are asked for."""
        return (self.filters.due_from, self.filters.due_before) == (hour.start, hour.end)

    def link(self, hour: Hour) -> str:
        """The address of an hour's flights; of an hour that is picked, that of all hours."""
        since, until = (None, None) if self.is_picked(hour) else (hour.start, hour.end)
        span = {"due_from": since, "due_before": until}
        return self.filters.model_copy(update=span).to_query()

    def covers(self, hour: Hour) -> bool:
        """Tell whether flights of an hour are asked for."""
        since, until = self.filters.due_from, self.filters.due_before
        return (since is None or hour.end > since) and (until is None or hour.start < until)


def make_view(
    last: Snapshot,
    filters: Filters,
    names: Names,
    explain: Callable[[str], Mapping[Any, Any] | None],
) -> View:
    """Put together what the page shows.

    Args:
        last: What is said now.
        filters: What is asked for.
        names: What airports and airlines are called, and their time zones.
        explain: Tells why a flight's probability is what it is, as `Snapshot.explain` does.

    Returns:
        What the template is filled with.
    """
    rows, thresholds = list_rows(last, names), list_thresholds(last)
    of_airport, found = filters.choose_airport(rows), filters.choose(rows)
    zones = {names.find_time_zone(row.origin) for row in of_airport}
    told = {each: explain(each) for each in filters.open}
    hours = count_by_hour(of_airport, thresholds)
    return View(
        filters=filters,
        names=names,
        now=last.now.tz_convert(zones.pop() if len(zones) == 1 else "UTC"),
        thresholds=thresholds,
        count=count_flights(of_airport, thresholds),
        hours=hours,
        rows=found[:MOST_ROWS],
        found=len(found),
        explanations={each: read_explanation(why) for each, why in told.items() if why},
        choices=make_choices(rows, hours, filters, names),
    )
