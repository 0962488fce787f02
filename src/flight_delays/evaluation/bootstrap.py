"""How sure the days let us be of a score: resamples of whole days."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from flight_delays.evaluation.metrics import (
    MEAN_METRICS,
    RANKING_METRICS,
    Floats,
    Integers,
    compute_costs,
    compute_log_losses,
    find_bins,
)
from flight_delays.parameters import EvaluationParameters


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
    day, draws = _draw_days(flight_date, parameters)
    resampled = resample_metrics(is_late, probability, day, draws, parameters)
    tail = (1 - parameters.confidence_level) / 2
    bounds = resampled.quantile([tail, 1 - tail]).T
    return bounds.set_axis(["lower", "upper"], axis="columns")


def compare_log_loss(
    is_late: ArrayLike,
    probability: ArrayLike,
    other: ArrayLike,
    flight_date: ArrayLike,
    confidence_level: float,
    parameters: EvaluationParameters,
) -> dict[str, float]:
    """Bound the difference of two models' log losses by a paired bootstrap over days.

    Both models meet the same resamples, so what makes a day hard for both cancels out.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What the one model predicted.
        other: What the other predicted.
        flight_date: The day each flight belongs to.
        confidence_level: The share of resamples inside the bounds.
        parameters: Resamples and seed.

    Returns:
        `difference`, the one's log loss minus the other's (below 0 where the one is better),
        `lower` and `upper`.
    """
    day, draws = _draw_days(flight_date, parameters)
    late = np.asarray(is_late, dtype=bool)
    difference = compute_log_losses(late, probability) - compute_log_losses(late, other)
    resampled = (draws @ np.bincount(day, difference)) / (draws @ np.bincount(day))
    tail = (1 - confidence_level) / 2
    lower, upper = np.quantile(resampled, [tail, 1 - tail])
    return {
        "difference": float(difference.mean()),
        "lower": float(lower),
        "upper": float(upper),
    }


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
    losses = np.column_stack(
        [
            compute_log_losses(late, predicted),
            (late - predicted) ** 2,
            compute_costs(late, predicted, parameters),
        ]
    )
    bins = find_bins(predicted, parameters.calibration_bins)
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


def _draw_days(
    flight_date: ArrayLike, parameters: EvaluationParameters
) -> tuple[Integers, Integers]:
    """Number the days, and draw how often each resample holds each, shape (resamples, days)."""
    day = pd.factorize(np.asarray(flight_date))[0].astype(np.int64)
    days = int(day.max()) + 1
    draws = np.random.default_rng(parameters.random_state).multinomial(
        days, np.full(days, 1 / days), size=parameters.bootstrap_resamples
    )
    return day, draws


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
