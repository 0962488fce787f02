"""The live board says of real flights what the evaluation said, to the last bit."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient
from kedro.framework.session import KedroSession

from flight_delays.serving.api.app import create_app
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.desk.start import open_past_desk
from flight_delays.serving.log.prediction_log import PredictionLog
from flight_delays.serving.replay.player import Player
from projects import Project

pytestmark = pytest.mark.slow

START = pd.Timestamp("2013-02-20T14:00Z").as_unit("us")


@pytest.fixture
def opened(
    promoted: Project, enter_project: Callable[[Path], None], tmp_path: Path
) -> tuple[Desk, Player, pd.DataFrame]:
    """The desk as of that moment, who plays what follows, and what the evaluation said."""
    enter_project(promoted.path)
    with KedroSession.create(promoted.path, env="test") as session:
        context = session.load_context()
        moment = START.to_pydatetime()
        desk, player = open_past_desk(context.catalog, context.params, moment, 1, tmp_path)
        return desk, player, context.catalog.load("test_predictions")


def compare(log: pd.DataFrame, said: pd.DataFrame, until: pd.Timestamp) -> None:
    answers = log.set_index(["flight_id", "prediction_time"])
    assert not answers.index.has_duplicates
    said = said[said["prediction_time"].between(START, until, inclusive="right")]
    for minutes_late, expected in said.groupby("threshold_minutes"):
        expected = expected.set_index(["flight_id", "prediction_time"])["late_probability"]
        assert len(expected) > 100
        given = answers.loc[expected.index, f"late_{minutes_late}"]
        np.testing.assert_array_equal(given, expected)


def test_events_shuffled_and_given_twice_give_the_answers_of_the_evaluation(
    opened: tuple[Desk, Player, pd.DataFrame],
) -> None:
    """They are shuffled within what came between two ticks."""
    desk, player, said = opened
    random, log = Random(7), []  # noqa: S311
    desk.board.tick(START)
    hours = pd.date_range(START, periods=9, freq="h")
    for now in hours[1:]:
        between = pd.date_range(end=now, periods=60, freq="min")
        came = [*chain.from_iterable(player.events.get(minute, []) for minute in between)] * 2
        random.shuffle(came)
        desk.board.apply(came)
        log.append(desk.board.tick(now))
    compare(pd.concat(log), said, hours[-1])


def test_hours_told_over_http_minute_by_minute_give_the_answers_of_the_evaluation(
    opened: tuple[Desk, Player, pd.DataFrame], tmp_path: Path
) -> None:
    desk, player, said = opened
    player.connect(TestClient(create_app(desk, None)))
    desk.tick(START)
    until = START + pd.Timedelta(hours=3)
    while player.read_clock() < until:
        player.play_minute()
        desk.tick(player.read_clock())
    compare(PredictionLog(tmp_path / "prediction_log", keep_days=3).read(), said, until)
