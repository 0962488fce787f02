"""Tables of the report: probabilities are probabilities, and no column is forgotten."""

import pandas as pd
import pytest

from flight_delays.schemas.reporting import AbsoluteGates, RecentPredictions
from tables import find_failures


@pytest.fixture
def predictions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "flight_id": ["a", "b"],
            "flight_date": pd.to_datetime(["2013-11-01"] * 2),
            "origin": "EWR",
            "carrier": "UA",
            "is_late": [True, False],
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
    assert find_failures(RecentPredictions, predictions.assign(**{column: value}))


def test_a_column_of_nobody_is_refused(predictions: pd.DataFrame) -> None:
    assert find_failures(RecentPredictions, predictions.assign(somebody=0.5))


def test_a_gate_stands_once() -> None:
    gates = pd.DataFrame({"gate": ["a", "b"], "value": 0.1, "bound": 0.2, "passed": True})
    AbsoluteGates.validate(gates)
    assert find_failures(AbsoluteGates, gates.assign(gate="a"))
