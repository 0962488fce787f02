"""Who is open, what is said of each, and what is kept for the prediction log."""

from typing import Any

import pandas as pd
import pytest

from features.flights import at, make_flight
from flight_delays.serving.facts.events import Cancelled, Departed, Landed
from serving.boards import FEATURES, make_board, make_scheduled

NOW = at("10 10:00")
GONE = {"delay": 0, "arrival_delay": None}
# Names by what is to be told of them at ten.
OPEN: dict[str, dict[str, Any]] = {
    "asked": make_flight("10 12:00", delay=None),
    "asked at the shortest lead": make_flight("10 10:30", delay=None),
    "asked at the longest lead": make_flight("10 18:00", delay=None),
    "near": make_flight("10 10:29", delay=None),
    "waiting": make_flight("10 09:30", delay=None),
    "waiting since now": make_flight("10 10:00", delay=None),
}
OTHERS: dict[str, dict[str, Any]] = {
    "left": make_flight("10 09:00", **GONE),
    "left early": make_flight("10 11:00", delay=-60, arrival_delay=None),
    "landed, nobody saw it leave": make_flight("10 07:30", delay=None, arrival_delay=0),
    "given up": make_flight("10 05:00", delay=None),
    "further than the horizon": make_flight("10 18:01", delay=None),
}
STATES = {
    "asked": "asked",
    "asked at the shortest lead": "asked",
    "asked at the longest lead": "asked",
    "near": "near",
    "waiting": "waiting",
    "waiting since now": "waiting",
}


def name(number: int) -> str:
    return [*OPEN, *OTHERS][number]


def find(wanted: str) -> str:
    return f"flight-{[*OPEN, *OTHERS].index(wanted)}"


def make_day(**options: Any) -> Any:
    return make_board(*OPEN.values(), *OTHERS.values(), **options)


def test_who_has_left_or_landed_or_is_given_up_or_further_is_not_open() -> None:
    board = make_day()
    board.tick(NOW)
    flights = board.last.flights
    told = {name(int(flight_id[7:])): state for flight_id, state in flights["state"].items()}
    assert told == STATES
    for other in OTHERS:
        assert board.get(find(other)) is None
        assert board.explain(find(other)) is None


def test_beyond_what_the_version_has_learnt_a_flight_is_far_and_not_asked_about() -> None:
    board = make_day(horizon_minutes=481)
    board.tick(NOW)
    far = board.get(find("further than the horizon"))
    assert far is not None
    assert far["state"] == "far"
    assert "late_15" not in far


def test_an_answer_has_its_probabilities_decision_version_age_and_condition() -> None:
    """Two flights wait at ten, one of them since then: two tenths."""
    board = make_day()
    board.tick(NOW)
    answer = board.get(find("asked"))
    assert answer is not None
    expected = {
        "origin": "JFK",
        "state": "asked",
        "prediction_time": NOW,
        "lead_minutes": 120,
        "late_15": 0.2,
        "late_60": 0.1,
        "alert_15": False,
        "version": 7,
        "age_minutes": 0,
        "condition": "if the flight operates",
    }
    assert {key: answer[key] for key in expected} == expected


def test_one_past_its_schedule_shows_its_wait_and_no_probability() -> None:
    board = make_day()
    board.tick(NOW)
    waiting = board.get(find("waiting"))
    assert waiting is not None
    assert waiting["waited_minutes"] == 30
    assert "late_15" not in waiting
    assert board.explain(find("waiting")) is None


def test_every_tick_answers_anew_until_the_flight_is_due() -> None:
    """At 10:45 one waits, at 11:05 two; the flight itself is due at 11:35."""
    board = make_board(
        make_flight("10 11:35", delay=None),
        make_flight("10 10:40", delay=None),
        make_flight("10 11:00", delay=None),
    )
    told = []
    for clock in ("10 10:45", "10 11:05", "10 11:34", "10 11:35"):
        board.tick(at(clock))
        answer = board.get("flight-0")
        assert answer is not None
        told.append((answer["state"], answer.get("late_15")))
    assert told == [("asked", 0.1), ("asked", 0.2), ("near", 0.2), ("waiting", None)]


def test_one_nearer_than_the_shortest_lead_keeps_its_last_answer() -> None:
    """At 11:25 another two wait, which the flight of 11:30 does not hear of any more."""
    board = make_board(
        make_flight("10 11:30", delay=None),
        make_flight("10 10:50", delay=None),
        make_flight("10 11:20", delay=None),
        make_flight("10 11:21", delay=None),
    )
    for clock in ("10 11:00", "10 11:01", "10 11:25"):
        board.tick(at(clock))
    answer = board.get("flight-0")
    assert answer is not None
    told = (answer["state"], answer["late_15"], answer["age_minutes"], answer["lead_minutes"])
    assert told == ("near", 0.1, 25, 30)


def test_a_fresh_board_asks_about_near_flights_at_the_last_lead_that_it_can() -> None:
    board = make_day()
    board.tick(NOW)
    answer = board.get(find("near"))
    assert answer is not None
    assert (answer["lead_minutes"], answer["age_minutes"]) == (30, 1)


def list_checkpoints(log: pd.DataFrame) -> list[tuple[str, str, int]]:
    return [
        (row.flight_id, f"{row.prediction_time:%H:%M}", row.lead_minutes)
        for row in log.itertuples()
    ]


def test_at_a_checkpoint_an_answer_is_kept_with_its_features() -> None:
    board = make_board(make_flight("10 12:00", delay=None), make_flight("10 13:00", delay=None))
    assert list_checkpoints(board.tick(at("10 09:59"))) == []
    log = board.tick(NOW)
    assert list_checkpoints(log) == [("flight-0", "10:00", 120)]
    assert {*FEATURES, "late_15", "late_60", "alert_15", "alert_60", "version"} <= {*log.columns}
    assert not log.columns.duplicated().any()
    assert list_checkpoints(board.tick(at("10 10:01"))) == []


