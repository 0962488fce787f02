"""A version that is taken up says what a board says that began with it; nothing else changes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import at, make_flight
from flight_delays.registry.feature_definition import define_features
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.events import Cancelled, Departed
from flight_delays.serving.log.prediction_log import PredictionLog
from serving.boards import FEW, SaysWaiting, make_board, make_served_model
from serving.desk.test_desk import Clock
from serving.registries import Registry, make_contender
from tables import make_target

NOW = at("10 10:00")
FLIGHTS = [
    make_flight("10 12:00", delay=None),
    make_flight("10 10:20", delay=None),  # near
    make_flight("10 10:40", delay=None),  # near to one that looks no nearer than 45 minutes
    make_flight("10 17:30", delay=None),  # far to one that looks no further than 300 minutes
    make_flight("10 09:30", delay=None),  # waits
    make_flight("5 12:00", delay=None),  # waits if it is not given up for a week
    make_flight("9 12:00", delay=40),
]


def make_other(**changes: Any) -> ServedModel:
    """Another version: by default it differs in all that a version may differ in."""
    leads = FEW.leads.model_copy(update={"shortest_minutes": 45, "longest_minutes": 300})
    events = FEW.events.model_copy(update={"given_up_minutes": 10_000})
    parameters = FEW.model_copy(update={"leads": leads, "events": events})
    of_another_kind = {
        "thresholds_minutes": [15],
        "definition": define_features(parameters, make_target(15, 60)),
    }
    return replace(make_served_model(), **{"number": 8} | of_another_kind | changes)


def make_day(served: ServedModel) -> LiveBoard:
    return make_board(*FLIGHTS, served=served)


def compare(board: LiveBoard, other: LiveBoard) -> None:
    for part in ("flights", "answers", "features"):
        given, expected = getattr(board.last, part), getattr(other.last, part)
        pd.testing.assert_frame_equal(
            given.sort_index(), expected.sort_index(), check_exact=True, obj=part
        )


def test_it_says_what_a_board_says_that_began_with_it() -> None:
    """Leads, rules and thresholds are its own, of the days that are settled too."""
    before, other = make_served_model(), make_other()
    board = make_day(before)
    for clock in ("10 09:58", "10 09:59"):
        board.tick(at(clock))
    board.take_up(other)
    board.tick(NOW)
    fresh = make_day(other)
    fresh.tick(NOW)
    compare(board, fresh)
    assert list(board.last.answers["late_15"].unique()) == [0.2]
    assert board.last.flights["state"].to_dict() == {
        "flight-0": "asked",
        "flight-1": "near",
        "flight-2": "near",
        "flight-3": "far",
        "flight-4": "waiting",
    }

    board.take_up(before)
    board.tick(at("10 10:01"))
    fresh = make_day(before)
    fresh.tick(at("10 10:01"))
    compare(board, fresh)
    assert {*board.last.answers["version"]} == {7}


def test_until_the_next_tick_the_one_before_answers_and_explains() -> None:
    board = make_day(make_served_model())
    board.tick(NOW)
    before = board.explain("flight-0")
    groups = {"all": [name for names in make_served_model().groups.values() for name in names]}
    other = make_other(groups=groups, ordinary=make_served_model().ordinary)
    board.take_up(other)
    answer = board.get("flight-0")
    assert answer is not None
    assert answer["version"] == 7
    assert board.explain("flight-0") == before
    assert board.last.served.number == 7
    board.tick(at("10 10:01"))
    told = board.explain("flight-0")
    assert told is not None
    assert [name for name in told if name.startswith("from_")] == ["from_all"]
    assert board.last.served.number == 8


def test_near_flights_are_asked_about_at_its_own_shortest_lead() -> None:
    """At a quarter to ten, from what was known then."""
    board = make_day(make_served_model())
    board.tick(NOW)
    board.take_up(make_other())
    board.tick(at("10 10:01"))
    answers = board.last.answers
    assert answers.loc["flight-1", "prediction_time"] == at("10 09:35")
    assert answers.loc["flight-2", "prediction_time"] == at("10 09:55")
    assert {*answers["version"]} == {8}


def test_what_was_logged_before_is_not_logged_again() -> None:
    board = make_board(make_flight("10 10:29", delay=None), make_flight("10 12:01", delay=None))
    log = board.tick(NOW)
    assert list(log["flight_id"]) == ["flight-0"]
    other = make_other(definition=make_served_model().definition)
    board.take_up(other)
    log = board.tick(at("10 10:01"))
    assert list(zip(log["flight_id"], log["version"], strict=True)) == [("flight-1", 8)]
    assert board.last.answers.loc["flight-0", "version"] == 8


def test_a_board_that_goes_on_where_another_ended_knows_the_last_answer_about_near_flights() -> (
    None
):
    board = make_board(make_flight("10 10:20", delay=None), ticked_until=at("10 09:59"))
    assert len(board.tick(NOW)) == 0
    answer = board.get("flight-0")
    assert answer is not None
    assert (answer["state"], answer["prediction_time"]) == ("near", at("10 09:50"))


class CannotAnswer(SaysWaiting):
    """Fails at what it is asked."""

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        raise KeyError("a feature that is not there")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def desk(registry: Registry, tmp_path: Path) -> Desk:
    """A desk that has ticked once, by version 7."""
    champion = registry.follow()
    store, log = (
        EventStore(tmp_path / "events.db", keep_days=9),
        PredictionLog(tmp_path / "log", keep_days=9),
    )
    board = make_day(champion.current)
    desk = Desk(board, store, log, Clock(), champion)
    desk.tick(at("10 09:59"))
    return desk


def find(desk: Desk, registry: Registry, number: int) -> None:
    registry.champion = number
    assert desk._champion
    desk._champion.look()


def test_the_desk_takes_up_a_new_champion_at_its_next_tick(desk: Desk, registry: Registry) -> None:
    for number, minute in ((8, 0), (7, 1)):
        before = desk.version
        find(desk, registry, number)
        assert desk.version == before != number
        desk.tick(NOW + pd.Timedelta(minutes=minute))
        assert desk.version == number
        assert {*desk.board.last.answers["version"]} == {number}
        assert desk._champion
        desk._champion.keep()
        assert registry.kept.load().version.number == number
    log = PredictionLog(registry.folder / "log", keep_days=9).read()
    assert list(log["version"]) == [7, 7, 8]  # at ten, for the flight of noon


def test_one_that_fails_at_its_tick_is_refused_and_the_minute_is_answered_all_the_same(
    desk: Desk, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    registry.versions[8] = make_contender(8, model=CannotAnswer())
    desk.tell([Departed(flight_id="flight-4", at=at("10 09:58"))])
    find(desk, registry, 8)
    desk.tick(NOW)
    assert (desk.board.last.now, desk.version) == (NOW, 7)
    assert desk.describe()["refused_champion"] == 8
    assert desk.board.last.answers.loc["flight-0", "late_15"] == 0
    assert "Version 8 cannot answer, and is refused" in caplog.text
    desk.tick(at("10 10:01"))
    assert caplog.text.count("is refused") == 1


def test_the_version_that_answered_before_is_not_tried_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tick, ticks = LiveBoard.tick, []

    def fail_once(board: LiveBoard, now: pd.Timestamp) -> pd.DataFrame:
        ticks.append(now)
        return 1 / 0 if len(ticks) == 1 else tick(board, now)  # type: ignore[return-value]

    monkeypatch.setattr(LiveBoard, "tick", fail_once)
    with pytest.raises(ZeroDivisionError):
        desk.tick(NOW)
    assert "refused" not in caplog.text
    desk.tick(NOW)
    assert ticks == [NOW, NOW]


def test_a_failure_that_is_not_its_fault_is_not_held_against_it(
    desk: Desk, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(desk, registry, 8)
    with monkeypatch.context() as patch:
        patch.setattr(LiveBoard, "tick", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.tick(NOW)
    assert (desk.version, desk.describe()["refused_champion"]) == (7, None)
    desk.tick(at("10 10:01"))
    assert desk.version == 8


def test_the_desk_starts_the_look_at_the_registry_and_ends_it(
    desk: Desk, registry: Registry
) -> None:
    assert desk._champion
    desk.start()
    assert desk._champion._thread.is_alive()
    desk.stop()
    desk._champion._thread.join(60)
    assert not desk._champion._thread.is_alive()
    assert registry.kept.load().version.number == 7


def test_events_count_whichever_version_answers(desk: Desk, registry: Registry) -> None:
    find(desk, registry, 8)
    desk.tell([Cancelled(flight_id="flight-0")])
    desk.tick(NOW)
    assert desk.board.get("flight-0") is None
    assert desk.version == 8
