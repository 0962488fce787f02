"""The curves of the report: the model against its references, drawn from the predictions.

Everywhere `is_late` holds one boolean per flight, `probabilities` what was predicted for the same
flights: one column a model, named after it, the one called "model" first. `answers` hold `is_late`
by `threshold_minutes`; then a model that does not answer a threshold has no probabilities there.
"""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    confusion_matrix_at_thresholds,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from flight_delays.evaluation.answers import part_by_threshold
from flight_delays.evaluation.metrics import compute_calibration_error, compute_costs
from flight_delays.parameters import EvaluationParameters

Parts = dict[int, tuple[pd.Series, pd.DataFrame]]

# Okabe and Ito's colours, told apart by the colour-blind as well.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6D1F", "#000000"]
WIDTH = 6.4  # inches of a panel
WIDTHS = [2.4] + [1.4] * (len(COLOURS) - 1)  # the model comes first, and shows below the others
GUIDE: dict[str, Any] = {"color": "black", "linestyle": ":", "linewidth": 1.2}
LEGEND: dict[str, Any] = {"frameon": False, "fontsize": "small"}
DOTS: dict[str, Any] = {"marker": "o", "markersize": 4}


def plot_roc(is_late: pd.Series, probabilities: pd.DataFrame) -> Figure:
    """Draw the receiver operating characteristic of every model."""
    aucs = probabilities.apply(lambda probability: roc_auc_score(is_late, probability))
    figure, axes = _open_curves(
        f"A late flight is ranked above a punctual one\nin {aucs['model']:.0%} of all pairs",
        "Punctual flights alerted (false alarm rate)",
        "Late flights alerted (recall)",
    )
    for name, probability in probabilities.items():
        false_alarm_rate, recall, _ = roc_curve(is_late, probability)
        label = f"{describe(name)} (AUC {aucs[name]:.3f})"
        axes.plot(false_alarm_rate, recall, label=label)
    axes.legend(loc="lower right", **LEGEND)
    return figure


def plot_precision_recall(is_late: pd.Series, probabilities: pd.DataFrame) -> Figure:
    """Draw precision against recall of every model."""
    precision, recall, _ = precision_recall_curve(is_late, probabilities["model"])
    figure, axes = _open_curves(
        "Of the alerts that catch half of the late flights,\n"
        f"{precision[recall >= 0.5].max():.0%} are right",
        "Late flights alerted (recall)",
        "Alerts that are right (precision)",
    )
    for name, probability in probabilities.items():
        precision, recall, _ = precision_recall_curve(is_late, probability)
        score = average_precision_score(is_late, probability)
        label = f"{describe(name)} (average precision {score:.3f})"
        # The first hundredth rests on a handful of flights: drawn level instead of as noise.
        steady = recall >= 0.01
        recall, precision = recall[steady], precision[steady]
        axes.plot([*recall, 0], [*precision, precision[-1]], label=label)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper right", **LEGEND)
    return figure


def plot_reliability(
    answers: pd.DataFrame, probabilities: pd.DataFrame, parameters: EvaluationParameters
) -> Figure:
    """Draw what came true of the probabilities, in bins of equal frequency: a panel a threshold."""
    bins, parts = parameters.calibration_bins, _part(answers, probabilities)
    is_late, said = next(iter(parts.values()))
    error = compute_calibration_error(is_late, said["model"], bins)
    figure, panels = _open_panels(
        "What is predicted differs from what comes true\n"
        f"by {100 * error:.1f} percentage points on average",
        parts,
    )
    for axes, (is_late, said) in zip(panels, parts.values(), strict=True):
        for name, probability in said.items():
            share, predicted = calibration_curve(
                is_late, probability, n_bins=bins, strategy="quantile"
            )
            error = compute_calibration_error(is_late, probability, bins)
            label = f"{describe(name)} (calibration error {error:.3f})"
            axes.plot(predicted, share, label=label, **DOTS)
        axes.axline((0, 0), slope=1, label="Perfectly calibrated", **GUIDE)
        axes.set(
            xlim=0,
            ylim=0,
            aspect="equal",
            xlabel="Predicted probability of being late (mean of the bin)",
            ylabel="Flights that were late (share of the bin)",
        )
        axes.legend(loc="upper left", **LEGEND)
    return figure


