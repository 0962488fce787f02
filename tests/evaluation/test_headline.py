"""The headline lead is found, or missed in words that help."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.headline import (
    name_metrics,
    select_first_threshold,
    select_headline,
    select_lead,
)
from tables import EVALUATION

QUESTIONS = pd.DataFrame({"flight_id": list("aabb"), "lead_minutes": [30.0, 120.0, 240.0, 120.0]})
ANSWERS = pd.concat(
    [QUESTIONS.assign(threshold_minutes=60), QUESTIONS.assign(threshold_minutes=15)]
)


def test_the_rows_of_the_headline_lead_are_numbered_anew() -> None:
    headline = select_lead(QUESTIONS, EVALUATION)
    assert headline.to_dict() == {"flight_id": {0: "a", 1: "b"}, "lead_minutes": {0: 120, 1: 120}}


def test_the_headline_is_the_first_threshold_at_the_headline_lead() -> None:
    headline = select_headline(ANSWERS, EVALUATION)
    assert headline.to_dict("list") == {
        "flight_id": ["a", "b"],
        "lead_minutes": [120, 120],
        "threshold_minutes": [15, 15],
    }
    assert list(headline.index) == [0, 1]
    assert list(select_first_threshold(ANSWERS)["threshold_minutes"]) == [15] * 4


def test_metrics_of_later_thresholds_bear_their_minutes() -> None:
    comparison = pd.DataFrame(
        {"threshold_minutes": [15, 60, 120], "metric": ["roc_auc", "roc_auc", "log_loss"]},
        index=[7, 8, 9],
    )
    assert name_metrics(comparison).to_dict() == {
        7: "roc_auc",
        8: "roc_auc_late_60",
        9: "log_loss_late_120",
    }


def test_a_headline_at_which_nobody_was_asked_is_named_with_the_leads_there_are() -> None:
    never = EVALUATION.model_copy(update={"headline_lead_minutes": 60})
    message = (
        "Table test has no .* 60 .* evaluation.headline_lead_minutes, but at 30, 120, 240. .*"
        "feature_engineering.leads.evaluated_minutes and make the features again.$"
    )
    with pytest.raises(DataError, match=message):
        select_headline(ANSWERS, never)
