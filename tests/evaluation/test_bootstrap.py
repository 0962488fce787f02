"""Resampling days gives what scoring the resample would give, and bounds that say so."""

from itertools import product
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from flight_delays.errors import DataError
from flight_delays.evaluation.bootstrap import compute_intervals, draw_blocks, resample_metrics
from flight_delays.evaluation.metrics import METRICS, compute_metrics
from flight_delays.parameters import EvaluationParameters
from tables import EVALUATION

LATE = [True, False, True, False]
PROBABILITY = [0.8, 0.6, 0.4, 0.2]


@pytest.mark.parametrize("is_turned", [False, True])
def test_resampling_equals_scoring_the_flights_of_the_resample(is_turned: bool) -> None:
    late, probability, day = draw_flights()
    late = late ^ is_turned  # so that the likeliest flight is late, or is not
    probability = probability.round(2)  # ties
    draws = np.array([[1, 1, 1, 1, 1], [2, 0, 1, 0, 2], [0, 5, 0, 0, 0]])
    resampled = resample_metrics(late, probability, day, draws, EVALUATION)
    for row, draw in enumerate(draws):
        flights = np.repeat(np.arange(late.size), draw[day])
        expected = compute_metrics(late[flights], probability[flights], EVALUATION)
        del expected["expected_calibration_error"]  # its bins are those of the whole table
        assert resampled.loc[row, list(expected)].to_dict() == pytest.approx(expected)


@pytest.mark.filterwarnings("error")
def test_a_resample_of_one_outcome_has_no_ranking() -> None:
    # Day 0 holds the late flights, day 1 the others.
    draws = np.array([[2, 0], [0, 2], [1, 1]])
    resampled = resample_metrics(LATE, PROBABILITY, np.array([0, 1, 0, 1]), draws, EVALUATION)
    ranking = resampled[["roc_auc", "average_precision"]]
    assert ranking.isna().all(axis=1).tolist() == [True, True, False]
    assert ranking.loc[2].tolist() == pytest.approx([3 / 4, (1 + 2 / 3) / 2])


@pytest.mark.parametrize(
    ("day", "errors"),
    [
        ([0, 1, 1, 0], [0.2, 0.2, 0.6]),
        ([0, 0, 1, 1], [0.2, 0.2, 0.2]),  # a bin each
    ],
)
def test_the_calibration_error_is_resampled_in_the_bins_of_the_whole_table(
    day: list[int], errors: list[float]
) -> None:
    # The bins part at 0.5.
    draws = np.array([[1, 1], [2, 0], [0, 2]])
    resampled = resample_metrics(LATE, PROBABILITY, np.array(day), draws, EVALUATION)
    assert list(resampled["expected_calibration_error"]) == pytest.approx(errors)


@pytest.mark.parametrize("dtype", [object, "float32"])
def test_columns_may_be_of_any_type(dtype: Any) -> None:
    day, draws = np.array([0, 0, 1, 1]), np.array([[1, 1]])
    late, probability = np.array(LATE, dtype), np.array(PROBABILITY, dtype)
    typed = resample_metrics(LATE, probability.astype(float), day, draws, EVALUATION)
    pd.testing.assert_frame_equal(
        resample_metrics(late, probability, day, draws, EVALUATION), typed
    )


def test_intervals_are_the_percentiles_of_resampled_days() -> None:
    # One day without any late flight, one without any other: the share of late flights in a
    # resample is 0, 1/2 or 1, and never alerting costs three times as much.
    late, day = [False, False, True, True], ["a", "a", "b", "b"]
    intervals = compute_intervals(late, [0.1] * 4, day, EVALUATION)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 0, "upper": 3}
    middle = EVALUATION.model_copy(update={"confidence_level": 0.2})
    intervals = compute_intervals(late, [0.1] * 4, day, middle)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 1.5, "upper": 1.5}
    assert sorted(intervals.index) == sorted(METRICS)


