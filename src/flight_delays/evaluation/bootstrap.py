"""How sure the days let us be of a score: resamples of blocks of days."""

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from threadpoolctl import threadpool_limits

from flight_delays.evaluation.days import number_days
from flight_delays.evaluation.metrics import (
    METRICS,
    Floats,
    Integers,
    compute_costs,
    compute_log_losses,
    find_bins,
)
from flight_delays.parameters import EvaluationParameters

RESAMPLES_AT_ONCE = 25  # as many as the processor's cache holds


def compute_intervals(
    is_late: ArrayLike,
    probability: ArrayLike,
    flight_date: ArrayLike,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Bound every metric by the percentiles of a circular block bootstrap (Politis, Romano 1992).

    Blocks of consecutive days are drawn with replacement, because flights of one day share weather
    and backlog, and neighbouring days are alike: resampling single flights, or single days, would
    promise too narrow an interval. So would the usual percentiles of few blocks: they lie further
    out here, as Student's t lies further out than the normal distribution (Hesterberg 2015, the
    expanded percentile interval). The seed alone decides the draws, so every model scored on the
    same flights meets the same resamples. Calibration bins stay those of the whole table; the noise
    of a resample adds to the calibration error, so its interval leans upwards. Resamples with one
    outcome only do not count for the ranking metrics.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What was predicted, one probability per flight.
        flight_date: The day each flight belongs to.
        parameters: Resamples, days of a block, confidence level, seed, costs, calibration bins.

    Returns:
        Columns `lower` and `upper`, indexed by the names of `METRICS`.

    Raises:
        DataError: The days are too few for an interval.
    """
    day = number_days(flight_date, parameters)
    days = int(day.max()) + 1
    draws = draw_blocks(days, parameters)
    # Hundreds of small products: threads would spend their time on waiting for each other.
    with threadpool_limits(1):
        resampled = resample_metrics(is_late, probability, day, draws, parameters)
    blocks = days // parameters.block_days
    quantile = stats.t.ppf((1 + parameters.confidence_level) / 2, blocks - 1)
    tail = stats.norm.sf(quantile * np.sqrt(blocks / (blocks - 1)))
    bounds = resampled.quantile([tail, 1 - tail]).T
    return bounds.set_axis(["lower", "upper"], axis="columns")


def draw_blocks(days: int, parameters: EvaluationParameters) -> Integers:
    """Draw blocks of consecutive days, and count how often each resample holds each day.

    A block may begin on any day; after the last day comes the first, so that all are drawn as
    often. The last block of a resample is cut where the resample is as long as the table.

    Args:
        days: How many there are.
        parameters: Resamples, days of a block, seed.

    Returns:
        Counts, shape (resamples, days).
    """
    resamples, length = parameters.bootstrap_resamples, parameters.block_days
    random = np.random.default_rng(parameters.random_state)
    firsts = random.integers(days, size=(resamples, -(-days // length), 1))
    drawn = ((firsts + np.arange(length)) % days).reshape(resamples, -1)[:, :days]
    cells = drawn + days * np.arange(resamples)[:, np.newaxis]
    return np.bincount(cells.ravel(), minlength=resamples * days).reshape(resamples, days)


def resample_metrics(
    is_late: ArrayLike,
    probability: ArrayLike,
    day: Integers,
    draws: Integers,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Score resamples of days without building them.

    Equal to `compute_metrics` on each resample, but flights are sorted once, and whatever is a sum
    over flights, or over pairs of them, is summed by day once: some 80 times faster.

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
    sums = np.column_stack([loss_sums, np.abs(gap_sums).sum(axis=1)])
    rankings = _rank(late, predicted, day, draws)
    scores = np.column_stack([rankings, sums / flights[:, np.newaxis]])
    return pd.DataFrame(scores, columns=[*METRICS])


def _rank(late: NDArray[np.bool_], probability: Floats, day: Integers, draws: Integers) -> Floats:
    """Compute ROC AUC and average precision of every resample, shape (resamples, 2).

    Both change only where a late flight is alerted, so the thresholds are the probabilities of the
    late flights. What each day adds at each threshold is counted once, and weighted by the draws.
    """
    days, weights = draws.shape[1], draws.astype(float)
    descending = np.unique(-probability[late])

    def count(flights: NDArray[np.bool_], side: Literal["left", "right"] = "left") -> Floats:
        """Count each day's flights at or above (right: above) each threshold, shape (days, n)."""
        first = np.searchsorted(descending, -probability[flights], side)
        counts = np.zeros((days, descending.size + 1))  # one more for those below every threshold
        np.add.at(counts, (day[flights], first), 1)
        return counts[:, :-1].cumsum(axis=1)

    hits, false_alarms = count(late), count(~late)
    # Of late flights of one day (row) and punctual ones of another: how many pairs are in the wrong
    # order. Equal probabilities are half a pair: they count at the threshold, but not above it.
    misranked = np.diff(hits, prepend=0) @ (false_alarms + count(~late, "right")).T / 2
    lates = weights @ np.bincount(day[late], minlength=days)
    pairs = lates * (weights @ np.bincount(day[~late], minlength=days))
    alerts = hits + false_alarms
    precision_sums = []
    for block in np.array_split(weights, len(weights) // RESAMPLES_AT_ONCE + 1):
        found = block @ hits
        precision = found / np.maximum(block @ alerts, 1)
        precision_sums.append(np.sum(np.diff(found, prepend=0) * precision, axis=1))
    with np.errstate(invalid="ignore"):  # a resample with one outcome only scores NaN
        return np.column_stack(
            [
                1 - np.sum((weights @ misranked) * weights, axis=1) / pairs,
                np.concatenate(precision_sums) / np.where(pairs, lates, np.nan),
            ]
        )
