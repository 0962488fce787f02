"""Scores and differences of policies, worked out on paper."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.monitoring.backtest.report import (
    score_all_months,
    score_months,
    score_policy,
    tabulate_played,
)
from tables import EVALUATION

# Two flights a day, one of them late: half a day's loss is log 2 for 1/2, and log 4 - log 3 / 2 for
# 1/4, which misses the late one (3 false alarms) where the limit is above it.
DAYS = pd.date_range("2013-04-30", periods=4)


def make_played() -> pd.DataFrame:
    """One day of April, three of May; the rule is right on the second day of May alone."""
    right = np.repeat([0.5, 0.5, 0.0, 0.5], 2)
    late = np.tile([True, False], 4)
    rule = np.where(right == 0, late, 0.5)
    return pd.DataFrame(
        {
            "flight_date": DAYS.repeat(2),
            "month": DAYS.repeat(2).strftime("%Y-%m"),
            "is_late": late,
            "never": 0.5,
            "rule": rule,
            "monthly": 0.5,
        }
    )


def make_steps() -> pd.DataFrame:
    rows = [
        ("never", "2013-04", True, "promoted", "2013-02"),
        ("never", "2013-05", False, "kept", "2013-03"),
        ("rule", "2013-04", True, "promoted", "2013-02"),
        ("rule", "2013-05", True, "refused", "2013-03"),
        ("monthly", "2013-04", True, "promoted", "2013-02"),
        ("monthly", "2013-05", True, "promoted", "2013-03"),
    ]
    names = ["policy", "month", "trained", "outcome", "candidate_to"]
    steps = pd.DataFrame(rows, columns=names)
    return steps.assign(candidate_from="2013-01", alarm=steps["policy"] != "monthly")


MINUTES = {"2013-01_2013-02": 2.0, "2013-01_2013-03": 3.0}


def test_the_difference_is_bounded_over_the_days() -> None:
    scores = score_policy(make_played(), "rule", ("never", "monthly"), EVALUATION)
    by_day = -np.log(2) * np.array([0, 0, 1, 0])
    # The t quantile of 3 degrees of freedom, 90 %.
    margin = 2.353363 * by_day.std(ddof=1) / 2
    assert scores["log_loss"] == pytest.approx(0.75 * np.log(2))
    for reference in ("never", "monthly"):
        name = f"log_loss_above_{reference}"
        bounds = [scores[f"{name}{end}"] for end in ("", "_lower", "_upper")]
        mean = by_day.mean()
        assert bounds == pytest.approx([mean, mean - margin, mean + margin], rel=1e-5)
    # Half a false alarm a flight, but for the day that is known.
    assert scores["cost_per_flight"] == pytest.approx(0.375)
    assert scores["cost_per_flight_above_never"] == pytest.approx(-0.125)
    assert scores["roc_auc"] == pytest.approx((1 + 6 * 0.5 + 9 * 0.5) / 16 + 0.375, abs=0.2)
    assert scores["flights"] == 8


def test_a_month_too_short_for_an_interval_has_none() -> None:
    april = make_played().head(2)
    scores = score_policy(april, "rule", ("never",), EVALUATION)
    assert scores["log_loss_above_never"] == 0
    assert np.isnan([scores[f"log_loss_above_never_{end}"] for end in ("lower", "upper")]).all()
    alike = april.assign(is_late=False)
    assert np.isnan(score_policy(alike, "rule", ("never",), EVALUATION)["roc_auc"])


def test_each_policy_is_scored_by_month_and_pays_for_what_it_trains() -> None:
    policies = score_months(make_played(), make_steps(), MINUTES, EVALUATION)
    by_step = policies.set_index(["policy", "month"])
    assert by_step.loc[("rule", "2013-05"), "log_loss"] == pytest.approx(2 / 3 * np.log(2))
    assert by_step.loc[("rule", "2013-04"), "log_loss"] == pytest.approx(np.log(2))
    assert list(by_step["flights"]) == [2, 6] * 3
    assert list(by_step["cpu_minutes"]) == [2, 0, 2, 3, 2, 3]
    assert "log_loss_above_monthly" not in policies


def test_the_first_model_is_no_retraining() -> None:
    policies = score_months(make_played(), make_steps(), MINUTES, EVALUATION)
    summary = score_all_months(make_played(), policies, EVALUATION).set_index("policy")
    assert list(summary.index) == ["never", "rule", "monthly"]
    assert list(summary["trained"]) == [0, 1, 1]
    assert list(summary["promoted"]) == [0, 0, 1]
    assert list(summary["alarms"]) == [1, 1, 0]
    assert list(summary["cpu_minutes"]) == [2, 5, 5]
    assert list(summary["flights"]) == [8, 8, 8]
    assert summary.loc["rule", "log_loss_above_monthly"] == pytest.approx(-np.log(2) / 4)


def test_each_month_is_told_by_the_model_of_that_month() -> None:
    answers = pd.DataFrame(
        {"flight_id": ["a", "b", "c"], "month": ["2013-04", "2013-05", "2013-05"]}
    )
    steps = pd.DataFrame(
        {
            "policy": ["never", "never", "rule", "rule"],
            "month": ["2013-04", "2013-05"] * 2,
            "fitted_from": "2013-01",
            "fitted_to": ["2013-02", "2013-02", "2013-02", "2013-03"],
        }
    )
    predictions = {
        "2013-01_2013-02": pd.DataFrame(
            {"flight_id": ["c", "b", "a"], "late_probability": [0.3, 0.2, 0.1]}
        ),
        "2013-01_2013-03": pd.DataFrame({"flight_id": ["c", "b"], "late_probability": [0.6, 0.5]}),
    }
    played = tabulate_played(steps, answers, predictions).set_index("flight_id")
    assert list(played["never"]) == [0.1, 0.2, 0.3]
    assert list(played["rule"]) == [0.1, 0.5, 0.6]
