"""A desk that is killed again and again answers as one that never was."""

import multiprocessing
import time
from collections import defaultdict
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest

from features.flights import at, make_flight
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.events import Cancelled, Departed, Landed, Reported, Told
from flight_delays.serving.log.prediction_log import PredictionLog
from serving.boards import make_board

START, MINUTE = at("10 10:00"), pd.Timedelta(minutes=1)
DUE = [START + 2 * MINUTE * number for number in range(400)]


def list_happenings() -> dict[pd.Timestamp, list[Told]]:
    """List what happens, by the minute at which it happens and is told."""
    random, happenings = Random(7), defaultdict(list)  # noqa: S311
    for number, due in enumerate(DUE):
        flight, left = f"flight-{number}", due + random.randrange(60) * MINUTE
        landed = left + 120 * MINUTE
        if random.random() < 0.1:
            happenings[due - 20 * MINUTE].append(Cancelled(flight_id=flight))
        else:
            happenings[left].append(Departed(flight_id=flight, at=left))
            happenings[landed].append(Landed(flight_id=flight, at=landed))
    for hour in range(24):
        known, miles = START + (60 * hour + 60) * MINUTE, random.randrange(10)
        happenings[known].append(
            Reported(
                origin="JFK",
                observed_at=known - 60 * MINUTE,
                readings={"visibility_miles": miles},
            )
        )
    return happenings


HAPPENINGS = list_happenings()


def make_day() -> LiveBoard:
    return make_board(*[make_flight(due, delay=None) for due in DUE])


def open_desk(folder: Path) -> Desk:
    store, log = (
        EventStore(folder / "events.db", keep_days=9),
        PredictionLog(folder / "log", keep_days=9),
    )
    until = store.read_last_tick()
    board = make_board(*[make_flight(due, delay=None) for due in DUE], ticked_until=until)
    return Desk(board, store, log, lambda: START)


def go_on(folder: Path, told: Connection) -> None:
    """Tell and tick, from the minute at which the last one was killed; each event comes twice."""
    desk = open_desk(folder)
    until = EventStore(folder / "events.db", keep_days=9).read_last_tick()
    now = until + MINUTE if until is not None else START
    while True:
        desk.tell([*HAPPENINGS[now - MINUTE], *HAPPENINGS[now]])
        told.send(now)
        desk.tick(now)
        now += MINUTE


@pytest.mark.slow
def test_killed_fifty_times_while_events_come_in_it_answers_as_if_it_never_was(
    tmp_path: Path,
) -> None:
    random, acknowledged = Random(7), START  # noqa: S311
    processes: Any = multiprocessing.get_context("fork")
    for _ in range(50):
        told, tells = processes.Pipe(duplex=False)
        process = processes.Process(target=go_on, args=(tmp_path, tells))
        process.start()
        tells.close()
        for _ in range(random.randrange(1, 5)):
            acknowledged = told.recv()
        time.sleep(random.uniform(0, 0.3))
        process.kill()
        process.join()
        while told.poll():
            try:
                acknowledged = told.recv()
            except EOFError:
                break
    assert acknowledged > START + 60 * MINUTE
    stored = EventStore(tmp_path / "events.db", keep_days=9).read()
    happened = [
        event for minute in sorted(HAPPENINGS) for event in HAPPENINGS[minute] if minute >= START
    ]
    assert stored == happened[: len(stored)]
    until_then = [minute for minute in HAPPENINGS if START <= minute <= acknowledged]
    assert len(stored) >= sum(len(HAPPENINGS[minute]) for minute in until_then)

    now = acknowledged + MINUTE
    desk = open_desk(tmp_path)
    desk.tell(HAPPENINGS[now])
    desk.tick(now)
    never_killed, log = make_day(), []
    for minute in pd.date_range(START, now, freq="min", unit="us"):
        never_killed.apply(HAPPENINGS[minute])
        log.append(never_killed.tick(minute))
    for part in ("flights", "answers", "features"):
        given, expected = (getattr(each.last, part) for each in (desk.board, never_killed))
        pd.testing.assert_frame_equal(
            given.sort_index(), expected.sort_index(), check_exact=True, obj=part
        )
    assert {*never_killed.last.flights["state"]} == {"asked", "near", "waiting"}
    logged, expected = PredictionLog(tmp_path / "log", keep_days=9).read(), pd.concat(log)
    key = ["prediction_time", "flight_id"]
    pd.testing.assert_frame_equal(
        logged,
        expected.sort_values(key, ignore_index=True)[logged.columns],
        check_exact=True,
        check_dtype=False,
    )
