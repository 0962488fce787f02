"""Shuffling a column costs what the model drew from it, shuffling a group all it drew from it."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from flight_delays.evaluation.importance import measure_importance
from flight_delays.evaluation.metrics import compute_log_losses
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.schemas.reporting import Importance
from tables import EVALUATION

FEATURES = ["hour", "lead_minutes", "fog", "wind"]
GROUPS = {
    "schedule": ["hour", "lead_minutes"],
    "weather": ["fog", "wind"],
    "history": ["unused"],
}


@pytest.fixture(scope="module")
def questions() -> pd.DataFrame:
    """Two questions about each of 1,500 flights on 30 days.

    They are late in fog and wind alike; the hour and the unused column say nothing.
    """
    random = np.random.default_rng(0)
    fog = random.normal(size=1500)
    flights = pd.DataFrame(
        {
            "flight_id": [f"flight {number}" for number in range(1500)],
            "flight_date": pd.Timestamp("2013-11-01") + pd.to_timedelta(np.arange(1500) // 50, "D"),
            "fog": fog,
            "wind": fog + random.normal(scale=0.1, size=1500),
            "hour": random.normal(size=1500),
            "unused": fog,
            "is_late": fog + random.normal(scale=0.5, size=1500) > 0,
        }
    )
    return pd.concat([flights.assign(lead_minutes=lead) for lead in (30.0, 480.0)])


def build(classifier: Any) -> Pipeline:
    """A model of three steps: the classifier takes what all others have made of the questions."""
    encode = ColumnTransformer(
        [("numbers", "passthrough", FEATURES)], verbose_feature_names_out=False
    )
    return Pipeline(
        [
            ("encode", encode.set_output(transform="pandas")),
            ("double", FunctionTransformer(lambda features: 2 * features)),
            ("classify", classifier),
        ]
    )


class Remembers(BaseEstimator):  # type: ignore[misc]
    """A classifier that says the same of every flight, and keeps what it was shown."""

    def fit(self, features: pd.DataFrame, late: pd.Series) -> "Remembers":
        self.shown_: list[pd.DataFrame] = []
        return self

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        self.shown_.append(features)
        return np.full((len(features), 2), 0.5)


@pytest.fixture(scope="module")
def model(questions: pd.DataFrame) -> Pipeline:
    return build(LogisticRegression(C=0.01)).fit(questions, questions["is_late"])


def wrap(model: Pipeline) -> LatenessClassifier:
    """The model as the first link of a chain; the other one is not looked at."""
    return LatenessClassifier([15, 60], [model, Pipeline([("nothing", None)])])


def measure(model: Pipeline, questions: pd.DataFrame, count: int = 1000) -> pd.DataFrame:
    parameters = EVALUATION.model_copy(update={"importance_questions": count})
    return measure_importance(wrap(model), questions, GROUPS, parameters)


def watch(questions: pd.DataFrame, count: int = 1000) -> list[pd.DataFrame]:
    """What a model is shown: the flights as they are, then shuffled by group and by feature."""
    model = build(Remembers()).fit(questions, questions["is_late"])
    measure(model, questions, count)
    shown: list[pd.DataFrame] = model[-1].shown_
    return shown


def test_groups_come_first_and_the_strongest_first(
    model: Pipeline, questions: pd.DataFrame
) -> None:
    importance = measure(model, questions)
    Importance.validate(importance)
    assert [*importance] == ["level", "name", "group", "log_loss_increase", "standard_error"]
    assert [*importance.index] == [*range(6)]
    assert list(importance["level"]) == ["group"] * 2 + ["feature"] * 4
    assert list(importance["name"])[:2] == ["weather", "schedule"]
    assert set(importance["name"].iloc[-2:]) == {"hour", "lead_minutes"}
    assert importance.set_index("name")["group"].to_dict() == {
        "weather": "weather",
        "schedule": "schedule",
        "fog": "weather",
        "wind": "weather",
        "hour": "schedule",
        "lead_minutes": "schedule",
    }


def test_questions_are_drawn_from_all_days_and_leads(questions: pd.DataFrame) -> None:
    intact, *_ = watch(questions, count=1000)
    drawn = questions.reset_index(drop=True).merge(intact / 2, on=FEATURES)
    assert len(drawn) == len(intact) == 1000
    assert drawn["flight_date"].nunique() == 30
    assert 400 < (drawn["lead_minutes"] == 30).sum() < 600


def test_only_the_columns_in_question_are_shuffled_and_together(questions: pd.DataFrame) -> None:
    intact, schedule, weather, hour, *_ = watch(questions)
    for shuffled, columns in (
        (schedule, ["hour", "lead_minutes"]),
        (weather, ["fog", "wind"]),
        (hour, ["hour"]),
    ):
        others = [name for name in FEATURES if name not in columns]
        pd.testing.assert_frame_equal(shuffled[others], intact[others])
        assert (shuffled[columns] != intact[columns]).mean().max() > 0.4
        rows = [sorted(map(tuple, table[columns].to_numpy())) for table in (shuffled, intact)]
        assert rows[0] == rows[1]


def test_the_rise_is_averaged_over_days_and_its_error_is_that_of_the_days(
    model: Pipeline, questions: pd.DataFrame
) -> None:
    two_days = questions[questions["flight_date"] <= "2013-11-02"].reset_index(drop=True)
    intact, _, weather, *_ = watch(two_days)
    late = two_days["is_late"][intact.index]
    shuffled, whole = (
        compute_log_losses(late, model[-1].predict_proba(features)[:, 1])
        for features in (weather, intact)
    )
    rises = pd.Series(shuffled - whole).groupby(two_days["flight_date"][intact.index].to_numpy())
    one, other = rises.mean()
    row = measure(model, two_days).set_index("name").loc["weather"]
    assert row["log_loss_increase"] == pytest.approx((one + other) / 2)
    assert row["standard_error"] == pytest.approx(abs(one - other) / 2)


def test_a_group_of_one_column_costs_what_the_column_costs(
    model: Pipeline, questions: pd.DataFrame
) -> None:
    groups = {"weather": ["fog", "wind"], "time": ["hour"]}
    importance = measure_importance(wrap(model), questions, groups, EVALUATION).set_index("name")
    for column in ("log_loss_increase", "standard_error"):
        assert importance.loc["time", column] == importance.loc["hour", column]


def test_the_table_is_the_same_every_time(model: Pipeline, questions: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(measure(model, questions), measure(model, questions))


def test_where_there_are_fewer_questions_all_are_used(questions: pd.DataFrame) -> None:
    intact, *_ = watch(questions, count=3001)
    assert len(intact) == 3000


def test_the_questions_are_left_as_they_were(model: Pipeline, questions: pd.DataFrame) -> None:
    before = questions.copy()
    measure(model, questions)
    pd.testing.assert_frame_equal(questions, before)
