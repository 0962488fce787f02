"""When each event of a flight becomes known, and what it carries."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import RULES, at, make_flight, make_flights
from flight_delays.features.events import OUTCOMES, FlightEvents, Rules, to_minutes
from flight_delays.features.windows import FIXED_POINT, EventLog

Event = tuple[float, ...]  # minutes after noon, values


def tell_events(log: EventLog, *values: str) -> list[Event]:
    """The events of a log on the first day, in minutes after noon, with their values."""
    noon = to_minutes(pd.Series([at("12:00")])).astype(np.int64)
    minutes = noon + np.arange(-720, 1440)
    ends = log.find(np.zeros_like(minutes), minutes)
    rows = np.repeat(np.arange(len(minutes) - 1), np.diff(ends)) + 1
    starts = np.arange(ends[0], ends[-1])
    carried = [log.total(value, starts, starts + 1) / FIXED_POINT for value in values]
    return list(zip((minutes[rows] - noon).tolist(), *(c.tolist() for c in carried), strict=True))


def log_flights(event: str, *flights: dict[str, Any], rules: Rules = RULES) -> EventLog:
    return FlightEvents(make_flights(*flights), rules).log(event, "origin")


# A flight of two hours that is due to leave at noon; 90 minutes of a flight are in the air.
@pytest.mark.parametrize(
    ("event", "flight", "values", "events"),
    [
        ("scheduled", {"delay": None}, [], [(0,)]),
        ("settled", {"delay": 14}, ["late"], [(15, 0)]),
        ("settled", {"delay": 15}, ["late"], [(15, 1)]),
        ("settled", {"delay": None}, ["late"], [(15, 1)]),
        ("departures", {"delay": 20}, ["delay", "minutes_late"], [(20, 20, 20)]),
        ("departures", {"delay": -20}, ["delay", "minutes_late"], [(-20, -15, 0)]),
        ("departures", {"delay": 301}, ["delay", "minutes_late"], [(301, 240, 300)]),
        ("departures", {"delay": 14}, ["late", "early"], [(14, 0, 0)]),
        ("departures", {"delay": 15}, ["late", "early"], [(15, 1, 0)]),
        ("departures", {"delay": -2}, ["late", "early"], [(-2, 0, 0)]),
        ("departures", {"delay": -3}, ["late", "early"], [(-3, 0, 1)]),
        ("departures", {"delay": None}, [], []),
        ("landings", {"arrival_delay": 14}, ["delay", "late"], [(134, 14, 0)]),
        ("landings", {"arrival_delay": 15}, ["delay", "late"], [(135, 15, 1)]),
        # Ten minutes lost on the way; gate to gate 130 minutes, of which 90 in the air.
        ("flown", {"delay": 20, "arrival_delay": 30}, ["added_delay", "taxi"], [(150, 10, 40)]),
        ("landings", {"arrival_delay": None}, [], []),
        # A table may have no air times: it is a landing all the same.
        ("landings", {"arrival_delay": 15, "air_time_minutes": None}, ["delay"], [(135, 15)]),
        ("flown", {"arrival_delay": 15, "air_time_minutes": None}, ["added_delay"], []),
        # Diverted, and at its destination in the end.
        ("landings", {"arrival_delay": 100, "arrival_delay_minutes": None}, [], []),
        ("flown", {"arrival_delay": 100, "arrival_delay_minutes": None}, ["added_delay"], []),
        ("days", {"arrival_delay": 100, "arrival_delay_minutes": None}, [], []),
    ],
)
def test_what_happened(
    event: str, flight: dict[str, Any], values: Sequence[str], events: list[Event]
) -> None:
    assert tell_events(log_flights(event, make_flight("12:00", **flight)), *values) == events


@pytest.mark.parametrize(
    ("state", "flight", "begin", "end"),
    [
        ("waiting", {"delay": 20}, 0, 20),
        ("waiting", {"delay": 0}, None, None),
        ("waiting", {"delay": -5}, None, None),
        ("waiting", {"delay": 299}, 0, 299),
        ("waiting", {"delay": 301}, 0, 300),
        ("waiting", {"delay": None}, 0, 300),
        ("airborne", {"delay": 20, "arrival_delay": 30}, 20, 150),
        ("airborne", {"delay": None}, None, None),
        # Never landed: should have by 12:20 + 2 h, was not heard of for 12 h more.
        ("airborne", {"delay": 20, "arrival_delay": None}, 20, 140 + 720),
        ("airborne", {"delay": -5, "arrival_delay": None}, -5, 120 + 720),
        ("airborne", {"delay": 20, "arrival_delay": 800}, 20, 140 + 720),
        ("overdue", {"delay": 20, "arrival_delay": 30}, 120, 150),
        ("overdue", {"delay": 20, "arrival_delay": 0}, None, None),
        ("overdue", {"delay": 20, "arrival_delay": -5}, None, None),
        ("overdue", {"delay": 125, "arrival_delay": 130}, 125, 250),
        ("overdue", {"delay": 20, "arrival_delay": None}, 120, 140 + 720),
        ("overdue", {"delay": None}, None, None),
    ],
)
def test_states_begin_and_end(
    state: str, flight: dict[str, Any], begin: int | None, end: int | None
) -> None:
    """What an event carries are its own minutes, since 1970."""
    due = make_flight("12:00", **flight)
    noon = int(to_minutes(pd.Series([at("12:00")]))[0])
    expected = [] if begin is None or end is None else [(begin, noon + begin)]
    assert tell_events(log_flights(f"{state}_begin", due), "start") == expected
    expected = [] if begin is None or end is None else [(end, noon + begin, noon + end)]
    assert tell_events(log_flights(f"{state}_end", due), "start", "end") == expected


@pytest.mark.parametrize(
    ("event", "values", "events"),
    [
        ("landings", ["delay"], [(140, 20)]),
        ("flown", ["added_delay"], []),
        ("departures", ["delay"], []),
        ("waiting_begin", [], [(0,)]),
        ("waiting_end", [], [(140,)]),
        ("airborne_begin", [], []),
        ("airborne_end", [], []),
        ("overdue_end", [], []),
        ("days", ["delay"], [(300, 0)]),
    ],
)
@pytest.mark.parametrize("delay", [None, 150], ids=["no departure", "a departure after it"])
def test_a_landing_may_be_known_without_its_departure(
    event: str, values: list[str], events: list[Event], delay: float | None
) -> None:
    """It landed at 14:20: from then on it does not wait; what it lost on the way is unknown."""
    landed = make_flight("12:00", delay=delay, arrival_delay=20)
    assert tell_events(log_flights(event, landed), *values) == events


def test_who_landed_before_it_would_be_late_had_left_in_time() -> None:
    landed = make_flight("12:00", delay=None, arrival_delay=0, block=10)
    assert tell_events(log_flights("settled", landed), "late") == [(15, 0)]


@pytest.mark.parametrize(
    ("event", "rule", "flight", "events"),
    [
        ("settled", {"late_minutes": 30}, {"delay": 20}, [(30, 0)]),
        ("departures", {"late_minutes": 30}, {"delay": 29}, [(29, 0)]),
        ("departures", {"late_minutes": 30}, {"delay": 30}, [(30, 1)]),
        ("landings", {"late_minutes": 30}, {"arrival_delay": 29}, [(149, 0)]),
        ("landings", {"late_minutes": 30}, {"arrival_delay": 30}, [(150, 1)]),
        ("waiting_end", {"given_up_minutes": 60}, {"delay": None}, [(60,)]),
        ("airborne_end", {"lost_minutes": 60}, {"arrival_delay": None}, [(180,)]),
    ],
)
def test_the_rules_say_what_is_late_given_up_and_lost(
    event: str, rule: dict[str, int], flight: dict[str, Any], events: list[Event]
) -> None:
    log = log_flights(event, make_flight("12:00", **flight), rules=RULES._replace(**rule))
    values = ["late"] if "late_minutes" in rule else []
    assert tell_events(log, *values) == events


def test_outcomes_without_a_column_are_not_known() -> None:
    timetable = make_flights(make_flight("12:00")).drop(columns=[*OUTCOMES])
    layer = FlightEvents(timetable, RULES)
    assert tell_events(layer.log("scheduled")) == [(0,)]
    assert tell_events(layer.log("waiting_end")) == [(300,)]
    assert tell_events(layer.log("departures")) == tell_events(layer.log("landings")) == []


def test_a_log_is_made_once() -> None:
    layer = FlightEvents(make_flights(make_flight("12:00")), RULES)
    assert layer.log("departures", "origin") is layer.log("departures", "origin")
    assert layer.log("departures", "carrier") is not layer.log("departures", "origin")


def test_the_order_that_flights_come_in_makes_no_difference() -> None:
    flights = make_flights(make_flight("12:00"), make_flight("11:00"), make_flight("12:00"))
    expected = ["flight-1", "flight-0", "flight-2"]
    for table in (flights, flights.iloc[::-1]):
        assert FlightEvents(table, RULES).table["flight_id"].tolist() == expected


def test_a_day_is_closed_three_hours_after_its_last_scheduled_arrival() -> None:
    """Due at 14:00 and 16:00: closed at 19:00, with the two on average 25 minutes late."""
    log = log_flights(
        "days",
        make_flight("12:00", arrival_delay=10),
        make_flight("14:00", arrival_delay=40),
        make_flight("12:00", arrival_delay=250, origin="EWR"),
    )
    assert tell_events(log, "delay", "late") == [(420, -15, -0.5), (420, 15, 0.5)]


def test_of_a_day_too_the_rules_say_who_is_late() -> None:
    """One lacks a minute to be late."""
    flights = (make_flight("12:00", arrival_delay=delay) for delay in (14, 15))
    assert tell_events(log_flights("days", *flights), "late") == [(300, -0.5), (300, 0.5)]


@pytest.mark.parametrize(
    ("arrival_delay", "deviations"),
    [
        (180, [-90, 90]),
        (181, [0]),
        (None, [0]),
        (-90, [30, -30]),
    ],
    ids=["lands as the day closes", "a minute later", "never", "outliers are clipped to -60"],
)
def test_a_day_counts_who_landed_until_it_closed(
    arrival_delay: float | None, deviations: list[float]
) -> None:
    other = make_flight("14:00", arrival_delay=arrival_delay)
    log = log_flights("days", make_flight("14:00"), other)
    assert tell_events(log, "delay") == [(420, deviation) for deviation in deviations]


def test_each_origin_and_each_local_date_is_a_day_of_its_own() -> None:
    """The last of the first date leaves after midnight UTC: due 02:00, closed at 05:00."""
    date = make_flight("12:00")["flight_date"]
    log = log_flights(
        "days",
        make_flight("12:00", arrival_delay=10),
        make_flight("2 00:00", arrival_delay=30, flight_date=date),
        make_flight("2 00:00", arrival_delay=0),
        make_flight("12:00", arrival_delay=100, origin="EWR"),
    )
    same_hour = 17 * 60
    assert tell_events(log, "delay") == [(same_hour, -10), (same_hour, 10), (same_hour, 0)]


def test_minutes_since_1970() -> None:
    times = pd.Series(pd.to_datetime(["1970-01-01 01:01", None], utc=True))
    np.testing.assert_array_equal(to_minutes(times), [61, np.nan])
