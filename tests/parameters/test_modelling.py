"""What can be searched is what training takes."""

from typing import Any

import pytest
from pydantic import ValidationError

from flight_delays.parameters import EvaluationParameters
from parameters.delivered import change
from tables import read_parameters


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({"max_leafs": {"low": 2, "high": 9}}, "training.classifier has no max_leafs"),
        ({"max_iter": {"low": 9, "high": 9}}, "low, 9, must be below high, 9"),
        (
            {"l2_regularization": {"low": 0, "high": 9, "log": True}},
            "logarithmic range must begin above 0",
        ),
        (
            {"learning_rate": {"low": 0.1, "high": 1.5}},
            "learning_rate cannot be 1.5: Input should be less than or equal to 1",
        ),
        (
            {"max_leaf_nodes": {"low": 1, "high": 9}},
            "max_leaf_nodes cannot be 1: Input should be greater than or equal to 2",
        ),
        (
            {"max_leaf_nodes": {"low": 2, "high": 9.5}},
            "max_leaf_nodes cannot be 9.5: Input should be a valid integer",
        ),
    ],
)
def test_a_space_that_cannot_be_searched_is_told_in_a_sentence(
    space: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        change("tuning.search_space", space)


@pytest.mark.parametrize(
    "searched",
    [
        {"l2_regularization": {"low": 0, "high": 10}},
        {"learning_rate": {"low": 0.5, "high": 1}},
        {"min_samples_leaf": {"low": 1, "high": 10, "log": True}},
    ],
)
def test_what_training_takes_can_be_searched(searched: dict[str, Any]) -> None:
    change("tuning.search_space", searched)


@pytest.mark.parametrize("jobs", [-1, 1, 2])
def test_trials_run_on_all_cores_or_on_a_number_of_them(jobs: int) -> None:
    change("tuning.jobs", jobs)


def test_five_false_alarms_for_a_miss_mean_an_alert_from_one_in_six() -> None:
    delivered = read_parameters("evaluation") | {"miss_cost": 5, "false_alarm_cost": 1}
    assert EvaluationParameters(**delivered).decision_threshold == pytest.approx(1 / 6)
