"""The metrics are right."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from flight_delays.evaluation.metrics import (
    METRICS,
    compute_calibration_error,
    compute_costs,
    compute_log_losses,
    compute_metrics,
)
from tables import EVALUATION

LATE = [True, False, True, False]
PROBABILITY = [0.8, 0.6, 0.4, 0.2]


def test_metrics_of_four_flights_worked_out_on_paper() -> None:
    assert compute_metrics(LATE, PROBABILITY, EVALUATION) == pytest.approx(
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
    metrics = compute_metrics(LATE, PROBABILITY, EVALUATION)
    assert set(metrics) == set(METRICS)
    assert {type(value) for value in metrics.values()} == {float}


def test_columns_may_be_of_objects() -> None:
    late, probability = np.array(LATE, object), np.array(PROBABILITY, object)
    for compute in (compute_metrics, compute_costs):
        typed = compute(LATE, PROBABILITY, EVALUATION)
        np.testing.assert_equal(compute(late, probability, EVALUATION), typed)
    np.testing.assert_equal(
        compute_log_losses(late, probability), compute_log_losses(LATE, PROBABILITY)
    )
    assert compute_calibration_error(late, probability, bins=2) == pytest.approx(0.2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("late", [True, False])
def test_flights_of_one_outcome_cannot_be_ranked_but_scored(late: bool) -> None:
    metrics = compute_metrics([late, late], [0.5, 0.5], EVALUATION)
    assert np.isnan([metrics["roc_auc"], metrics["average_precision"]]).all()
    assert metrics["log_loss"] == pytest.approx(np.log(2))


def test_the_log_loss_of_a_flight_is_that_of_what_happened() -> None:
    losses = compute_log_losses(LATE, PROBABILITY)
    np.testing.assert_allclose(losses, -np.log([0.8, 0.4, 0.4, 0.8]))
    assert losses.mean() == pytest.approx(log_loss(LATE, PROBABILITY))


def test_who_was_certain_and_wrong_loses_much_but_not_everything() -> None:
    assert compute_log_losses([True], [0]) == pytest.approx(log_loss([True], [0], labels=[0, 1]))


def test_a_flight_is_alerted_from_the_threshold_on() -> None:
    costs = compute_costs([True, True, False, False], [0.25, 0.24, 0.25, 0.24], EVALUATION)
    assert list(costs) == [0, 3, 1, 0]


def test_the_threshold_is_where_alert_and_silence_cost_the_same() -> None:
    threshold = EVALUATION.decision_threshold
    assert threshold * EVALUATION.miss_cost == (1 - threshold) * EVALUATION.false_alarm_cost


def test_equal_probabilities_share_a_bin() -> None:
    late = [True, False, False, False]
    assert compute_calibration_error(late, [0.5] * 4, bins=4) == pytest.approx(0.25)


def test_calibration_bins_are_those_of_the_reliability_curve() -> None:
    random = np.random.default_rng(0)
    probability = random.uniform(size=250)
    late = random.uniform(size=250) < probability
    share, predicted = calibration_curve(late, probability, n_bins=5, strategy="quantile")
    # 250 different probabilities: every bin holds 50.
    assert compute_calibration_error(late, probability, bins=5) == pytest.approx(
        np.abs(share - predicted).mean()
    )
