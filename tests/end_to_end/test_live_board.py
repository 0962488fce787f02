"""The live board says of real flights what the evaluation said, to the last bit."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from kedro.framework.session import KedroSession

from features.flights import cut
from flight_delays.parameters import EvaluationParameters, TargetParameters
from flight_delays.serving.board import LiveBoard
from flight_delays.serving.directory import Directory
from flight_delays.serving.replay import list_events
from flight_delays.serving.served_model import ServedModel
from projects import Project


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(60, 8), pytest.param(1, 3, marks=pytest.mark.slow)],
    ids=["now and then", "every minute"],
)
def test_events_one_after_the_other_give_the_answers_of_the_evaluation(
    promoted: Project, enter_project: Callable[[Path], None], minutes: int, hours: int
) -> None:
    """Events are shuffled within what came between two ticks, and given twice."""
    enter_project(promoted.path)
    with KedroSession.create(promoted.path, env="test") as session:
        catalog = session.load_context().catalog
        flights, weather = catalog.load("prm_flights"), catalog.load("int_weather")
        directory = Directory(
            flights, *map(catalog.load, ("int_airports", "int_planes", "int_airlines"))
        )
        said = catalog.load("test_predictions")
        served_model = ServedModel.read(
            catalog.load("served_version"),
            TargetParameters.model_validate(catalog.load("params:target")),
            EvaluationParameters.model_validate(catalog.load("params:evaluation")),
        )
    start = pd.Timestamp("2013-02-20T14:00Z").as_unit("us")
    end = start + pd.Timedelta(hours=hours)
    board = LiveBoard(
        *cut(flights, weather, start), directory, served_model, 480, [30, 120, 480], start
    )
    day = flights["flight_date"].between("2013-02-19", "2013-02-21")
    events = list_events(flights[day], weather, 60)
    random, log = Random(7), []  # noqa: S311
    for now in pd.date_range(start, end, freq=f"{minutes}min")[1:]:
        since = now - pd.Timedelta(minutes=minutes)
        between = pd.date_range(since, now, freq="min", inclusive="right")
        came = [*chain.from_iterable(events.get(minute, []) for minute in between)] * 2
        random.shuffle(came)
        board.apply(came)
        log.append(board.tick(now))
    answers = pd.concat(log).set_index(["flight_id", "prediction_time"])
    assert not answers.index.has_duplicates

    said = said[said["prediction_time"].between(start, now, inclusive="right")]
    for minutes_late, expected in said.groupby("threshold_minutes"):
        expected = expected.set_index(["flight_id", "prediction_time"])["late_probability"]
        assert len(expected) > 100
        given = answers.loc[expected.index, f"late_{minutes_late}"]
        np.testing.assert_array_equal(given, expected)
