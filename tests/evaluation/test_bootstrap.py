"""Resampling days gives what scoring the resample would give, and bounds that say so."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.evaluation.bootstrap import compare_log_loss, compute_intervals, resample_metrics
from flight_delays.evaluation.metrics import METRICS, compute_metrics
from tables import EVALUATION

LATE = [True, False, True, False]
PROBABILITY = [0.8, 0.6, 0.4, 0.2]


def test_resampling_equals_scoring_the_flights_of_the_resample() -> None:
    late, probability, day = draw_flights()
    probability = probability.round(2)  # ties
    draws = np.array([[1, 1, 1, 1, 1], [2, 0, 1, 0, 2], [0, 5, 0, 0, 0]])
    resampled = resample_metrics(late, probability, day, draws, EVALUATION)
    for row, draw in enumerate(draws):
        flights = np.repeat(np.arange(late.size), draw[day])
        expected = compute_metrics(late[flights], probability[flights], EVALUATION)
        del expected["expected_calibration_error"]  # its bins are those of the whole table
        assert resampled.loc[row, list(expected)].to_dict() == pytest.approx(expected)


def test_a_resample_of_one_outcome_has_no_ranking() -> None:
    # Day 0 holds the late flights, day 1 the others.
    draws = np.array([[2, 0], [0, 2], [1, 1]])
    resampled = resample_metrics(LATE, PROBABILITY, np.array([0, 1, 0, 1]), draws, EVALUATION)
    ranking = resampled[["roc_auc", "average_precision"]]
    assert ranking.isna().all(axis=1).tolist() == [True, True, False]
    assert ranking.loc[2].tolist() == pytest.approx([3 / 4, (1 + 2 / 3) / 2])


def test_the_calibration_error_is_resampled_in_the_bins_of_the_whole_table() -> None:
    # Day 0 holds the flights of 0.8 and 0.2, day 1 the others; the bins part at 0.5.
    day = np.array([0, 1, 1, 0])
    draws = np.array([[1, 1], [2, 0], [0, 2]])
    resampled = resample_metrics(LATE, PROBABILITY, day, draws, EVALUATION)
    assert list(resampled["expected_calibration_error"]) == pytest.approx([0.2, 0.2, 0.6])


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


def test_a_single_day_has_bounds_without_width() -> None:
    intervals = compute_intervals(LATE, PROBABILITY, ["a"] * 4, EVALUATION)
    value = pd.Series(compute_metrics(LATE, PROBABILITY, EVALUATION))
    np.testing.assert_allclose(intervals["lower"], value[intervals.index])
    np.testing.assert_allclose(intervals["upper"], value[intervals.index])


def test_two_models_are_compared_on_the_same_days() -> None:
    # On day a, one says 1/2 and the other 1/4 of two late flights: log 2 less each. On day b it is
    # the other way round, once. A resample holds a twice, b twice, or both.
    late, day = [True] * 3, ["a", "a", "b"]
    one, other = [0.5, 0.5, 0.25], [0.25, 0.25, 0.5]
    bit = np.log(2)
    compared = compare_log_loss(late, one, other, day, 0.9, EVALUATION)
    assert compared == pytest.approx({"difference": -bit / 3, "lower": -bit, "upper": bit})
    compared = compare_log_loss(late, one, other, day, 0.2, EVALUATION)
    assert compared == pytest.approx({"difference": -bit / 3, "lower": -bit / 3, "upper": -bit / 3})


def test_a_day_counts_as_a_whole() -> None:
    # Every day, one model is better on a flight and the other on another, by as much.
    late, day = [True] * 6, ["a", "a", "b", "b", "c", "c"]
    one, other = [0.5, 0.25] * 3, [0.25, 0.5] * 3
    compared = compare_log_loss(late, one, other, day, 0.9, EVALUATION)
    assert compared == {"difference": 0, "lower": 0, "upper": 0}
    # Were each flight a day, the bounds would be wide.
    compared = compare_log_loss(late, one, other, range(6), 0.9, EVALUATION)
    assert compared["lower"] < -0.1
    assert compared["upper"] > 0.1


def test_a_model_does_not_differ_from_itself() -> None:
    late, probability, day = draw_flights()
    compared = compare_log_loss(late, probability, probability, day, 0.95, EVALUATION)
    assert compared == {"difference": 0, "lower": 0, "upper": 0}


def test_the_model_that_knows_more_is_surely_better() -> None:
    late, probability, day = draw_flights()
    ignorant = np.full(late.size, late.mean())
    better = compare_log_loss(late, probability, ignorant, day, 0.95, EVALUATION)
    assert better["lower"] < better["difference"] < better["upper"] < 0
    worse = compare_log_loss(late, ignorant, probability, day, 0.95, EVALUATION)
    assert worse == pytest.approx(
        {
            "difference": -better["difference"],
            "lower": -better["upper"],
            "upper": -better["lower"],
        }
    )
    assert {type(value) for value in better.values()} == {float}


def draw_flights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw 250 flights on 5 days: whether late, how probable, and the day's number."""
    random = np.random.default_rng(0)
    probability = random.uniform(size=250)
    return random.uniform(size=250) < probability, probability, np.arange(250) % 5
