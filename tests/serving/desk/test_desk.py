"""What is told counts from the next tick, is there after a restart, and a failure is told."""

import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from features.flights import at, make_flight
from flight_delays.errors import DataError
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore, StoreFullError
from flight_delays.serving.facts.events import Cancelled, Departed
from flight_delays.serving.log.prediction_log import PredictionLog
from serving.boards import make_board

NOW = at("10 10:00")


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: pd.Timestamp = NOW) -> None:
        self.now = now

    def __call__(self) -> pd.Timestamp:
        return self.now


def open_desk(folder: Path, clock: Clock | None = None, board: LiveBoard | None = None) -> Desk:
    flights = [make_flight("10 12:00", delay=None), make_flight("10 12:30", delay=None)]
    return Desk(
        board or make_board(*flights),
        EventStore(folder / "events.db", keep_days=9),
        PredictionLog(folder / "log", keep_days=9),
        clock or Clock(),
    )


def list_open(desk: Desk) -> list[str]:
    return list(desk.board.last.flights.index)


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_what_is_told_counts_from_the_next_tick_on_and_after_a_restart(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.tick(NOW)
    assert desk.tell([Cancelled(flight_id="flight-0")]) == [True]
    assert desk.tell([Cancelled(flight_id="flight-0")]) == [False]
    assert len(list_open(desk)) == 2
    desk.tick(at("10 10:01"))
    assert list_open(desk) == ["flight-1"]
    again = open_desk(tmp_path)
    again.tick(at("10 10:01"))
    assert list_open(again) == ["flight-1"]
    pd.testing.assert_frame_equal(again.board.last.answers, desk.board.last.answers)


def test_of_a_key_the_next_tick_hears_the_highest_revision(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    first, last = (
        Cancelled(flight_id="flight-0", taken_back=back, revision=revision)
        for back, revision in ((False, 1), (True, 2))
    )
    desk.tell([last, first, Cancelled(flight_id="flight-1")])
    assert [*desk._incoming.values()] == [last, Cancelled(flight_id="flight-1")]
    desk.tick(NOW)
    assert list_open(desk) == ["flight-0"]
    assert not desk._incoming


def test_what_could_not_be_kept_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk(tmp_path)

    def refuse(*_: object) -> list[bool]:
        raise StoreFullError

    monkeypatch.setattr(EventStore, "append", refuse)
    with pytest.raises(StoreFullError):
        desk.tell([Cancelled(flight_id="flight-0")])
    desk.tick(NOW)
    assert len(list_open(desk)) == 2


def test_checkpoints_go_into_the_log_and_a_day_that_is_over_is_closed(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.tick(NOW)
    log = PredictionLog(tmp_path / "log", keep_days=9).read()
    assert list(zip(log["flight_id"], log["lead_minutes"], strict=True)) == [("flight-0", 120)]
    assert not list((tmp_path / "log").glob("*.parquet"))
    desk.tick(at("11 00:00"))
    assert [file.name for file in (tmp_path / "log").glob("*.parquet")] == ["2020-03-10.parquet"]


def test_it_ticks_every_whole_minute_but_not_when_the_clock_is_set_back(tmp_path: Path) -> None:
    clock = Clock(at("10 10:00") + pd.Timedelta(seconds=59))
    desk = open_desk(tmp_path, clock)
    desk.start()
    try:
        assert desk.board.last.now == NOW
        clock.now = at("10 10:01")
        wait_for(lambda: desk.board.last.now == at("10 10:01"))
        clock.now = at("10 09:00")
        ticked = desk.board.last
        desk.tell([Departed(flight_id="flight-0", at=at("10 09:30"))])
        time.sleep(0.5)
        assert desk.board.last is ticked
        clock.now = at("10 10:02")
        wait_for(lambda: list_open(desk) == ["flight-1"])
    finally:
        desk.stop()


def test_while_the_prediction_log_is_damaged_answers_are_fresh_and_the_damage_is_told(
    tmp_path: Path,
) -> None:
    """What could not be logged is made up for by the next desk, once the file is in order."""
    clock = Clock()
    desk = open_desk(tmp_path, clock)
    desk.start()
    try:
        whole = (tmp_path / "log" / "open.db").read_bytes()
        (tmp_path / "log" / "open.db").write_bytes(b"no database" * 1000)
        clock.now = at("10 10:30")
        wait_for(lambda: desk.describe()["failure"] == "DataError")
        assert desk.board.last.now == clock.now
    finally:
        desk.stop()
    with pytest.raises(DataError, match="is damaged"):
        open_desk(tmp_path, clock).start()
    (tmp_path / "log" / "open.db").write_bytes(whole)
    flights = [make_flight("10 12:00", delay=None), make_flight("10 12:30", delay=None)]
    until = EventStore(tmp_path / "events.db", keep_days=9).read_last_tick()
    open_desk(tmp_path, clock, make_board(*flights, ticked_until=until)).tick(at("10 10:31"))
    log = PredictionLog(tmp_path / "log", keep_days=9).read()
    assert list(zip(log["flight_id"], log["lead_minutes"], strict=True)) == [
        ("flight-0", 120),
        ("flight-1", 120),
    ]


def test_after_a_tick_that_failed_the_last_answers_stand_and_the_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    desk = open_desk(tmp_path, clock)
    desk.start()
    try:
        with monkeypatch.context() as patch:
            patch.setattr(PredictionLog, "add", lambda *_: 1 / 0)
            clock.now = at("10 10:01")
            wait_for(lambda: desk.describe()["failure"] == "ZeroDivisionError")
            assert len(list_open(desk)) == 2
        clock.now = at("10 10:02") + pd.Timedelta(seconds=6)
        wait_for(lambda: desk.describe()["failure"] is None)
        wait_for(lambda: desk.board.last.now == at("10 10:02"))
        assert desk.describe() == {
            "version": 7,
            "last_tick": at("10 10:02"),
            "last_tick_age_seconds": 6,
            "flights_age_seconds": None,
            "weather_age_seconds": None,
            "open_flights": 2,
            "failure": None,
        }
    finally:
        desk.stop()
