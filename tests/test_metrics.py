"""The metrics are right, and resampling days gives what scoring the resample would give."""

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import calibration_curve

from flight_delays.metrics import (
    METRICS,
    compute_calibration_error,
    compute_costs,
    compute_intervals,
    compute_metrics,
    resample_metrics,
)
from flight_delays.parameters import EvaluationParameters

# A miss costs three false alarms: alerts from a probability of 1/4 on.
PARAMETERS = EvaluationParameters(
    miss_cost=3,
    false_alarm_cost=1,
    calibration_bins=2,
    bootstrap_resamples=200,
    confidence_level=0.9,
    importance_rows=1,
    importance_repeats=1,
    random_state=7,
)
LATE = [True, False, True, False]
PROBABILITY = [0.8, 0.6, 0.4, 0.2]


def test_metrics_of_four_flights_worked_out_on_paper() -> None:
    assert compute_metrics(LATE, PROBABILITY, PARAMETERS) == pytest.approx(
        {
            "roc_auc": 3 / 4,
            "average_precision": (1 + 2 / 3) / 2,
            "log_loss": -np.log(0.8 * 0.4 * 0.4 * 0.8) / 4,
            "brier_score": (0.04 + 0.36 + 0.36 + 0.04) / 4,
            "cost_per_flight": 1 / 4,  # one false alarm
            "expected_calibration_error": 0.2,  # half are late; 0.3 and 0.7 were predicted
        }
    )


def test_metrics_are_plain_floats() -> None:
    metrics = compute_metrics(LATE, PROBABILITY, PARAMETERS)
    assert set(metrics) == set(METRICS)
    assert {type(value) for value in metrics.values()} == {float}


@pytest.mark.parametrize("late", [True, False])
def test_flights_of_one_outcome_cannot_be_ranked_but_scored(late: bool) -> None:
    metrics = compute_metrics([late, late], [0.5, 0.5], PARAMETERS)
    assert np.isnan([metrics["roc_auc"], metrics["average_precision"]]).all()
    assert metrics["log_loss"] == pytest.approx(np.log(2))


def test_a_flight_is_alerted_from_the_threshold_on() -> None:
    costs = compute_costs([True, True, False, False], [0.25, 0.24, 0.25, 0.24], PARAMETERS)
    assert list(costs) == [0, 3, 1, 0]


def test_the_threshold_is_where_alert_and_silence_cost_the_same() -> None:
    threshold = PARAMETERS.decision_threshold
    assert threshold * PARAMETERS.miss_cost == (1 - threshold) * PARAMETERS.false_alarm_cost


def test_equal_probabilities_share_a_bin() -> None:
    late = [True, False, False, False]
    assert compute_calibration_error(late, [0.5] * 4, bins=4) == pytest.approx(0.25)


def test_calibration_bins_are_those_of_the_reliability_curve() -> None:
    late, probability, _ = draw_flights()
    share, predicted = calibration_curve(late, probability, n_bins=5, strategy="quantile")
    # 250 different probabilities: every bin holds 50.
    assert compute_calibration_error(late, probability, bins=5) == pytest.approx(
        np.abs(share - predicted).mean()
    )


def test_resampling_equals_scoring_the_flights_of_the_resample() -> None:
    late, probability, day = draw_flights()
    probability = probability.round(2)  # ties
    draws = np.array([[1, 1, 1, 1, 1], [2, 0, 1, 0, 2], [0, 5, 0, 0, 0]])
    resampled = resample_metrics(late, probability, day, draws, PARAMETERS)
    for row, draw in enumerate(draws):
        flights = np.repeat(np.arange(late.size), draw[day])
        expected = compute_metrics(late[flights], probability[flights], PARAMETERS)
        del expected["expected_calibration_error"]  # its bins are those of the whole table
        assert resampled.loc[row, list(expected)].to_dict() == pytest.approx(expected)


def test_the_calibration_error_is_resampled_in_the_bins_of_the_whole_table() -> None:
    # Day 0 holds the flights of 0.8 and 0.2, day 1 the others; the bins part at 0.5.
    day = np.array([0, 1, 1, 0])
    draws = np.array([[1, 1], [2, 0], [0, 2]])
    resampled = resample_metrics(LATE, PROBABILITY, day, draws, PARAMETERS)
    assert list(resampled["expected_calibration_error"]) == pytest.approx([0.2, 0.2, 0.6])


def test_intervals_are_the_percentiles_of_resampled_days() -> None:
    # One day without any late flight, one without any other: the share of late flights in a
    # resample is 0, 1/2 or 1, and never alerting costs three times as much.
    late, day = [False, False, True, True], ["a", "a", "b", "b"]
    intervals = compute_intervals(late, [0.1] * 4, day, PARAMETERS)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 0, "upper": 3}
    middle = PARAMETERS.model_copy(update={"confidence_level": 0.2})
    intervals = compute_intervals(late, [0.1] * 4, day, middle)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 1.5, "upper": 1.5}
    assert sorted(intervals.index) == sorted(METRICS)


def test_days_are_drawn_and_not_flights() -> None:
    # Every day is half late: whatever days are drawn, the costs stay.
    late, day = [False, True] * 3, ["a", "a", "b", "b", "c", "c"]
    intervals = compute_intervals(late, [0.1] * 6, day, PARAMETERS)
    assert intervals.loc["cost_per_flight"].to_dict() == {"lower": 1.5, "upper": 1.5}


def test_every_model_meets_the_same_resamples() -> None:
    late, probability, day = draw_flights()
    first = compute_intervals(late, probability, day, PARAMETERS)
    pd.testing.assert_frame_equal(first, compute_intervals(late, probability, day, PARAMETERS))
    # Ranking does not change when the probabilities are halved: neither do the bounds.
    halved = compute_intervals(late, probability / 2, day, PARAMETERS)
    pd.testing.assert_series_equal(first.loc["roc_auc"], halved.loc["roc_auc"])


def test_a_single_day_has_bounds_without_width() -> None:
    intervals = compute_intervals(LATE, PROBABILITY, ["a"] * 4, PARAMETERS)
    value = pd.Series(compute_metrics(LATE, PROBABILITY, PARAMETERS))
    np.testing.assert_allclose(intervals["lower"], value[intervals.index])
    np.testing.assert_allclose(intervals["upper"], value[intervals.index])


def draw_flights() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw 250 flights on 5 days: whether late, how probable, and the day's number."""
    random = np.random.default_rng(0)
    probability = random.uniform(size=250)
    return random.uniform(size=250) < probability, probability, np.arange(250) % 5
