"""Each answer is explained once, and those with an alert before anybody asks."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.flights import at, make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.board import snapshot
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.desk.desk import Desk
from serving.boards import make_board
from serving.desk.test_desk import NOW, Clock, open_desk, wait_for

WAITING = [make_flight(f"10 09:{minute}", delay=None) for minute in (10, 20, 30, 40)]
"""Four flights wait at JFK: the others of there have four tenths, and an alert."""
LATER = [
    make_flight("10 12:00", delay=None),
    make_flight("10 12:10", delay=None, origin="EWR"),
    make_flight("10 12:20", delay=None),
    make_flight("10 12:30", delay=None),
]


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The flights of each call of `ServedModel.explain`."""
    calls, explain = [], ServedModel.explain

    def note(self: ServedModel, questions: Any, features: Any) -> Any:
        calls.append([*questions.index])
        return explain(self, questions, features)

    monkeypatch.setattr(ServedModel, "explain", note)
    return calls


def tick(folder: Path, clock: Clock | None = None) -> Desk:
    desk = open_desk(folder, clock, make_board(*WAITING, *LATER))
    desk.tick(NOW)
    return desk


def test_an_answer_is_explained_once(tmp_path: Path, explained: list[list[str]]) -> None:
    last = tick(tmp_path).board.last
    assert last.recall_explanation("flight-4") is None
    told = last.explain("flight-4")
    assert told is not None
    assert last.explain("flight-4") is last.recall_explanation("flight-4") is told
    assert explained == [["flight-4"]]
    assert last.explain("flight-0") is None  # it waits
    assert last.explain("none") is None


def test_alerts_are_explained_some_at_a_time_as_each_would_be_alone(
    tmp_path: Path, explained: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "BATCH", 2)
    desk = tick(tmp_path)
    last = desk.board.last
    assert [*last.explain_alerts()] == [2, 1]
    assert sorted(chain(*explained)) == ["flight-4", "flight-6", "flight-7"]
    together = {name: last.recall_explanation(name) for name in ("flight-4", "flight-6")}
    desk.tick(at("10 10:01"))
    assert desk.board.last.recall_explanation("flight-4") is None
    again = tick(tmp_path / "again").board.last
    for name, told in together.items():
        alone = again.explain(name)
        assert told
        assert alone
        # Of what does nothing the order is left to rounding.
        first, other = (each.pop("reasons").split("; ")[0] for each in (told, alone))
        assert first == other
        assert told == pytest.approx(alone)


def test_at_work_the_alerts_are_explained_after_each_tick(tmp_path: Path) -> None:
    clock = Clock()
    desk = open_desk(tmp_path, clock, make_board(*WAITING, *LATER))
    client = TestClient(create_app(desk, None))
    desk.start()
    try:
        for minute in (0, 1):
            clock.now = at(f"10 10:0{minute}")
            wait_for(lambda: desk.board.last.recall_explanation("flight-7"))
        told = client.get("/flights/flight-7").json()
        assert told["explanation"]["reasons"][0].startswith("+0.40 4 flights from JFK waiting")
        assert client.get("/flights/flight-5").json()["explanation"] is None
    finally:
        desk.stop()


def test_the_next_tick_does_not_wait_for_explanations(
    tmp_path: Path, explained: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "BATCH", 1)
    clock = Clock()
    desk = tick(tmp_path, clock)
    clock.now = at("10 10:01")
    desk._explain_alerts()
    assert len(explained) == 1


def test_that_some_cannot_be_explained_is_logged_and_stops_no_tick(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(ServedModel, "explain", lambda *_: 1 / 0)
    desk = tick(tmp_path)
    desk._explain_alerts()
    desk._explain_alerts()
    assert len(caplog.records) == 1
    desk.tick(at("10 10:01"))
    assert desk.describe()["failure"] is None
