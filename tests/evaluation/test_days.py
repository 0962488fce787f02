"""Days are counted as an interval needs them."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.days import number_days
from tables import EVALUATION

WEEKLY = EVALUATION.model_copy(update={"block_days": 7})


def test_days_are_numbered_in_order_of_time_and_over_gaps() -> None:
    dates = pd.to_datetime(["2013-12-24", "2013-11-30", "2013-12-24", "2013-12-01"])
    assert number_days(dates, EVALUATION).tolist() == [2, 0, 2, 1]


def test_less_than_two_blocks_are_refused() -> None:
    dates = pd.date_range("2013-11-01", periods=14)
    assert number_days(dates, WEEKLY).tolist() == [*range(14)]
    message = (
        r"Too few days of table test .*: 13, .* 2 blocks of 7 days \(evaluation.block_days\)\. "
        r"Lengthen the test split, or wait for more flights\.$"
    )
    with pytest.raises(DataError, match=message):
        number_days(dates[:13].repeat(100), WEEKLY)
