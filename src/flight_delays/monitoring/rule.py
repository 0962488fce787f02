"""When to retrain: the realised loss exceeds what the model itself expected, again and again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from flight_delays.evaluation.days import number_days
from flight_delays.evaluation.differences import bound_mean
from flight_delays.evaluation.metrics import compute_log_losses
from flight_delays.parameters import EvaluationParameters, RetrainingParameters


@dataclass(frozen=True)
class Verdict:
    """Whether to retrain, and why or why not."""

    retrain: bool
    reason: str


def compare_with_expected(
    is_late: ArrayLike,
    probability: ArrayLike,
    flight_date: ArrayLike,
    confidence_level: float,
    evaluation: EvaluationParameters,
) -> dict[str, float]:
    """Bound by how much the realised log loss exceeds what the model itself expected.

    A flight that is late with probability p costs -p log p - (1 - p) log(1 - p) on average, if p is
    right: the entropy of what was said. A stormy month raises both; only a model that is wrong
    about its flights raises the difference.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        flight_date: The day each flight belongs to.
        confidence_level: How often such bounds hold the difference in the long run.
        evaluation: How many days make a block.

    Returns:
        `realised` and `expected` log loss, their `difference`, and its `lower` and `upper` bound.

    Raises:
        DataError: The days are too few for an interval.
    """
    said = np.asarray(probability, dtype=float)
    losses = compute_log_losses(is_late, said)
    every_late = compute_log_losses(np.ones(said.size, dtype=bool), said)
    none_late = compute_log_losses(np.zeros(said.size, dtype=bool), said)
    expected = said * every_late + (1 - said) * none_late
    day = number_days(flight_date, evaluation)
    mean, lower, upper = bound_mean(
        np.bincount(day, losses - expected),
        np.bincount(day),
        confidence_level,
        evaluation.block_days,
    )
    return {
        "realised": float(losses.mean()),
        "expected": float(expected.mean()),
        "difference": float(mean),
        "lower": float(lower),
        "upper": float(upper),
    }


def decide_retraining(
    excesses: list[dict[str, float]], age_days: int, parameters: RetrainingParameters
) -> Verdict:
    """Decide whether the champion is to be retrained.

    Args:
        excesses: What `compare_with_expected` says of the champion's windows, the latest one last.
        age_days: How many days ago the last flight was that the champion was fitted on.
        parameters: The rule.

    Returns:
        The verdict: retrain where the excess is surely above 0 in the latest window, and in so many
        of the last ones; or where the champion is too old.
    """
    if age_days > parameters.max_age_days:
        return Verdict(
            True,
            f"what the champion has learnt from ended {age_days} days ago, more than "
            f"{parameters.max_age_days}",
        )
    exceeded = [excess["lower"] > 0 for excess in excesses[-parameters.windows :]]
    told = (
        f"the loss surely exceeds what was expected in {sum(exceeded)} of the last "
        f"{len(exceeded)} windows"
    )
    if exceeded and exceeded[-1] and sum(exceeded) >= parameters.exceeded_windows:
        return Verdict(True, f"{told}, the latest one among them")
    return Verdict(False, told)
