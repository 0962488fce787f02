"""What is said of a flight is kept every quarter of an hour."""

import pandas as pd

from features.flights import at, make_flight
from flight_delays.serving.facts.events import Cancelled
from serving.boards import make_board

FLIGHTS = [make_flight("10 12:00", delay=None), make_flight("10 10:45", delay=None)]


def list_points(history: pd.DataFrame) -> list[tuple[str, float]]:
    return [(f"{row.prediction_time:%H:%M}", row.late_15) for row in history.itertuples()]


def test_a_point_is_kept_every_quarter_of_an_hour_and_the_newest_answer_is_the_last() -> None:
    """The second flight waits from 10:45 on, which makes a tenth for the other."""
    board = make_board(*FLIGHTS)
    for minute in ("10:00", "10:05", "10:14", "10:15", "10:29", "10:40", "10:50"):
        board.tick(at(f"10 {minute}"))
    assert list_points(board.last.get_history("flight-0")) == [
        ("10:00", 0),
        ("10:15", 0),
        ("10:40", 0),
        ("10:50", 0.1),
    ]
    board.tick(at("10 10:51"))
    assert list_points(board.last.get_history("flight-0"))[-2:] == [("10:40", 0), ("10:51", 0.1)]


def test_the_last_answer_before_a_flight_was_too_near_stands_in_its_history() -> None:
    board = make_board(*FLIGHTS)
    board.tick(at("10 10:00"))
    board.tick(at("10 10:10"))
    board.tick(at("10 10:25"))
    points = list_points(board.last.get_history("flight-1"))
    assert points == [("10:00", 0), ("10:15", 0)]


def test_a_flight_that_is_not_open_has_no_history() -> None:
    board = make_board(*FLIGHTS)
    board.tick(at("10 10:00"))
    board.apply([Cancelled(flight_id="flight-0")])
    board.tick(at("10 10:01"))
    assert board.last.get_history("flight-0").empty
    assert board.last.get_history("nobody's").empty
    assert "flight-0" not in board.last.history.index
    board.apply([Cancelled(flight_id="flight-1")])
    board.tick(at("10 10:15"))
    assert board.last.history.empty


def test_it_goes_on_from_what_boards_before_said() -> None:
    before = pd.DataFrame(
        {"prediction_time": [at("10 09:30")], "late_15": [0.5], "late_60": [0.25]},
        index=["flight-0"],
    )
    board = make_board(*FLIGHTS, history=before)
    board.tick(at("10 10:00"))
    assert list_points(board.last.get_history("flight-0")) == [("09:30", 0.5), ("10:00", 0)]
