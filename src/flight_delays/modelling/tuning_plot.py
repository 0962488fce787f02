"""The figure of a search for hyperparameters."""

import numpy as np
import pandas as pd
from matplotlib import color_sequences
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from flight_delays.parameters import TuningParameters

BLUE, ORANGE, GREEN = (color_sequences["okabe_ito"][number] for number in (5, 1, 3))
GREY = "#999999"


def plot_trials(trials: pd.DataFrame, tuning: TuningParameters) -> Figure:
    """Draw how the search went, and how the log loss depends on each hyperparameter.

    Args:
        trials: The finished trials (`tabulate_trials`); trial 0 is what conf said at the start.
        tuning: The search space.

    Returns:
        The figure: above the trials in their order, below a panel for each hyperparameter.
    """
    complete = trials[trials["state"] == "complete"]
    pruned = trials[trials["state"] == "pruned"]
    first, best = complete.iloc[0], complete.nsmallest(1, "log_loss").iloc[0]
    figure = Figure(figsize=(11, 6.5), dpi=120, layout="constrained")
    above, below = figure.subfigures(2, 1, squeeze=False, height_ratios=[1.1, 1])[:, 0]

    history = above.subplots()
    history.scatter(complete["trial"], complete["log_loss"], color=BLUE, label="Trial")
    worst = complete["log_loss"].max()
    history.scatter(
        pruned["trial"], np.full(len(pruned), worst), color=GREY, marker="x", label="Pruned"
    )
    history.step(
        complete["trial"], complete["log_loss"].cummin(), where="post", color=BLUE, label="Best"
    )
    history.set_xlabel("Trial")
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
    for panel, x in zip((history, *panels), ("trial", *tuning.search_space), strict=True):
        panel.scatter([first[x]], [first["log_loss"]], color=ORANGE, label="Before", zorder=3)
        panel.scatter([best[x]], [best["log_loss"]], color=GREEN, label="Best trial", zorder=4)
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(alpha=0.25)
    history.set_ylabel("Log loss (mean of the folds)")
    panels[0].set_ylabel("Log loss")
    history.legend(
        frameon=False, fontsize="small", ncols=5, loc="lower right", bbox_to_anchor=(1, 1)
    )
    figure.suptitle(
        f"The best of {len(trials)} trials has a log loss of {best['log_loss']:.4f}, "
        f"{first['log_loss'] - best['log_loss']:.4f} below the parameters before",
        fontweight="bold",
        x=0.01,
        horizontalalignment="left",
    )
    return figure
