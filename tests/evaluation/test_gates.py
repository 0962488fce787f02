"""Each gate passes at its bound, and alone fails beyond it."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.evaluation.gates import check_absolute_gates, tell_failures
from flight_delays.parameters import PromotionParameters
from tables import EVALUATION

PROMOTION = PromotionParameters(
    max_calibration_error=0.03,
    max_slice_auc_drop=0.25,
    min_slice_flights=100,
    min_days=1,
    confidence_level=0.95,
)
# A model that keeps every bound by nothing. The slice that is worse is too small to count.
MODEL = {"log_loss": 0.4, "expected_calibration_error": 0.03, "roc_auc": 0.75}
BASELINES = {"base_rate": 0.5, "schedule_logistic_regression": 0.45}
# So is the lead, which is no part of the flights.
SLICES = [
    ("origin", "EWR", 100, 0.5),
    ("origin", "JFK", 500, 0.8),
    ("hour", "05", 99, 0.4),
    ("lead", "480", 600, 0.4),
]
GATES = [
    "log loss below base rate",
    "log loss below schedule logistic regression",
    "expected calibration error",
    "ROC AUC of the worst slice, origin EWR",
]


def check(
    slices: list[tuple[str, str, int, float]] = SLICES,
    baselines: dict[str, float] = BASELINES,
    **metrics: float,
) -> pd.DataFrame:
    scores = [("model", metric, value) for metric, value in (MODEL | metrics).items()]
    scores += [(name, "log_loss", value) for name, value in baselines.items()]
    # The bounds come from the two baselines alone.
    scores += [("without_aircraft", "log_loss", 0.1)]
    headline = pd.DataFrame(scores, columns=["model", "metric", "value"])
    # At another lead the model is worth nothing, and the baselines are perfect.
    other = headline.assign(value=headline["model"].eq("model").astype(float))
    return check_absolute_gates(
        pd.concat([headline.assign(lead_minutes=120), other.assign(lead_minutes=480)]),
        pd.DataFrame(slices, columns=["slice", "value", "flights", "roc_auc"]),
        PROMOTION,
        EVALUATION,
    )


def list_failed(gates: pd.DataFrame) -> list[str]:
    return list(gates.loc[~gates["passed"], "gate"])


def test_every_gate_tells_value_and_bound() -> None:
    gates = check()
    assert list(gates["gate"]) == GATES
    assert list(gates["value"]) == [0.4, 0.4, 0.03, 0.5]
    assert list(gates["bound"]) == [0.5, 0.45, 0.03, 0.5]
    assert gates["passed"].all()
    assert tell_failures(gates) == ""


def test_a_model_no_better_than_a_baseline_fails() -> None:
    assert list_failed(check(log_loss=0.45)) == [GATES[1]]
    assert list_failed(check(baselines=BASELINES | {"base_rate": 0.4})) == [GATES[0]]
    assert check(log_loss=np.nextafter(0.45, 0))["passed"].all()


def test_a_model_that_is_not_calibrated_fails() -> None:
    assert list_failed(check(expected_calibration_error=np.nextafter(0.03, 1))) == [GATES[2]]


def test_a_model_that_is_much_worse_in_a_large_slice_fails() -> None:
    slices = [*SLICES, ("carrier", "UA", 100, np.nextafter(0.5, 0))]
    assert list_failed(check(slices)) == ["ROC AUC of the worst slice, carrier UA"]
    # The bound moves with the ROC AUC over all flights.
    assert list_failed(check(roc_auc=np.nextafter(0.75, 1))) == [GATES[3]]


def test_a_slice_without_a_ranking_does_not_count() -> None:
    assert list(check([*SLICES, ("carrier", "HA", 1000, np.nan)])["gate"]) == GATES


@pytest.mark.parametrize("slices", [SLICES[2:], [("carrier", "HA", 1000, np.nan)]])
def test_without_a_large_slice_the_other_gates_decide(
    slices: list[tuple[str, str, int, float]],
) -> None:
    assert list(check(slices)["gate"]) == GATES[:3]
    assert check(slices)["passed"].all()
    assert list_failed(check(slices, log_loss=0.6)) == GATES[:2]


def test_failures_are_told_with_value_and_bound() -> None:
    gates = check(log_loss=0.47, expected_calibration_error=0.1)
    assert tell_failures(gates) == (
        "log loss below schedule logistic regression is 0.4700, the bound 0.4500; "
        "expected calibration error is 0.1000, the bound 0.0300"
    )