def test_checkpoints_missed_while_it_was_down_are_asked_about_at_their_own_time() -> None:
    """Down from 10:10 to 11:10. At 10:30 nobody waits yet, at 11:00 the flight of 10:45 does.

    The last flight left in the minute of its checkpoint, so it is not asked about.
    """
    flights = [
        make_flight("10 12:00", delay=None),
        make_flight("10 12:30", delay=None),
        make_flight("10 10:45", delay=None),
        make_flight("10 12:10", delay=None),
        make_flight("10 12:20", delay=None, actual_departure=at("10 10:20")),
    ]
    board = make_board(*flights, ticked_until=at("10 10:10"))
    log = board.tick(at("10 11:10"))
    assert (
        sorted(list_checkpoints(log))
        == [
            ("flight-0", "11:00", 60),
            ("flight-1", "10:30", 120),
            ("flight-2", "10:15", 30),
            ("flight-3", "11:10", 60),
            ("flight-4", "10:20", 120),
        ][:4]
    )
    assert list(log.set_index("flight_id")["late_15"].loc[["flight-0", "flight-1"]]) == [0.1, 0.0]
    newest = board.get("flight-1")
    assert newest is not None
    assert (newest["prediction_time"], newest["late_15"]) == (at("10 11:10"), 0.1)


def test_without_a_last_tick_it_goes_back_by_the_shortest_lead() -> None:
    board = make_board(make_flight("10 12:00", delay=None), make_flight("10 11:59", delay=None))
    assert list_checkpoints(board.tick(at("10 10:30"))) == []
    board = make_board(make_flight("10 12:00", delay=None), make_flight("10 11:59", delay=None))
    assert list_checkpoints(board.tick(at("10 10:29"))) == [("flight-0", "10:00", 120)]


def test_a_checkpoint_beyond_the_horizon_is_kept_all_the_same() -> None:
    board = make_board(make_flight("10 12:00", delay=None), horizon_minutes=60)
    assert list_checkpoints(board.tick(NOW)) == [("flight-0", "10:00", 120)]


def test_a_checkpoint_that_the_version_has_not_learnt_is_not_asked_about() -> None:
    board = make_board(make_flight("10 18:01", delay=None), checkpoints_minutes=[481, 20])
    assert len(board.tick(NOW)) == 0


def test_a_departure_a_landing_and_a_cancellation_close_a_flight() -> None:
    board = make_board(*[make_flight("10 12:00", delay=None)] * 5)
    board.tick(at("10 09:58"))
    assert len(board.last.flights) == 5
    board.apply(
        [
            Departed(flight_id="flight-0", at=at("10 09:59")),
            Landed(flight_id="flight-1", at=at("10 09:59")),
            Cancelled(flight_id="flight-2"),
            Cancelled(flight_id="flight-4"),
        ]
    )
    assert len(board.last.flights) == 5  # they count from the next tick on
    board.tick(at("10 09:59"))
    assert list(board.last.flights.index) == ["flight-3"]
    board.apply([Cancelled(flight_id="flight-2", taken_back=True, revision=1)])
    log = board.tick(NOW)
    assert list(log["flight_id"]) == ["flight-2", "flight-3"]


def test_who_leaves_in_a_minute_to_come_is_still_open() -> None:
    board = make_board(make_flight("10 12:00", delay=None))
    board.apply([Departed(flight_id="flight-0", at=at("10 10:01"))])
    board.tick(NOW)
    assert list(board.last.flights.index) == ["flight-0"]


def test_a_cancelled_flight_counts_as_waiting_as_it_did_in_training() -> None:
    board = make_day()
    board.apply([Cancelled(flight_id=find("waiting"))])
    board.tick(NOW)
    answer = board.get(find("asked"))
    assert answer is not None
    assert answer["late_15"] == 0.2
    assert board.get(find("waiting")) is None


def test_a_new_departure_time_moves_the_flight() -> None:
    named = "2020-03-10_AA_1_JFK"
    board = make_board(make_flight("10 12:00", delay=None, flight_id=named))
    board.apply([make_scheduled("10 13:00")])
    board.tick(NOW)
    answer = board.get(named)
    assert answer is not None
    assert answer["lead_minutes"] == 180


def test_a_new_flight_of_the_timetable_is_asked_about_from_the_next_tick_on() -> None:
    board = make_board(make_flight("10 12:00", delay=None))
    board.tick(at("10 09:59"))
    board.apply([new := make_scheduled("10 13:00", flight_number=9)])
    board.tick(NOW)
    assert list(board.last.flights.index) == ["flight-0", new.flight_id]


def test_a_snapshot_stays_as_it_was_while_the_next_is_made() -> None:
    board = make_day()
    with pytest.raises(LookupError, match="not ticked yet"):
        board.get(find("asked"))
    board.tick(NOW)
    before = board.last
    answers = before.answers.copy()
    board.tick(at("10 10:01"))
    assert board.last is not before
    pd.testing.assert_frame_equal(before.answers, answers)


def test_the_reasons_of_an_answer_add_up_to_it() -> None:
    board = make_day()
    board.tick(NOW)
    told = board.explain(find("asked"))
    assert told is not None
    parts = [value for column, value in told.items() if column.startswith("from_")]
    assert told["ordinary_probability"] + sum(parts) == pytest.approx(0.2)
    assert told["reasons"].startswith("+0.20 2 flights from JFK waiting past schedule")