def plot_cost(
    answers: pd.DataFrame, probabilities: pd.DataFrame, parameters: EvaluationParameters
) -> Figure:
    """Draw the cost per flight against the probability from which flights are alerted.

    A panel a threshold: each has costs of its own.
    """
    parts = _part(answers, probabilities)
    first, (is_late, said) = next(iter(parts.items()))
    costs = parameters.at_threshold(first)
    cost = compute_costs(is_late, said["model"], costs).mean()
    never = costs.miss_cost * is_late.mean()
    always = costs.false_alarm_cost * (1 - is_late.mean())
    figure, panels = _open_panels(
        f"Alerting from a probability of {costs.decision_threshold:.0%} costs {cost:.2f} a "
        f"flight;\nto alert always costs {always:.2f}, never {never:.2f}",
        parts,
    )
    for axes, (minutes, part) in zip(panels, parts.items(), strict=True):
        _draw_costs(axes, *part, parameters.at_threshold(minutes))
    return figure


def _draw_costs(
    axes: Axes, is_late: pd.Series, probabilities: pd.DataFrame, costs: EvaluationParameters
) -> None:
    miss_cost, false_alarm_cost = costs.miss_cost, costs.false_alarm_cost
    for name, probability in probabilities.items():
        _, false_alarms, misses, _, thresholds = confusion_matrix_at_thresholds(
            is_late, probability
        )
        cost = (miss_cost * misses + false_alarm_cost * false_alarms) / len(is_late)
        decided = compute_costs(is_late, probability, costs).mean()
        # Below the smallest probability every flight is alerted, above the largest none.
        axes.plot(
            [1, *thresholds, 0],
            [miss_cost * is_late.mean(), *cost, cost[-1]],
            drawstyle="steps-post",
            label=f"{describe(name)} ({decided:.3f} at the threshold)",
        )
    threshold = costs.decision_threshold
    axes.axvline(threshold, label=f"Decision threshold {threshold:.1%}", **GUIDE)
    axes.set_xlabel("Decision threshold (flights are alerted from this probability on)")
    axes.set_ylabel(
        f"Cost per flight (a false alarm costs {false_alarm_cost:g}, a miss {miss_cost:g})"
    )
    axes.yaxis.set_major_formatter("{x:.2f}")
    axes.legend(loc="lower right", **LEGEND)


def open_figure(title: str, panels: list[str], width: float) -> tuple[Figure, list[Axes]]:
    """Open a figure of panels with titles side by side, in which each model has its colour."""
    figure = Figure(figsize=(width, 5.6), dpi=120, layout="constrained")
    figure.suptitle(title, x=0.01, horizontalalignment="left", fontweight="bold")
    for place, panel in enumerate(panels, 1):
        axes = figure.add_subplot(1, len(panels), place)
        axes.set_title(panel, loc="left")
        axes.set_prop_cycle(color=COLOURS, linewidth=WIDTHS)
        axes.set_axisbelow(True)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    return figure, figure.axes


def _open_curves(title: str, x_label: str, y_label: str) -> tuple[Figure, Axes]:
    figure, (axes,) = open_figure(title, panels=[""], width=WIDTH)
    axes.set(xlabel=x_label, ylabel=y_label)
    _write_percent(axes)
    return figure, axes


def _open_panels(title: str, parts: Parts) -> tuple[Figure, list[Axes]]:
    titles = [f"{minutes} minutes late or more" for minutes in parts]
    figure, panels = open_figure(title, titles, WIDTH * len(titles))
    for axes in panels:
        _write_percent(axes)
    return figure, panels


def _write_percent(axes: Axes) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1))


def _part(answers: pd.DataFrame, probabilities: pd.DataFrame) -> Parts:
    """Part outcomes and probabilities by threshold, with the models that answer it."""
    return {
        minutes: (part["is_late"], probabilities.loc[part.index].dropna(axis="columns"))
        for minutes, part in part_by_threshold(answers).items()
    }


def describe(name: object) -> str:
    """Write a column's name as a reader sees it."""
    return str(name).replace("_", " ").capitalize()
