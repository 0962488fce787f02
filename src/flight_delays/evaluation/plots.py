"""The curves of the report: the model against its references, drawn from the predictions.

Everywhere `is_late` holds one boolean per flight, `probabilities` what was predicted for the same
flights: one column a model, named after it, the one called "model" first.
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

from flight_delays.evaluation.metrics import compute_calibration_error, compute_costs
from flight_delays.parameters import EvaluationParameters

# Okabe and Ito's colours, told apart by the colour-blind as well.
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8C6D1F", "#000000"]
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
    is_late: pd.Series, probabilities: pd.DataFrame, parameters: EvaluationParameters
) -> Figure:
    """Draw what came true of the probabilities, in bins of equal frequency."""
    bins = parameters.calibration_bins
    errors = {
        name: compute_calibration_error(is_late, probability, bins)
        for name, probability in probabilities.items()
    }
    figure, axes = _open_curves(
        "What is predicted differs from what comes true\n"
        f"by {100 * errors['model']:.1f} percentage points on average",
        "Predicted probability of being late (mean of the bin)",
        "Flights that were late (share of the bin)",
    )
    for name, probability in probabilities.items():
        share, predicted = calibration_curve(is_late, probability, n_bins=bins, strategy="quantile")
        label = f"{describe(name)} (calibration error {errors[name]:.3f})"
        axes.plot(predicted, share, label=label, **DOTS)
    axes.axline((0, 0), slope=1, label="Perfectly calibrated", **GUIDE)
    axes.set(xlim=0, ylim=0, aspect="equal")
    axes.legend(loc="upper left", **LEGEND)
    return figure


def plot_cost(
    is_late: pd.Series, probabilities: pd.DataFrame, parameters: EvaluationParameters
) -> Figure:
    """Draw the cost per flight against the threshold from which flights are alerted."""
    miss_cost, false_alarm_cost = parameters.miss_cost, parameters.false_alarm_cost
    threshold = parameters.decision_threshold
    costs = probabilities.apply(
        lambda probability: compute_costs(is_late, probability, parameters).mean()
    )
    never, always = miss_cost * is_late.mean(), false_alarm_cost * (1 - is_late.mean())
    figure, axes = _open_curves(
        f"Alerting from a probability of {threshold:.0%} costs {costs['model']:.2f} a flight;\n"
        f"to alert always costs {always:.2f}, never {never:.2f}",
        "Decision threshold (flights are alerted from this probability on)",
        f"Cost per flight (a false alarm costs {false_alarm_cost:g}, a miss {miss_cost:g})",
    )
    for name, probability in probabilities.items():
        _, false_alarms, misses, _, thresholds = confusion_matrix_at_thresholds(
            is_late, probability
        )
        cost = (miss_cost * misses + false_alarm_cost * false_alarms) / len(is_late)
        # Below the smallest probability every flight is alerted, above the largest none.
        axes.plot(
            [1, *thresholds, 0],
            [never, *cost, cost[-1]],
            drawstyle="steps-post",
            label=f"{describe(name)} ({costs[name]:.3f} at the threshold)",
        )
    axes.axvline(threshold, label=f"Decision threshold {threshold:.1%}", **GUIDE)
    axes.yaxis.set_major_formatter("{x:.2f}")
    axes.legend(loc="lower right", **LEGEND)
    return figure


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
    figure, (axes,) = open_figure(title, panels=[""], width=6.4)
    axes.set(xlabel=x_label, ylabel=y_label)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1))
    return figure, axes


def describe(name: object) -> str:
    """Write a column's name as a reader sees it."""
    return str(name).replace("_", " ").capitalize()
