"""Each gate passes at its bound, and alone fails beyond it."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.evaluation.gates import check_absolute_gates, tell_failures
from flight_delays.parameters import PromotionParameters
from tables import EVALUATION

PROMOTION = PromotionParameters(
    max_calibration_error=0.03,
    min_slice_flights=100,
    min_days=1,
    confidence_level=0.95,
    non_inferiority_margin=None,
)
# A model that keeps every bound by nothing.
MODEL = {"log_loss": 0.4, "expected_calibration_error": 0.03}
BASELINES = {"base_rate": 0.5, "schedule_logistic_regression": 0.45}
# The slice where most is surely lost is not the one where most seems to be.
SLICES = [
    ("origin", "EWR", "base_rate", -0.1, -0.2),
    ("hour", "05", "base_rate", 0.3, -0.1),
    ("hour", "05", "schedule_logistic_regression", 0.2, 0.0),
]
GATES = [
    "log loss below base rate",
    "log loss below schedule logistic regression",
    "expected calibration error",
    "log loss surely lost to schedule logistic regression in hour 05",
]


def check(
    slices: list[tuple[str, str, str, float, float]] = SLICES,
    baselines: dict[str, float] = BASELINES,
    later: dict[tuple[str, str], float] | None = None,
    **metrics: float,
) -> pd.DataFrame:
    scores = [("model", metric, value) for metric, value in (MODEL | metrics).items()]
    scores += [(name, "log_loss", value) for name, value in baselines.items()]
    # The bounds come from the two baselines alone.
    scores += [("without_aircraft", "log_loss", 0.1)]
    headline = pd.DataFrame(scores, columns=["model", "metric", "value"])
    # At another lead the model is worth nothing, and the baselines are perfect.
    other = headline.assign(value=headline["model"].eq("model").astype(float))
    comparison = pd.concat([headline.assign(lead_minutes=120), other.assign(lead_minutes=480)])
    comparison = comparison.assign(threshold_minutes=15)
    if later:
        values = comparison["metric"].map({"log_loss": 0.2, "expected_calibration_error": 0.01})
        hour_late = comparison.assign(threshold_minutes=60, value=values)
        for (name, metric), value in later.items():
            hour_late.loc[
                (hour_late[["model", "metric"]] == (name, metric)).all(axis=1), "value"
            ] = value
        comparison = pd.concat([comparison, hour_late])
    return check_absolute_gates(
        comparison,
        pd.DataFrame(slices, columns=["slice", "value", "reference", "difference", "lower"]),
        PROMOTION,
        EVALUATION,
    )


def list_failed(gates: pd.DataFrame) -> list[str]:
    return list(gates.loc[~gates["passed"], "gate"])


def test_every_gate_tells_value_and_bound() -> None:
    gates = check()
    assert list(gates["gate"]) == GATES
    assert list(gates["value"]) == [0.4, 0.4, 0.03, 0]
    assert list(gates["bound"]) == [0.5, 0.45, 0.03, 0]
    assert gates["passed"].all()
    assert tell_failures(gates) == ""


def test_a_model_no_better_than_a_baseline_fails() -> None:
    assert list_failed(check(log_loss=0.45)) == [GATES[1]]
    assert list_failed(check(baselines=BASELINES | {"base_rate": 0.4})) == [GATES[0]]
    assert check(log_loss=np.nextafter(0.45, 0))["passed"].all()


def test_a_model_that_is_not_calibrated_fails() -> None:
    assert list_failed(check(expected_calibration_error=np.nextafter(0.03, 1))) == [GATES[2]]


def test_a_model_that_is_surely_worse_than_a_baseline_in_a_slice_fails() -> None:
    slices = [*SLICES, ("carrier", "UA", "base_rate", 0.1, np.nextafter(0, 1))]
    assert list_failed(check(slices)) == ["log loss surely lost to base rate in carrier UA"]


def test_without_a_large_slice_the_other_gates_decide() -> None:
    assert list(check([])["gate"]) == GATES[:3]
    assert check([])["passed"].all()
    assert list_failed(check([], log_loss=0.6)) == GATES[:2]


LATER = {("base_rate", "log_loss"): 0.3, ("schedule_logistic_regression", "log_loss"): 0.25}


def test_every_threshold_has_its_own_baselines_and_calibration() -> None:
    gates = check(later=LATER)
    assert list(gates["gate"]) == [
        *GATES[:3],
        *(f"{gate}, 60 minutes late" for gate in GATES[:3]),
        GATES[3],
    ]
    assert list(gates["value"][3:6]) == [0.2, 0.2, 0.01]
    assert list(gates["bound"][3:6]) == [0.3, 0.25, 0.03]
    assert gates["passed"].all()


@pytest.mark.parametrize(
    ("name", "metric", "value", "gate"),
    [
        ("base_rate", "log_loss", 0.2, GATES[0]),
        ("schedule_logistic_regression", "log_loss", 0.2, GATES[1]),
        ("model", "expected_calibration_error", 0.031, GATES[2]),
    ],
)
def test_a_later_threshold_that_fails_is_named(
    name: str, metric: str, value: float, gate: str
) -> None:
    gates = check(later=LATER | {(name, metric): value})
    assert list_failed(gates) == [f"{gate}, 60 minutes late"]


def test_failures_are_told_with_value_and_bound() -> None:
    gates = check(log_loss=0.47, expected_calibration_error=0.1)
    assert tell_failures(gates) == (
        "log loss below schedule logistic regression is 0.4700, the bound 0.4500; "
        "expected calibration error is 0.1000, the bound 0.0300"
    )
