"""The figure of a search for hyperparameters."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib import color_sequences
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from flight_delays.modelling.one_standard_error import describe_choice
from flight_delays.parameters import TuningParameters

BLUE, ORANGE, GREEN = (color_sequences["okabe_ito"][number] for number in (5, 1, 3))
GREY = "#999999"
RING: dict[str, Any] = {"facecolors": "none", "edgecolors": "black", "s": 130, "linewidths": 1.5}


def plot_trials(trials: pd.DataFrame, tuning: TuningParameters) -> Figure:
    """Draw how the search went, and how the log loss depends on each hyperparameter.

    Args:
        trials: The finished trials (`tabulate_trials`); trial 0 is what conf said at the start.
        tuning: The search space.

    Returns:
        The figure: above the trials in their order and by their cost, below a panel for each
        hyperparameter.
    """
    complete = trials[trials["state"] == "complete"]
    pruned = trials[trials["state"] == "pruned"]
    marked = {
        "Before": (complete.iloc[0], {"color": ORANGE}),
        "Best trial": (complete.nsmallest(1, "log_loss").iloc[0], {"color": GREEN}),
        "Chosen": (complete[complete["chosen"]].iloc[0], RING),
    }
    figure = Figure(figsize=(11, 6.5), dpi=120, layout="constrained")
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[1.1, 1])[:, 0]

    history, costs = above.subplots(1, 2, sharey=True, width_ratios=[3, 1])
    history.scatter(complete["trial"], complete["log_loss"], color=BLUE, label="Trial")
    worst = complete["log_loss"].max()
    history.scatter(
        pruned["trial"], np.full(len(pruned), worst), color=GREY, marker="x", label="Pruned"
    )
    history.step(
        complete["trial"],
        complete["log_loss"].cummin(),
        where="post",
        color=BLUE,
        label="Best so far",
    )
    history.set_xlabel("Trial")
    history.xaxis.set_major_locator(MaxNLocator(integer=True))
    costs.scatter(complete["cost"], complete["log_loss"], color=BLUE, s=16)
    costs.set_xlabel("Cost (trees x leaves)")
    costs.xaxis.set_major_formatter("{x:,.0f}")
    panels = below.subplots(1, len(tuning.search_space), sharey=True, squeeze=False)[0]
    for panel, (name, searched) in zip(panels, tuning.search_space.items(), strict=True):
        panel.scatter(complete[name], complete["log_loss"], color=BLUE, s=16)
        panel.set_xlabel(name.replace("_", " ").capitalize())
        if searched.log:
            panel.set_xscale("log")
            subs = (1,) if searched.high > 20 * searched.low else (1, 2, 5)
            panel.xaxis.set_major_locator(LogLocator(subs=subs))
            panel.xaxis.set_minor_formatter(NullFormatter())
            panel.xaxis.set_major_formatter("{x:g}")
    axes = (history, costs, *panels)
    for panel, x in zip(axes, ("trial", "cost", *tuning.search_space), strict=True):
        for label, (trial, style) in marked.items():
            panel.scatter([trial[x]], [trial["log_loss"]], label=label, zorder=3, **style)
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.25)
    history.set_ylabel("Log loss (mean of the folds)")
    panels[0].set_ylabel("Log loss")
    history.legend(
        frameon=False, fontsize="small", ncols=6, loc="lower right", bbox_to_anchor=(1, 1)
    )
    figure.suptitle(
        describe_choice(trials).replace("; ", ";\n"),
        fontsize="medium",
        fontweight="bold",
        x=0.01,
        horizontalalignment="left",
    )
    return figure
