"""How good the probabilities are."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from flight_delays.parameters import EvaluationParameters

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

RANKING_METRICS = ("roc_auc", "average_precision")
MEAN_METRICS = ("log_loss", "brier_score", "cost_per_flight")
METRICS = (*RANKING_METRICS, *MEAN_METRICS, "expected_calibration_error")


def compute_metrics(
    is_late: ArrayLike, probability: ArrayLike, parameters: EvaluationParameters
) -> dict[str, float]:
    """Score the probabilities of being late.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        parameters: The costs and the number of calibration bins.

    Returns:
        The score by the names of `METRICS`. The ranking metrics are NaN where all flights share
        one outcome, because there is no pair to rank.
    """
    late, predicted = np.asarray(is_late, dtype=bool), np.asarray(probability, dtype=float)
    ranks = 0 < late.mean() < 1
    return {
        "roc_auc": float(roc_auc_score(late, predicted)) if ranks else np.nan,
        "average_precision": float(average_precision_score(late, predicted)) if ranks else np.nan,
        "log_loss": float(log_loss(late, predicted, labels=[False, True])),
        "brier_score": float(brier_score_loss(late, predicted)),
        "cost_per_flight": float(compute_costs(late, predicted, parameters).mean()),
        "expected_calibration_error": compute_calibration_error(
            late, predicted, parameters.calibration_bins
        ),
    }


def compute_log_losses(is_late: ArrayLike, probability: ArrayLike) -> Floats:
    """Compute the log loss of every flight; certainty is pulled in as scikit-learn does.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.

    Returns:
        The loss of each flight, in nats.
    """
    predicted = np.asarray(probability, dtype=float)
    assigned = np.where(np.asarray(is_late, dtype=bool), predicted, 1 - predicted)
    return np.asarray(-np.log(assigned.clip(min=np.finfo(float).eps)))


def compute_costs(
    is_late: ArrayLike, probability: ArrayLike, parameters: EvaluationParameters
) -> Floats:
    """Charge every flight for the decision taken on it.

    A flight is alerted from the decision threshold on; an alert for a flight that arrives on time
    is a false alarm, a late flight without one a miss.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        parameters: The costs, which fix the threshold.

    Returns:
        The cost of each flight, in the unit of the parameters.
    """
    late = np.asarray(is_late, dtype=bool)
    alerted = np.asarray(probability) >= parameters.decision_threshold
    return parameters.miss_cost * (late & ~alerted) + parameters.false_alarm_cost * (
        ~late & alerted
    )


def compute_calibration_error(is_late: ArrayLike, probability: ArrayLike, bins: int) -> float:
    """Compute the expected calibration error over bins of equal frequency.

    The mean of |share late - mean probability| over the bins, weighted by their flights (Naeini
    et al. 2015; Guo et al. 2017). Bins of equal frequency, because most probabilities are small
    and equal widths would leave the upper bins nearly empty.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        bins: How many bins; equal probabilities always share one.

    Returns:
        The error, a difference of shares between 0 and 1.
    """
    predicted = np.asarray(probability, dtype=float)
    gap = np.asarray(is_late, dtype=float) - predicted
    gap_by_bin = np.bincount(find_bins(predicted, bins), weights=gap)
    return float(np.abs(gap_by_bin).sum() / gap.size)


def find_bins(probability: ArrayLike, bins: int) -> Integers:
    """Number the bins of equal frequency, as scikit-learn's `calibration_curve` does.

    Args:
        probability: What was predicted, one probability per flight.
        bins: How many bins.

    Returns:
        The number of each flight's bin, from 0.
    """
    predicted = np.asarray(probability, dtype=float)
    edges = np.quantile(predicted, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(edges, predicted)
