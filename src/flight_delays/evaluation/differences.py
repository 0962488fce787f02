"""Whether one model's log loss is surely below another's."""

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from flight_delays.evaluation.days import number_days
from flight_delays.evaluation.metrics import Floats, compute_log_losses
from flight_delays.parameters import EvaluationParameters


def compare_log_losses(
    is_late: ArrayLike,
    probability: ArrayLike,
    other: ArrayLike,
    flight_date: ArrayLike,
    confidence_level: float,
    parameters: EvaluationParameters,
) -> dict[str, float]:
    """Bound the difference of two models' log losses on the same flights.

    It is paired: what makes a day hard for both models cancels out.

    Args:
        is_late: What happened, one boolean per flight.
        probability: What the one model predicted.
        other: What the other predicted.
        flight_date: The day each flight belongs to.
        confidence_level: How often such bounds hold the difference in the long run.
        parameters: How many days make a block.

    Returns:
        `difference`, the one's log loss minus the other's (below 0 where the one is better),
        `lower` and `upper`.

    Raises:
        DataError: The days are too few for an interval.
    """
    losses = compute_log_losses(is_late, probability) - compute_log_losses(is_late, other)
    day = number_days(flight_date, parameters)
    mean, lower, upper = bound_mean(
        np.bincount(day, losses), np.bincount(day), confidence_level, parameters.block_days
    )
    return {"difference": float(mean), "lower": float(lower), "upper": float(upper)}


def bound_mean(
    sums: ArrayLike, flights: ArrayLike, confidence_level: float, block_days: int
) -> tuple[Floats, Floats, Floats]:
    """Bound a mean over flights by the t interval of blocks of days.

    The days are cut into as many blocks of consecutive days as there can be, as equal as can be:
    none is shorter than `block_days`, and none is left out. Their means hardly depend on each
    other, where those of days do, so few of them give an honest t statistic (Ibragimov and Müller
    2010). Blocks count by their flights: the mean is a ratio of sums, and its standard error that
    of the ratio (Cochran 1977, section 6.4).

    Args:
        sums: Sums over the flights of each day, shape (..., days); the days in order of time.
        flights: How many flights each day has, shape (days,).
        confidence_level: How often such bounds hold the mean in the long run.
        block_days: The shortest block; the days must be two such blocks at least.

    Returns:
        The mean, the lower and the upper bound, each of shape (...).
    """
    sums, flights = np.asarray(sums), np.asarray(flights)
    days = sums.shape[-1]
    blocks = days // block_days
    firsts = np.arange(blocks) * days // blocks
    block_sums = np.add.reduceat(sums, firsts, axis=-1)
    block_flights = np.add.reduceat(flights, firsts)

    mean = block_sums.sum(axis=-1) / block_flights.sum()
    residuals = block_sums - mean[..., np.newaxis] * block_flights
    variance = np.sum(residuals**2, axis=-1) * blocks / (blocks - 1)
    error = np.sqrt(variance) / block_flights.sum()
    margin = error * stats.t.ppf((1 + confidence_level) / 2, blocks - 1)
    return mean, mean - margin, mean + margin
