"""An airport at a glance: how many of its flights are likely to be late, by the hour."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from .rows import Row


@dataclass(frozen=True)
class Count:
    """Some flights.

    Attributes:
        flights: How many there are.
        waiting: How many of them are past their schedule.
        expected: By threshold in minutes, how many of those with an answer will be so late: the
            sum of their probabilities.
        alerts: By threshold in minutes, for how many an alert pays.
    """

    flights: int
    waiting: int
    expected: dict[int, float]
    alerts: dict[int, int]


@dataclass(frozen=True)
class Hour:
    """The flights that are due to leave in an hour, on the clock of their origin.

    Attributes:
        start: Its beginning.
        end: Its end.
        count: The flights.
    """

    start: datetime
    end: datetime
    count: Count


def count_flights(rows: Iterable[Row], thresholds: list[int]) -> Count:
    """Count flights.

    Args:
        rows: The flights.
        thresholds: In minutes.

    Returns:
        How many there are, and how many will be late.
    """
    rows = [*rows]
    expected, alerts = dict.fromkeys(thresholds, 0.0), dict.fromkeys(thresholds, 0)
    for risk in (risk for row in rows for risk in row.risks):
        expected[risk.minutes] += risk.probability or 0
        alerts[risk.minutes] += risk.alert
    return Count(len(rows), sum(row.waits for row in rows), expected, alerts)


def count_by_hour(rows: Iterable[Row], thresholds: list[int]) -> list[Hour]:
    """Count flights by the hour of their schedule.

    Args:
        rows: The flights.
        thresholds: In minutes.

    Returns:
        From the first hour to the last one, those without flights among them. The first one has a
        flight that does not wait: some wait for hours, and are cancelled in the end.
    """
    by_hour: dict[datetime, list[Row]] = defaultdict(list)
    for row in rows:
        by_hour[row.due_local.replace(minute=0, second=0)].append(row)
    to_come = [start for start, due in by_hour.items() if not all(row.waits for row in due)]
    if not to_come:
        return []
    first, hour = min(to_come), timedelta(hours=1)
    starts = [first + number * hour for number in range((max(to_come) - first) // hour + 1)]
    return [
        Hour(start, start + hour, count_flights(by_hour.get(start, ()), thresholds))
        for start in starts
    ]
