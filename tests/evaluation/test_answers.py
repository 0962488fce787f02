"""Answers stand by question and threshold, each model in a column of its own."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.answers import (
    collect_probabilities,
    join_without_loss,
    part_by_threshold,
    tabulate_answers,
)

QUESTIONS = pd.DataFrame(
    {
        "flight_id": ["a", "b"],
        "prediction_time": pd.Timestamp("2013-11-01T08:00Z"),
        "arrival_delay_minutes": [60.0, 59.0],
        "is_late": [False, True],
    },
    index=[7, 3],
)
SAID = {
    "model": pd.DataFrame({"late_15": [0.5, 0.4], "late_60": [0.2, 0.1]}, index=[7, 3]),
    "without_aircraft": pd.DataFrame({"late_15": [0.3, 0.6]}, index=[7, 3]),
}


def test_every_threshold_has_the_questions_with_its_own_outcome_and_answers() -> None:
    answers = tabulate_answers(QUESTIONS, SAID, [15, 60])
    assert list(answers.index) == [0, 1, 2, 3]
    assert list(answers["flight_id"]) == ["a", "b", "a", "b"]
    assert list(answers["threshold_minutes"]) == [15, 15, 60, 60]
    assert list(answers["is_late"]) == [True, True, True, False]
    assert list(answers["model"]) == [0.5, 0.4, 0.2, 0.1]
    np.testing.assert_array_equal(answers["without_aircraft"], [0.3, 0.6, np.nan, np.nan])
    assert answers["without_aircraft"].dtype == float
    assert list(tabulate_answers(QUESTIONS, SAID, [60])["model"]) == [0.2, 0.1]


def test_the_parts_of_a_table_come_in_the_order_of_their_thresholds() -> None:
    answers = tabulate_answers(QUESTIONS, SAID, [15, 60])[::-1]
    parts = part_by_threshold(answers)
    assert list(parts) == [15, 60]
    assert list(parts[60]["model"]) == [0.1, 0.2]


def test_models_meet_by_question_and_threshold_and_not_by_place() -> None:
    answers = tabulate_answers(QUESTIONS, SAID, [15, 60])
    predictions = answers.rename(columns={"model": "late_probability"}).iloc[[3, 0]]
    references = answers[["flight_id", "prediction_time", "threshold_minutes"]].assign(
        base_rate=[1.0, 2.0, 3.0, 4.0]
    )
    probabilities = collect_probabilities(predictions, references)
    assert probabilities.to_dict("index") == {
        3: {"model": 0.1, "base_rate": 4},
        0: {"model": 0.5, "base_rate": 1},
    }
    with pytest.raises(DataError, match="reference_predictions lacks 1 rows"):
        collect_probabilities(predictions, references.head(3))
    message = "do not answer 60 minutes, .* by `kedro run --pipelines=training,evaluation`.$"
    with pytest.raises(DataError, match=message):
        collect_probabilities(predictions, references.head(2))


def test_tables_meet_on_the_keys_alone_and_each_key_once() -> None:
    predictions = pd.DataFrame({"flight_id": ["a", "b"], "origin": ["EWR", "JFK"]})
    facts = pd.DataFrame({"flight_id": ["b", "a"], "origin": ["LGA", "LGA"], "seats": [2, 1]})
    joined = join_without_loss(predictions, facts, "facts", ["flight_id"])
    assert joined["seats"].tolist() == [1, 2]
    with pytest.raises(pd.errors.MergeError, match="many-to-one"):
        join_without_loss(predictions, facts.loc[[0, 0, 1]], "facts", ["flight_id"])
