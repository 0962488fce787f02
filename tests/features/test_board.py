"""When each event of a flight becomes known, and what it carries."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import ask, at, make_board, make_flight, make_flights
from flight_delays.features.board import Board, to_minutes
from flight_delays.features.windows import EventLog

Event = tuple[float, ...]  # minutes after noon, values


def tell_events(log: EventLog, *values: str) -> list[Event]:
    """The events of a log on the first day, in minutes after noon, with their values."""
    noon = to_minutes(pd.Series([at("12:00")])).astype(np.int64)
    minutes = noon + np.arange(-720, 1440)
    ends = log.find(np.zeros_like(minutes), minutes)
    rows = np.repeat(np.arange(len(minutes) - 1), np.diff(ends)) + 1
    starts = np.arange(ends[0], ends[-1])
    carried = [log.total(value, starts, starts + 1) for value in values]
    return list(zip((minutes[rows] - noon).tolist(), *(c.tolist() for c in carried), strict=True))


def log_flights(log: str, *flights: dict[str, Any]) -> EventLog:
    table = make_flights(*flights)
    board = Board(ask(table), table)
    made: EventLog = getattr(board, f"log_{log}")(board.encode("origin"))
    return made


# A flight of two hours that is due to leave at noon; 90 minutes of a flight are in the air.
@pytest.mark.parametrize(
    ("log", "flight", "values", "events"),
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
        ("landings", {"delay": 20, "arrival_delay": 30}, ["added_delay", "taxi"], [(150, 10, 40)]),
        ("landings", {"arrival_delay": None}, [], []),
        ("landings", {"arrival_delay": 300, "air_time_minutes": None}, [], []),
    ],
)
def test_what_happened(
    log: str, flight: dict[str, Any], values: Sequence[str], events: list[Event]
) -> None:
    assert tell_events(log_flights(log, make_flight("12:00", **flight)), *values) == events


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
    """What an event carries are its own minutes since the first departure in the schedule."""
    flights = make_flight("12:00", **flight), make_flight("11:00", origin="EWR")
    first = 60
    expected = [] if begin is None or end is None else [(begin, first + begin)]
    assert tell_events(log_flights(f"{state}_begin", *flights), "start") == expected
    expected = [] if begin is None or end is None else [(end, first + begin, first + end)]
    assert tell_events(log_flights(f"{state}_end", *flights), "start", "end") == expected


def test_a_day_is_closed_three_hours_after_its_last_scheduled_arrival() -> None:
    """Due at 14:00 and 16:00: closed at 19:00, with the two on average 25 minutes late."""
    log = log_flights(
        "days",
        make_flight("12:00", arrival_delay=10),
        make_flight("14:00", arrival_delay=40),
        make_flight("12:00", arrival_delay=250, origin="EWR"),
    )
    assert tell_events(log, "delay", "late") == [(420, -15, -0.5), (420, 15, 0.5)]


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


@pytest.mark.parametrize(
    ("bearing", "sector"), [(0, 0), (22.4, 0), (22.5, 1), (180, 4), (337.4, 7), (337.5, 0)]
)
def test_sectors_are_centred_on_north(bearing: float, sector: int) -> None:
    assert make_board(destination_bearing_degrees=bearing).table["sector"].item() == sector


@pytest.mark.parametrize(("miles", "is_long"), [(1000, False), (1001, True)])
def test_long_haul_begins_over_1000_miles(miles: float, is_long: bool) -> None:
    assert make_board(distance_miles=miles).table["long_haul"].item() == is_long


@pytest.mark.parametrize(
    ("columns", "codes"),
    [
        ([], [0, 0, 0]),
        (["tail_number"], [0, -1, 0]),
        (["tail_number", "origin"], [0, -1, 1]),
        (["origin", "tail_number"], [0, -1, 1]),
    ],
)
def test_entities_are_numbered_and_missing_names_are_none(
    columns: list[str], codes: list[int]
) -> None:
    board = make_board(
        make_flight("8:00"), make_flight("8:00", tail_number="N1", origin="EWR"), tail_number="N1"
    )
    assert board.encode(*columns).tolist() == codes


def test_flights_not_known_yet_join_those_that_are() -> None:
    flights = make_flights(*(make_flight(f"{hour}:00") for hour in (8, 9, 10)))
    asked = ask(flights.iloc[[2, 0]])
    board = Board(asked, flights.iloc[:2])
    assert board.table["flight_id"].tolist() == ["flight-0", "flight-1", "flight-2"]
    assert board.asked.tolist() == [2, 0]
    # What came of a flight is taken from what is known alone.
    assert np.isnan(board.departure).tolist() == [False, False, True]


def test_minutes_since_1970() -> None:
    times = pd.Series(pd.to_datetime(["1970-01-01 01:01", None], utc=True))
    np.testing.assert_array_equal(to_minutes(times), [61, np.nan])
