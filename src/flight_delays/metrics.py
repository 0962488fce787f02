"""How good the probabilities are, and how sure the test days let us be of it."""

import numpy as np
import pandas as pd
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
    gap = np.asarray(is_late, dtype=float) - np.asarray(probability)
    gap_by_bin = np.bincount(_find_bins(probability, bins), weights=gap)
    return float(np.abs(gap_by_bin).sum() / gap.size)


def compute_intervals(
    is_late: ArrayLike,
    probability: ArrayLike,
    flight_date: ArrayLike,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Bound every metric by a percentile bootstrap over days (Efron and Tibshirani 1993, ch. 13).

    Whole days are drawn with replacement, because flights of one day share weather and backlog:
    resampling single flights would promise too narrow an interval. The seed alone decides the
    draws, so every model scored on the same flights meets the same resamples. Calibration bins
    stay those of the whole table; the noise of a resample adds to the calibration error, so its
    interval leans upwards. Resamples with one outcome only do not count for the ranking metrics.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        flight_date: The day each flight belongs to.
        parameters: Resamples, confidence level, seed, costs and calibration bins.

    Returns:
        Columns `lower` and `upper`, indexed by the names of `METRICS`.
    """
    day = pd.factorize(np.asarray(flight_date))[0].astype(np.int64)
    days = int(day.max()) + 1
    draws = np.random.default_rng(parameters.random_state).multinomial(
        days, np.full(days, 1 / days), size=parameters.bootstrap_resamples
    )
    resampled = resample_metrics(is_late, probability, day, draws, parameters)
    tail = (1 - parameters.confidence_level) / 2
    bounds = resampled.quantile([tail, 1 - tail]).T
    return bounds.set_axis(["lower", "upper"], axis="columns")


def resample_metrics(
    is_late: ArrayLike,
    probability: ArrayLike,
    day: Integers,
    draws: Integers,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Score resamples of days without building them.

    Equal to `compute_metrics` on each resample, but flights are sorted once, and whatever is a
    mean over flights is summed by day once: some 20 times faster.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        day: The number of each flight's day, from 0.
        draws: How often each resample holds each day, shape (resamples, days).
        parameters: The costs and the number of calibration bins.

    Returns:
        One row per resample, one column for each of `METRICS`.
    """
    late, predicted = np.asarray(is_late, dtype=bool), np.asarray(probability, dtype=float)
    assigned = np.where(late, predicted, 1 - predicted).clip(min=np.finfo(float).eps)
    losses = np.column_stack(
        [-np.log(assigned), (late - predicted) ** 2, compute_costs(late, predicted, parameters)]
    )
    bins = _find_bins(predicted, parameters.calibration_bins)
    gaps = pd.DataFrame({"gap": late - predicted}).groupby([day, bins])["gap"].sum().unstack()

    flights = draws @ np.bincount(day)
    loss_sums = draws @ pd.DataFrame(losses).groupby(day).sum().to_numpy()
    gap_sums = draws @ gaps.fillna(0).to_numpy()
    return pd.DataFrame(
        {
            **dict(zip(RANKING_METRICS, _rank(late, predicted, day, draws).T, strict=True)),
            **dict(zip(MEAN_METRICS, loss_sums.T / flights, strict=True)),
            "expected_calibration_error": np.abs(gap_sums).sum(axis=1) / flights,
        }
    )


def _rank(late: NDArray[np.bool_], probability: Floats, day: Integers, draws: Integers) -> Floats:
    """Compute ROC AUC and average precision of every resample, shape (resamples, 2)."""
    order = np.argsort(-probability, kind="stable")
    late, day = late[order], day[order]
    # Flights of equal probability are alerted together: only the last of them is a threshold.
    thresholds = np.flatnonzero(np.diff(probability[order], append=-1))
    scores = np.empty((len(draws), 2))
    with np.errstate(invalid="ignore"):  # a resample with one outcome only scores NaN
        for row, draw in enumerate(draws):
            weight = draw[day]
            alerts = np.cumsum(weight)[thresholds]
            hits = np.cumsum(weight * late)[thresholds]
            false_alarms = alerts - hits
            area = np.trapezoid(np.append(0, hits), np.append(0, false_alarms))
            precision = hits / np.maximum(alerts, 1)
            scores[row] = (
                area / (hits[-1] * false_alarms[-1]),
                np.sum(np.diff(hits, prepend=0) * precision) / hits[-1],
            )
    return scores


def _find_bins(probability: ArrayLike, bins: int) -> Integers:
    """Number each probability's bin of equal frequency, as scikit-learn's calibration_curve."""
    predicted = np.asarray(probability, dtype=float)
    edges = np.quantile(predicted, np.linspace(0, 1, bins + 1)[1:-1])
    return np.searchsorted(edges, predicted)