@pytest.mark.parametrize("days", [8, 9])
def test_the_fewer_the_blocks_the_further_out_the_percentiles_lie(days: int) -> None:
    # One flight a day, three of them late: a miss costs three. Four whole blocks of two days have
    # three degrees of freedom: the normal distribution leaves .0033 beyond 2.353 * sqrt(4/3).
    parameters = make_blocks(2, bootstrap_resamples=2000)
    late, day = [True] * 3 + [False] * (days - 3), range(days)
    costs = draw_blocks(days, parameters) @ np.multiply(late, 3) / days
    intervals = compute_intervals(late, [0.1] * days, day, parameters)
    expected = np.quantile(costs, [0.0033, 0.9967])
    assert intervals.loc["cost_per_flight"].tolist() == pytest.approx(expected, rel=0.01)
    assert expected[1] > 1.05 * np.quantile(costs, 0.95)


def test_days_are_drawn_and_not_flights() -> None:
    # Every day is half late: whatever days are drawn, the costs stay.
    late, day = [False, True] * 3, ["a", "a", "b", "b", "c", "c"]
    intervals = compute_intervals(late, [0.1] * 6, day, EVALUATION)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 1.5, "upper": 1.5}


def test_every_model_meets_the_same_resamples() -> None:
    late, probability, day = draw_flights()
    first = compute_intervals(late, probability, day, EVALUATION)
    pd.testing.assert_frame_equal(first, compute_intervals(late, probability, day, EVALUATION))
    # Ranking does not change when the probabilities are halved: neither do the bounds.
    halved = compute_intervals(late, probability / 2, day, EVALUATION)
    pd.testing.assert_series_equal(first.loc["roc_auc"], halved.loc["roc_auc"])


def test_too_few_days_for_two_blocks_are_refused() -> None:
    with pytest.raises(DataError, match="Too few days of table test"):
        compute_intervals(LATE, PROBABILITY, ["a"] * 4, EVALUATION)


@pytest.mark.parametrize(("days", "lengths"), [(6, [3, 3]), (5, [3, 2]), (3, [1, 1, 1])])
def test_neighbouring_days_are_drawn_together(days: int, lengths: list[int]) -> None:
    """As many blocks as it takes, the last one cut; after the last day comes the first."""
    blocks = [
        [np.isin(np.arange(days), np.arange(first, first + length) % days) for first in range(days)]
        for length in lengths
    ]
    possible = {tuple(np.sum(drawn, axis=0)) for drawn in product(*blocks)}
    draws = draw_blocks(days, make_blocks(lengths[0]))
    assert draws.shape == (200, days)
    assert {tuple(draw) for draw in draws} == possible


def test_the_first_and_the_last_day_are_drawn_as_often_as_any() -> None:
    draws = draw_blocks(10, make_blocks(5, bootstrap_resamples=4000))
    np.testing.assert_allclose(draws.mean(axis=0), 1, atol=0.06)


def test_blocks_tell_that_few_storms_are_less_sure_than_many_days() -> None:
    # Twelve days, the first six of them late: days drawn one by one know the costs too well.
    late, day = [True] * 6 + [False] * 6, range(12)
    width = {
        length: compute_intervals(late, [0.1] * 12, day, make_blocks(length))
        .loc["cost_per_flight"]
        .diff()["upper"]
        for length in (1, 3)
    }
    assert width[3] > 1.3 * width[1]


def test_the_order_of_the_rows_does_not_matter() -> None:
    late, probability, day = draw_flights()
    turned = np.argsort(probability)
    pd.testing.assert_frame_equal(
        compute_intervals(late, probability, day, make_blocks(2)),
        compute_intervals(late[turned], probability[turned], day[turned], make_blocks(2)),
    )


def test_threads_do_not_wait_for_each_other_over_small_products() -> None:
    threads: list[set[int]] = []

    def look(*arguments: Any) -> pd.DataFrame:
        threads.append({library["num_threads"] for library in threadpool_info()})
        return resample_metrics(*arguments)

    with threadpool_limits(2), patch("flight_delays.evaluation.bootstrap.resample_metrics", look):
        compute_intervals(LATE, PROBABILITY, [*"aabb"], EVALUATION)
    assert threads == [{1}]


def make_blocks(block_days: int, **changes: int) -> EvaluationParameters:
    return EVALUATION.model_copy(update={"block_days": block_days, **changes})


def draw_flights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw 250 flights on 5 days: whether late, how probable, and the day's number."""
    random = np.random.default_rng(0)
    probability = random.uniform(size=250)
    return random.uniform(size=250) < probability, probability, np.arange(250) % 5
