"""The figures of the report's tables: the scores at every lead, and what the model rests on."""

import itertools

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from flight_delays.evaluation.headline import select_first_threshold
from flight_delays.parameters import EvaluationParameters

from .plots import COLOURS, GUIDE, describe

TOP_FEATURES = 20
LEAD_METRICS = {"roc_auc": "ROC AUC (higher is better", "log_loss": "Log loss (lower is better"}


def plot_leads(model_comparison: pd.DataFrame, parameters: EvaluationParameters) -> Figure:
    """Draw how good every model is at each lead, with the intervals as bands.

    Args:
        model_comparison: One row per lead, model and metric (`ModelComparison`).
        parameters: The headline lead and the confidence level.

    Returns:
        The figure: beside each other ROC AUC and log loss against the lead.
    """
    model_comparison = select_first_threshold(model_comparison)
    figure = Figure(figsize=(11, 5), dpi=120, layout="constrained")
    axes = figure.subplots(1, 2)
    level = f"{100 * parameters.confidence_level:g} % intervals shaded)"
    for panel, (metric, label) in zip(axes, LEAD_METRICS.items(), strict=True):
        scores = model_comparison[model_comparison["metric"] == metric]
        models = scores.groupby("model", sort=False)
        for (name, at_leads), colour in zip(models, itertools.cycle(COLOURS), strict=False):
            leads, width = at_leads["lead_minutes"], 2.4 if name == "model" else 1.4
            panel.fill_between(
                leads, at_leads["lower"], at_leads["upper"], color=colour, alpha=0.15, linewidth=0
            )
            panel.plot(
                leads,
                at_leads["value"],
                color=colour,
                label=describe(name),
                linewidth=width,
                marker="o",
                markersize=4,
            )
        panel.axvline(parameters.headline_lead_minutes, label="Headline", **GUIDE)
        panel.set_xscale("log")
        panel.set_xticks(leads, labels=leads.astype(str))
        panel.xaxis.set_minor_locator(NullLocator())
        panel.set_xlabel("Minutes before departure")
        panel.set_title(f"{label}, {level}", loc="left")
        panel.grid(alpha=0.25)
        panel.spines[["top", "right"]].set_visible(False)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False
    )
    aucs = model_comparison.query("model == 'model' and metric == 'roc_auc'")
    first, last = aucs.iloc[0], aucs.iloc[-1]
    figure.suptitle(
        f"Asked {first['lead_minutes']} minutes before departure, the model reaches a ROC AUC of "
        f"{first['value']:.3f}; {last['lead_minutes']} minutes before, {last['value']:.3f}",
        fontweight="bold",
        x=0.01,
        horizontalalignment="left",
    )
    return figure


def plot_importance(importance: pd.DataFrame) -> Figure:
    """Draw what the model rests on: the groups, and the features that matter most."""
    figure = Figure(figsize=(11, 6), dpi=120, layout="constrained")
    axes = figure.subplots(1, 2, width_ratios=[1, 1.2])
    groups = importance[importance["level"] == "group"]
    features = importance[importance["level"] == "feature"]
    top = features.nlargest(TOP_FEATURES, "log_loss_increase")
    colours = dict(zip(groups["name"], COLOURS, strict=False))
    panels = (
        (groups, "Groups, each shuffled as a whole"),
        (top, f"The {len(top)} strongest single features"),
    )
    for panel, (bars, title) in zip(axes, panels, strict=True):
        panel.barh(
            bars["name"].map(describe),
            bars["log_loss_increase"],
            xerr=bars["standard_error"],
            color=bars["group"].map(colours),
        )
        panel.invert_yaxis()
        panel.set_title(title, loc="left")
        panel.set_xlabel("Rise of the log loss when shuffled (nats per flight)")
        panel.locator_params(axis="x", nbins=6)
        panel.spines[["top", "right"]].set_visible(False)
    figure.suptitle(
        f"The model rests most on {describe(groups['name'].iloc[0]).lower()} features",
        fontweight="bold",
        x=0.01,
        horizontalalignment="left",
    )
    return figure
