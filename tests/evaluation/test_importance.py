"""Shuffling a column costs what the model drew from it, shuffling a group all it drew from it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from flight_delays.evaluation.importance import measure_importance
from flight_delays.parameters import EvaluationParameters

PARAMETERS = EvaluationParameters(
    miss_cost=5,
    false_alarm_cost=1,
    calibration_bins=2,
    bootstrap_resamples=1,
    confidence_level=0.9,
    importance_rows=1000,
    importance_repeats=3,
    random_state=0,
)
GROUPS = {
    "weather": ["fog", "wind"],
    "schedule": ["hour"],
    "history": ["unused"],
}


@pytest.fixture(scope="module")
def flights() -> pd.DataFrame:
    """Flights that are late in fog and wind alike; the hour and the unused column say nothing."""
    random = np.random.default_rng(0)
    fog = random.normal(size=1500)
    return pd.DataFrame(
        {
            "flight_id": [f"flight {number}" for number in range(1500)],
            "fog": fog,
            "wind": fog + random.normal(scale=0.1, size=1500),
            "hour": random.normal(size=1500),
            "unused": fog,
            "is_late": fog + random.normal(scale=0.5, size=1500) > 0,
        }
    )


@pytest.fixture(scope="module")
def model(flights: pd.DataFrame) -> Pipeline:
    encode = ColumnTransformer([("numbers", "passthrough", ["fog", "wind", "hour"])])
    pipeline = Pipeline([("encode", encode), ("classify", LogisticRegression(C=0.01))])
    return pipeline.fit(flights, flights["is_late"])


def measure(model: Pipeline, flights: pd.DataFrame, **changes: int) -> pd.DataFrame:
    return measure_importance(model, flights, GROUPS, PARAMETERS.model_copy(update=changes))


def test_groups_come_first_and_the_strongest_first(model: Pipeline, flights: pd.DataFrame) -> None:
    importance = measure(model, flights)
    assert list(importance["level"]) == ["group"] * 2 + ["feature"] * 3
    assert list(importance["name"])[:2] == ["weather", "schedule"]
    assert importance["name"].iloc[-1] == "hour"
    assert importance.set_index("name")["group"].to_dict() == {
        "weather": "weather",
        "schedule": "schedule",
        "fog": "weather",
        "wind": "weather",
        "hour": "schedule",
    }


def test_columns_of_a_group_are_shuffled_together(flights: pd.DataFrame) -> None:
    def subtract(table: pd.DataFrame) -> pd.DataFrame:
        return (table["fog"] - table["wind"]).abs().to_frame()

    encode = ColumnTransformer([("gap", FunctionTransformer(subtract), ["fog", "wind"])])
    model = Pipeline([("encode", encode), ("classify", LogisticRegression())])
    model.fit(flights, (flights["fog"] - flights["wind"]).abs() > 0.1)
    # Where fog and wind are equal in every row, they still are when whole rows are shuffled.
    rise = measure(model, flights.assign(wind=flights["fog"])).set_index("name")
    assert rise.loc["weather", "log_loss_increase"] == pytest.approx(0, abs=1e-12)
    assert rise.loc[["fog", "wind"], "standard_deviation"].min() > 0


def test_a_group_of_one_column_costs_what_the_column_costs(
    model: Pipeline, flights: pd.DataFrame
) -> None:
    importance = measure(model, flights, importance_repeats=30).set_index("name")
    rise, deviation = importance["log_loss_increase"], importance["standard_deviation"]
    assert rise["schedule"] == pytest.approx(rise["hour"], abs=3 * deviation["hour"])


def test_the_table_is_the_same_every_time(model: Pipeline, flights: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(measure(model, flights), measure(model, flights))


def test_a_table_smaller_than_the_sample_is_used_whole(
    model: Pipeline, flights: pd.DataFrame
) -> None:
    importance = measure(model, flights.head(100), importance_repeats=1)
    assert set(importance["standard_deviation"]) == {0}


def test_the_flights_are_left_as_they_were(model: Pipeline, flights: pd.DataFrame) -> None:
    before = flights.copy()
    measure(model, flights)
    pd.testing.assert_frame_equal(flights, before)
