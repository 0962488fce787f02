"""How many flights are due in an hour, and how many of them are likely to be late."""

from datetime import datetime

import pytest

from flight_delays.serving.page.glance import count_by_hour, count_flights
from flight_delays.serving.page.rows import list_rows
from serving.page.snapshots import NAMES, make_last, make_said

ROWS = list_rows(
    make_last(
        make_said("10 12:05", late=(0.5, 0.25), alerts=(True, False)),
        make_said("10 12:59", late=(0.75, 0.5), alerts=(True, True)),
        make_said("10 15:00"),
        make_said("10 12:00", late=None, state="far"),
        make_said("10 09:59", late=None, state="waiting", waited=1),
    ),
    NAMES,
)


def test_the_likely_late_are_the_sum_of_the_probabilities() -> None:
    count = count_flights(ROWS, [15, 60])
    assert (count.flights, count.waiting) == (5, 1)
    assert count.expected == pytest.approx({15: 1.45, 60: 0.85})
    assert count.alerts == {15: 2, 60: 1}


def test_hours_are_those_of_the_clock_and_none_is_left_out() -> None:
    """At JFK it is six when it is ten in UTC; nothing leaves at nine and ten."""
    hours = count_by_hour(ROWS, [15, 60])
    assert [f"{hour.start:%H}-{hour.end:%H}" for hour in hours] == [
        "08-09",
        "09-10",
        "10-11",
        "11-12",
    ]
    assert [hour.count.flights for hour in hours] == [3, 0, 0, 1]
    assert hours[0].count.expected == pytest.approx({15: 1.25, 60: 0.75})
    assert hours[0].start == datetime(2020, 3, 10, 8)


def test_who_waits_since_an_hour_gone_by_has_no_hour_here() -> None:
    waits = make_said("10 09:59", late=None, state="waiting", waited=1)
    rows = list_rows(make_last(waits, make_said("10 09:00"), waits), NAMES)
    assert [(hour.count.flights, hour.count.waiting) for hour in count_by_hour(rows, [15, 60])] == [
        (3, 2)
    ]
    assert count_by_hour(rows[1:], [15, 60]) == []


def test_without_flights_there_are_no_hours() -> None:
    assert count_by_hour([], [15]) == []
    assert count_flights([], [15]).expected == {15: 0}
