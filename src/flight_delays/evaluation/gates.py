"""What a model must show before it may become the one in use."""

from typing import Any

import pandas as pd

from flight_delays.evaluation.answers import part_by_threshold
from flight_delays.evaluation.headline import select_lead
from flight_delays.parameters import EvaluationParameters, PromotionParameters

BASELINES = ("base_rate", "schedule_logistic_regression")


def check_absolute_gates(
    model_comparison: pd.DataFrame,
    slice_comparison: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Hold a model, at the headline lead, against bounds that do not depend on the champion.

    At every threshold it must beat the baselines and be calibrated; slices are judged by the first.

    Args:
        model_comparison: One row per threshold, lead, model and metric: `threshold_minutes`,
            `lead_minutes`, `model`, `metric` and `value`. One of the models is called `model`, two
            are the baselines.
        slice_comparison: The model against the baselines on the large slices, from
            `compare_slices`.
        promotion: The bounds.
        evaluation: The headline lead.

    Returns:
        One row per gate: `gate`, `value`, `bound` and `passed`. The value must be below the bound
        for a log loss, and not above it for a calibration error and for what is surely lost: the
        lower bound of a slice's difference.
    """
    at_lead = select_lead(model_comparison, evaluation)
    rows = []
    for threshold, comparison in part_by_threshold(at_lead).items():
        is_first = threshold == at_lead["threshold_minutes"].min()
        suffix = "" if is_first else f", {threshold} minutes late"
        scores: dict[Any, float] = comparison.set_index(["model", "metric"])["value"].to_dict()
        for name in BASELINES:
            value, bound = scores["model", "log_loss"], scores[name, "log_loss"]
            gate = f"log loss below {name.replace('_', ' ')}{suffix}"
            rows.append((gate, value, bound, value < bound))
        value = scores["model", "expected_calibration_error"]
        bound = promotion.max_calibration_error
        rows.append((f"expected calibration error{suffix}", value, bound, value <= bound))
    for _, worst in slice_comparison.sort_values("lower").tail(1).iterrows():
        against = f"{worst['reference'].replace('_', ' ')} in {worst['slice']} {worst['value']}"
        value, bound = worst["lower"], 0.0
        rows.append((f"log loss surely lost to {against}", value, bound, value <= bound))
    return pd.DataFrame(rows, columns=["gate", "value", "bound", "passed"])


def tell_failures(gates: pd.DataFrame) -> str:
    """Say which gates were not passed.

    Args:
        gates: From `check_absolute_gates`.

    Returns:
        The failures with value and bound, separated by semicolons; empty where all are passed.
    """
    return "; ".join(
        f"{gate.gate} is {gate.value:.4f}, the bound {gate.bound:.4f}"
        for gate in gates[~gates["passed"]].itertuples()
    )
