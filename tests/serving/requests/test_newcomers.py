"""Of a flight in no timetable is said what the board would say, were it in it, to the bit."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.flights import PARAMETERS, at, cut, make_flight, make_flights, make_weather
from features.test_time_travel import AS_DRAWN, NOW, Tables, tables
from flight_delays.registry.feature_definition import define_features
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.replay.past_events import list_timetable
from flight_delays.serving.requests.newcomers import answer_newcomers, check_newcomers
from serving.boards import make_board, make_directory, make_scheduled, make_served_model
from serving.facts.test_facts import name_flights
from tables import make_target

ALL_FEATURES = replace(
    make_served_model(), definition=define_features(PARAMETERS, make_target(15, 60))
)


def assert_equal_to_the_board(
    known: pd.DataFrame, weather: pd.DataFrame, new: pd.DataFrame, now: pd.Timestamp
) -> None:
    told = list_timetable(new)
    boards = [
        LiveBoard(*cut(known, weather, now), make_directory(), ALL_FEATURES, 480, [])
        for _ in range(2)
    ]
    boards[0].apply(told)
    for board in boards:
        board.tick(now)
    last = boards[0].last
    answered = answer_newcomers(dict(enumerate(told)), boards[1].grounds, boards[1].directory)
    ids = answered.answers["flight_id"]
    for given_, expected in zip(answered, (last.answers, last.features), strict=True):
        pd.testing.assert_frame_equal(
            given_, expected.loc[ids].set_axis(given_.index), check_exact=True
        )


@settings(max_examples=3, phases=AS_DRAWN)
@given(facts=tables(), part=st.integers(1, 3))
def test_the_answers_are_those_of_a_board_that_was_told_of_the_flights(
    facts: Tables, part: int
) -> None:
    flights, weather = name_flights(facts[0]), facts[1]
    to_come = flights["scheduled_departure"] >= NOW + pd.Timedelta(minutes=30)
    is_new = to_come & ((to_come.cumsum() - 1) % part == 0)
    assert_equal_to_the_board(flights[~is_new], weather, flights[is_new], NOW)


def test_one_that_opens_a_closed_day_again_is_answered_as_the_board_would() -> None:
    """All are in at 04:00 UTC, so at 13:00 the day is closed, and counts. Unless one is to come."""
    known = name_flights(
        make_flights(
            make_flight("9 00:00", block=60, arrival_delay=50),
            make_flight("9 00:10", block=50, arrival_delay=0, destination="LAX"),
        )
    )
    new = make_flights(make_flight("9 14:00", delay=None, flight_number=5))
    new = new.assign(flight_id="2020-03-09_AA_5_JFK")
    assert_equal_to_the_board(known, make_weather(), new, at("9 13:00"))
    board = make_board(make_flight("9 00:00", block=60))
    for clock, closed in (("9 03:59", 0), ("9 04:00", 1)):
        board.tick(at(clock))
        assert len(board.grounds.closed_days) == closed


def test_flights_of_one_request_count_in_the_timetable_of_each_other() -> None:
    """The second leaves JFK half an hour after the first, and the third is the first's aircraft."""
    known = name_flights(make_flights(make_flight("10 09:00", delay=0, carrier="DL")))
    new = name_flights(
        make_flights(
            make_flight("10 12:00", delay=None, tail_number="N7"),
            make_flight("10 12:30", delay=None, carrier="UA"),
            make_flight("10 16:00", delay=None, tail_number="N7", origin="EWR"),
        )
    )
    assert_equal_to_the_board(known, make_weather(), new, at("10 10:00"))


BOARD = make_board(make_flight("10 12:00", delay=None, flight_id="2020-03-10_AA_1_JFK"))
BOARD.tick(at("10 10:00"))


def find_faults(*flights: Any) -> dict[int, str | None]:
    found = check_newcomers(dict(enumerate(flights)), BOARD.grounds, BOARD.directory)
    return {number: fault.field for number, fault in found.items()}


@pytest.mark.parametrize(
    ("scheduled", "changes", "faults"),
    [
        ("10 10:30", {}, {}),
        ("10 18:00", {}, {}),
        ("10 10:29", {}, {0: "scheduled_departure"}),
        ("10 18:01", {}, {0: "scheduled_departure"}),
        ("10 10:00", {}, {0: "scheduled_departure"}),
        ("10 12:00", {"origin": "XXX"}, {0: "origin"}),
        ("10 12:00", {"flight_number": 1}, {0: None}),
    ],
)
def test_one_that_cannot_be_asked_about_is_refused(
    scheduled: str, changes: dict[str, Any], faults: dict[int, str | None]
) -> None:
    assert find_faults(make_scheduled(scheduled, **{"flight_number": 9} | changes)) == faults


def test_the_same_flight_is_asked_about_once() -> None:
    late, first, again = (
        make_scheduled(scheduled, flight_number=9)
        for scheduled in ("10 20:00", "10 13:00", "10 14:00")
    )
    assert find_faults(late, first, again) == {0: "scheduled_departure", 2: None}


@pytest.mark.parametrize(
    ("scheduled", "reason"),
    [
        ("10 09:00", "It is past: the last tick was at 2020-03-10T10:00Z."),
        ("10 19:00", "It is 540 minutes away; version 7 has learnt to look 30 to 480 minutes"),
        ("10 12:00", "2020-03-10_AA_1_JFK is in the timetable: look it up at /flights."),
    ],
)
def test_the_reason_is_told(scheduled: str, reason: str) -> None:
    number = 1 if "timetable" in reason else 9
    flights = {0: make_scheduled(scheduled, flight_number=number)}
    fault = check_newcomers(flights, BOARD.grounds, BOARD.directory)[0]
    assert fault.reason.startswith(reason)


def test_only_reports_that_a_question_may_look_at_are_looked_at() -> None:
    """Visibility alone, the latest, six hours old at most and known an hour after its label."""
    hours = [{"observed_at": at(f"10 {hour:02}:00"), "visibility_miles": 1} for hour in range(10)]
    board = make_board(make_flight("10 12:00", delay=None), weather=make_weather(*hours))
    board.tick(at("10 10:00"))
    assert list(board.grounds.recent_weather["observed_at"].dt.hour) == [3, 4, 5, 6, 7, 8, 9]


def test_before_the_first_tick_nothing_can_be_asked() -> None:
    with pytest.raises(LookupError, match="not ticked yet"):
        _ = make_board(make_flight("10 12:00")).grounds
