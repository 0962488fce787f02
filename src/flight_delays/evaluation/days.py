"""Days hang together: a storm lasts, and its backlog stays overnight. Bounds come from blocks."""

import numpy as np
from numpy.typing import ArrayLike

from flight_delays.errors import DataError
from flight_delays.evaluation.metrics import Integers
from flight_delays.parameters import EvaluationParameters

FEWEST_BLOCKS = 2  # one block does not tell how much blocks differ


def number_days(flight_date: ArrayLike, parameters: EvaluationParameters) -> Integers:
    """Number the days with flights in the order of time, whatever days lie between them.

    Args:
        flight_date: The day each flight belongs to.
        parameters: How many days make a block.

    Returns:
        The number of each flight's day, from 0.

    Raises:
        DataError: The days are too few for an interval.
    """
    days, day = np.unique(np.asarray(flight_date), return_inverse=True)
    if days.size < FEWEST_BLOCKS * parameters.block_days:
        raise DataError(
            f"Too few days of table test to judge by: {days.size}, and an interval takes "
            f"{FEWEST_BLOCKS} blocks of {parameters.block_days} days (evaluation.block_days). "
            "Lengthen the test split, or wait for more flights."
        )
    return day.astype(np.int64)
