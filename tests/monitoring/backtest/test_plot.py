"""Levels above, differences against never with their bounds below."""

import pandas as pd

from figures import get_curves, get_legend
from flight_delays.monitoring.backtest.plot import plot_policies
from tables import EVALUATION


def test_a_bar_is_the_interval_of_the_difference_against_never() -> None:
    policies = pd.DataFrame(
        {
            "policy": ["never", "never", "rule", "rule"],
            "month": ["2013-04", "2013-05"] * 2,
            "log_loss": [0.4, 0.5, 0.4, 0.45],
            "log_loss_above_never": [0, 0, 0, -0.05],
            "log_loss_above_never_lower": [0, 0, 0, -0.07],
            "log_loss_above_never_upper": [0, 0, 0, -0.03],
        }
    )
    costs = policies.filter(like="log_loss")
    costs.columns = costs.columns.str.replace("log_loss", "cost_per_flight")
    summary = pd.DataFrame(
        {
            "policy": ["never", "rule"],
            "trained": [0, 1],
            "log_loss_above_never": [0, -0.025],
            "log_loss_above_monthly": [0.01, -0.015],
        }
    )
    figure = plot_policies(pd.concat([policies, costs], axis=1), summary, EVALUATION)
    levels, _, differences, _ = figure.axes
    assert get_curves(levels)["Rule"][1] == [0.4, 0.45]
    assert get_legend(figure) == ["Never", "Rule"]
    (bars,) = differences.collections
    assert [list(each[:, 1]) for each in bars.get_segments()] == [[0, 0], [-0.07, -0.03]]  # type: ignore[attr-defined]
    assert differences.get_ylabel() == "Above never (90 % interval)"
    assert figure.get_suptitle().startswith(
        "Models trained by the rule: 1. Their log loss is -0.0250 against never, -0.0150"
    )
