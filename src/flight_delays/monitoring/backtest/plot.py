"""Log loss and cost by month and policy, and what each policy gains on never retraining."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from flight_delays.evaluation.plots import COLOURS, DOTS, GUIDE, LEGEND, describe
from flight_delays.parameters import EvaluationParameters

from .report import METRICS

UNITS = {"log_loss": "Log loss (nats per flight)", "cost_per_flight": "Cost per flight"}
WIDTH, HEIGHT = 12.8, 8.4  # inches


def plot_policies(
    policies: pd.DataFrame, summary: pd.DataFrame, evaluation: EvaluationParameters
) -> Figure:
    """Draw log loss and cost by month, and below them how far each policy is from never.

    Args:
        policies: From `score_months`.
        summary: From `score_all_months`.
        evaluation: How sure the bounds of the differences are.

    Returns:
        The figure.
    """
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=100, layout="constrained")
    panels = figure.subplots(2, len(METRICS), sharex=True)
    for (above, below), metric in zip(panels.T, METRICS, strict=True):
        _draw(above, below, policies, metric)
        below.set_xlabel("Month of the flights")
        above.set_ylabel(UNITS[metric])
        below.set_ylabel(f"Above never ({100 * evaluation.confidence_level:g} % interval)")
    rule = summary.set_index("policy").loc["rule"]
    figure.suptitle(
        f"Models trained by the rule: {rule['trained']:.0f}. Their log loss is "
        f"{rule['log_loss_above_never']:+.4f} against never, "
        f"{rule['log_loss_above_monthly']:+.4f} against every month",
        x=0.01,
        horizontalalignment="left",
        fontweight="bold",
    )
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), **LEGEND)
    return figure


def _draw(above: Axes, below: Axes, policies: pd.DataFrame, metric: str) -> None:
    months = sorted(policies["month"].unique())
    names = list(policies["policy"].unique())
    for number, (name, colour) in enumerate(zip(names, COLOURS, strict=False)):
        rows = policies[policies["policy"] == name].set_index("month").loc[months]
        # Thinner and thinner, so that a line shows below one that lies on it.
        style: dict[str, Any] = {"color": colour, "linewidth": 1 + 0.5 * (len(names) - number)}
        above.plot(range(len(months)), rows[metric], label=describe(name), **style)
        if name == "never":
            continue
        difference = rows[f"{metric}_above_never"]
        # Side by side, so that no bar hides another.
        places = [place + 0.12 * (number - len(names) / 2) for place in range(len(months))]
        bounds = rows[[f"{metric}_above_never_lower", f"{metric}_above_never_upper"]].to_numpy().T
        below.vlines(places, *bounds, color=colour, alpha=0.5)
        below.plot(places, difference, color=colour, linestyle="", **DOTS)
    below.axhline(0, **GUIDE)
    below.set_xticks(range(len(months)), months, rotation=45)
    for axes in (above, below):
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
