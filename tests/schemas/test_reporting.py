"""Tables of the report: probabilities are probabilities, and no column is forgotten."""

import pandas as pd
import pytest

from flight_delays.schemas.reporting import (
    AbsoluteGates,
    ModelComparison,
    RecentPredictions,
    ReferencePredictions,
    TestPredictions,
)
from tables import find_failures


@pytest.fixture
def predictions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "flight_id": ["a", "b"],
            "prediction_time": pd.Timestamp("2013-11-01T08:00Z"),
            "flight_date": pd.to_datetime(["2013-11-01"] * 2),
            "origin": "EWR",
            "carrier": "UA",
            "is_late": [True, False],
            "lead_minutes": 120,
            "challenger": [0.5, 1.0],
            "base_rate": 0.25,
            "schedule_logistic_regression": [0.0, 0.3],
        }
    )


def test_predictions_of_contenders_and_baselines_are_kept(predictions: pd.DataFrame) -> None:
    RecentPredictions.validate(predictions)
    RecentPredictions.validate(predictions.assign(champion=0.1))


@pytest.mark.parametrize(
    ("column", "value"),
    [("challenger", 1.5), ("base_rate", -0.1), ("champion", None), ("flight_id", "a")],
)
def test_what_is_no_prediction_is_refused(
    predictions: pd.DataFrame, column: str, value: object
) -> None:
    predictions = predictions.assign(champion=0.1)
    predictions.loc[1, column] = value
    assert column in {column for column, _ in find_failures(RecentPredictions, predictions)}


def test_a_column_of_nobody_is_refused(predictions: pd.DataFrame) -> None:
    assert find_failures(RecentPredictions, predictions.assign(somebody=0.5))


@pytest.mark.parametrize(
    ("schema", "columns"),
    [
        (TestPredictions, ["flight_date", "origin", "carrier", "is_late", "lead_minutes"]),
        (ReferencePredictions, []),
        (RecentPredictions, ["flight_date", "origin", "carrier", "is_late", "lead_minutes"]),
    ],
)
def test_a_flight_may_be_asked_about_at_several_times_but_once_at_each(
    predictions: pd.DataFrame, schema: type, columns: list[str]
) -> None:
    early = predictions[["flight_id", "prediction_time", *columns]].assign(base_rate=0.25)
    if schema is TestPredictions:
        early = early.rename(columns={"base_rate": "late_probability"})
        early["scheduled_departure"] = early["prediction_time"]
    later = early.assign(prediction_time=early["prediction_time"] + pd.Timedelta(minutes=90))
    assert find_failures(schema, pd.concat([early, later], ignore_index=True)) == set()
    assert find_failures(schema, pd.concat([early, early], ignore_index=True))


def test_a_score_stands_once_at_each_lead() -> None:
    scores = pd.DataFrame(
        {"lead_minutes": [30, 120], "model": "model", "metric": "roc_auc"}
    ).assign(value=0.5, lower=0.4, upper=0.6)
    assert find_failures(ModelComparison, scores) == set()
    assert find_failures(ModelComparison, scores.assign(lead_minutes=30))


def test_a_gate_stands_once() -> None:
    gates = pd.DataFrame({"gate": ["a", "b"], "value": 0.1, "bound": 0.2, "passed": True})
    AbsoluteGates.validate(gates)
    assert find_failures(AbsoluteGates, gates.assign(gate="a"))
