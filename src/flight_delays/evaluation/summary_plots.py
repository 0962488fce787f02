"""The figures of the report's tables: the scores at every lead, and what the model rests on."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from flight_delays.evaluation.headline import select_first_threshold
from flight_delays.parameters import EvaluationParameters

from .plots import COLOURS, DOTS, GUIDE, LEGEND, describe, open_figure

TOP_FEATURES = 20
WIDTH = 11
WHISKERS = {"linewidth": 1.4}


def plot_leads(model_comparison: pd.DataFrame, parameters: EvaluationParameters) -> Figure:
    """Draw how good every model is at each lead, with the intervals as bands.

    Args:
        model_comparison: One row per threshold, lead, model and metric (`ModelComparison`), the
            model called "model" first.
        parameters: The headline lead and the confidence level.

    Returns:
        The figure: beside each other ROC AUC and log loss of the first threshold against the lead.
    """
    model_comparison = select_first_threshold(model_comparison)
    aucs = model_comparison.query("model == 'model' and metric == 'roc_auc'")
    first, last = aucs.iloc[0], aucs.iloc[-1]
    level = f"{100 * parameters.confidence_level:g} % intervals shaded"
    figure, (left, right) = open_figure(
        f"Asked {first['lead_minutes']} minutes before departure, the model reaches a ROC AUC of "
        f"{first['value']:.3f}; {last['lead_minutes']} minutes before, {last['value']:.3f}",
        [f"ROC AUC (higher is better, {level})", f"Log loss (lower is better, {level})"],
        WIDTH,
    )
    for panel, metric in ((left, "roc_auc"), (right, "log_loss")):
        _draw_scores(panel, model_comparison[model_comparison["metric"] == metric])
        panel.axvline(parameters.headline_lead_minutes, label="Headline", **GUIDE)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5, **LEGEND)
    return figure


def _draw_scores(panel: Axes, scores: pd.DataFrame) -> None:
    for name, at_leads in scores.groupby("model", sort=False):
        leads = at_leads["lead_minutes"]
        panel.fill_between(leads, at_leads["lower"], at_leads["upper"], alpha=0.15)
        panel.plot(leads, at_leads["value"], label=describe(name), **DOTS)
    panel.set_xscale("log")
    panel.set_xticks(leads, labels=leads.astype(str))
    panel.xaxis.set_minor_locator(NullLocator())
    panel.set_xlabel("Minutes before departure")


def plot_importance(importance: pd.DataFrame) -> Figure:
    """Draw what the model rests on: the groups, and the features that matter most."""
    groups = importance[importance["level"] == "group"]
    features = importance[importance["level"] == "feature"]
    top = features.nlargest(TOP_FEATURES, "log_loss_increase")
    figure, (left, right) = open_figure(
        f"The model rests most on {describe(groups['name'].iloc[0]).lower()} features",
        ["Groups, each shuffled as a whole", f"The {len(top)} strongest single features"],
        WIDTH,
    )
    figure.supxlabel("Rise of the log loss when shuffled (nats per flight)")
    names = list(groups["name"])
    for panel, bars in ((left, groups), (right, top)):
        panel.barh(
            bars["name"].map(describe),
            bars["log_loss_increase"],
            xerr=bars["standard_error"],
            color=[COLOURS[names.index(group) % len(COLOURS)] for group in bars["group"]],
            error_kw=WHISKERS,
        )
        panel.invert_yaxis()
        panel.locator_params(axis="x", nbins=6)
    return figure
