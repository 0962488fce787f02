"""The figures show every model with its values."""

import io

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from flight_delays.evaluation.plots import (
    plot_cost,
    plot_precision_recall,
    plot_reliability,
    plot_roc,
)
from flight_delays.evaluation.summary_plots import plot_importance, plot_leads
from flight_delays.parameters import EvaluationParameters

PARAMETERS = EvaluationParameters(
    costs_by_threshold={},
    headline_lead_minutes=120,
    miss_cost=3,
    false_alarm_cost=1,
    calibration_bins=2,
    block_days=1,
    bootstrap_resamples=1,
    confidence_level=0.9,
    importance_questions=2,
    random_state=0,
)
LATE = pd.Series([True, False, True, False])
PROBABILITIES = pd.DataFrame({"model": [0.8, 0.6, 0.4, 0.2], "base_rate": [0.5] * 4})
IMPORTANCE = pd.DataFrame(
    {
        "level": ["group"] * 2 + ["feature"] * 30,
        "name": ["weather", "schedule"] + [f"column_{number:02}" for number in range(30)],
        "group": ["weather", "schedule"] + ["weather"] * 15 + ["schedule"] * 15,
        "log_loss_increase": [0.2, 0.1, *np.linspace(0.01, 0.3, 30)],
        "standard_error": 0.01,
    }
)
# Two leads, and scores that come 0.1 from the bounds of their intervals.
COMPARISON = pd.DataFrame(
    [
        (30, "model", "roc_auc", 0.8),
        (30, "model", "log_loss", 0.4),
        (30, "base_rate", "roc_auc", 0.5),
        (30, "base_rate", "log_loss", 0.6),
        (480, "model", "roc_auc", 0.7),
        (480, "model", "log_loss", 0.5),
        (480, "base_rate", "roc_auc", 0.5),
        (480, "base_rate", "log_loss", 0.6),
    ],
    columns=["lead_minutes", "model", "metric", "value"],
).assign(lower=lambda scores: scores["value"] - 0.1, upper=lambda scores: scores["value"] + 0.1)


def get_curves(figure: Figure) -> dict[str, tuple[list[float], list[float]]]:
    return {
        str(line.get_label()): (list(line.get_xdata()), list(line.get_ydata()))  # type: ignore[arg-type]
        for line in figure.axes[0].lines
    }


def get_legend(figure: Figure) -> list[str]:
    (legend,) = [*figure.legends, *filter(None, [axes.get_legend() for axes in figure.axes])]
    return [text.get_text() for text in legend.get_texts()]


def get_labels(axes: Axes) -> list[str]:
    return [label.get_text() for label in axes.get_yticklabels()]


def test_roc_shows_each_model_with_its_area() -> None:
    figure = plot_roc(LATE, PROBABILITIES)
    curves = get_curves(figure)
    assert curves["Model (AUC 0.750)"] == ([0, 0, 0.5, 0.5, 1], [0, 0.5, 0.5, 1, 1])
    assert curves["Base rate (AUC 0.500)"] == ([0, 1], [0, 1])
    assert "75%" in figure.axes[0].get_title(loc="left")
    assert get_legend(figure) == [*curves]
    assert (figure.axes[0].get_xlabel(), figure.axes[0].get_ylabel()) == (
        "Punctual flights alerted (false alarm rate)",
        "Late flights alerted (recall)",
    )


def test_precision_recall_shows_each_model_with_its_average_precision() -> None:
    figure = plot_precision_recall(LATE, PROBABILITIES)
    curves = get_curves(figure)
    # The first alert is right: precision 1 down to a recall of 0.
    recall, precision = curves["Model (average precision 0.833)"]
    assert recall == [1, 1, 0.5, 0.5, 0]
    assert precision == pytest.approx([1 / 2, 2 / 3, 1 / 2, 1, 1])
    # One probability for all has no threshold between all flights and none.
    assert curves["Base rate (average precision 0.500)"] == ([1, 0], [0.5, 0.5])
    assert "100% are right" in figure.axes[0].get_title(loc="left")
    assert get_legend(figure) == [*curves]


def test_precision_begins_level_where_it_would_be_noise() -> None:
    # Two late flights of 400 stand for half of a hundredth, and are ranked behind a punctual one.
    late = pd.Series([False, True, True] + 398 * [True])
    ranked = pd.DataFrame({"model": np.linspace(1, 0, len(late))})
    ((recall, precision),) = get_curves(plot_precision_recall(late, ranked)).values()
    assert (recall[-1], precision[-1]) == (0, 4 / 5)
    assert recall[-2] == 4 / 400
    assert min(precision) == 4 / 5


def test_reliability_shows_the_bins_and_the_calibration_error() -> None:
    figure = plot_reliability(LATE, PROBABILITIES / 2, PARAMETERS)
    # Two flights a bin, however small their probabilities.
    predicted, share = get_curves(figure)["Model (calibration error 0.250)"]
    assert predicted == pytest.approx([0.15, 0.35])
    assert share == [0.5, 0.5]
    axes = figure.axes[0]
    assert "25.0 percentage points" in axes.get_title(loc="left")
    assert get_legend(figure) == [*get_curves(figure)]
    assert axes.lines[-1].get_label() == "Perfectly calibrated"
    assert (axes.get_xlim()[0], axes.get_ylim()[0], axes.get_aspect()) == (0, 0, 1)


def test_cost_runs_from_never_to_always_alerting() -> None:
    figure = plot_cost(LATE, PROBABILITIES, PARAMETERS)
    threshold, cost = get_curves(figure)["Model (0.250 at the threshold)"]
    assert threshold == [1, 0.8, 0.6, 0.4, 0.2, 0]
    assert cost == [1.5, 0.75, 1, 0.25, 0.5, 0.5]
    title = figure.axes[0].get_title(loc="left")
    assert "25% costs 0.25" in title
    assert "always costs 0.50, never 1.50" in title
    assert get_curves(figure)["Decision threshold 25.0%"][0] == [0.25, 0.25]
    assert get_legend(figure) == [*get_curves(figure)]
    assert figure.axes[0].get_ylabel() == "Cost per flight (a false alarm costs 1, a miss 3)"


def test_importance_shows_all_groups_and_the_strongest_features() -> None:
    figure = plot_importance(IMPORTANCE)
    groups, features = figure.axes
    assert "weather features" in figure.get_suptitle()
    assert get_labels(groups) == ["Weather", "Schedule"]
    assert [bar.get_width() for bar in groups.patches] == [0.2, 0.1]  # type: ignore[attr-defined]
    (errors,) = groups.collections
    whiskers = [path.vertices[:, 0].tolist() for path in errors.get_paths()]  # type: ignore[index]
    assert whiskers == pytest.approx(np.array([[0.19, 0.21], [0.09, 0.11]]))
    assert get_labels(features) == [f"Column {number:02}" for number in range(29, 9, -1)]
    widths = [bar.get_width() for bar in features.patches]  # type: ignore[attr-defined]
    assert widths == pytest.approx(np.linspace(0.01, 0.3, 30)[:9:-1])
    # A feature wears the colour of its group.
    assert features.patches[0].get_facecolor() == groups.patches[1].get_facecolor()
    assert features.patches[-1].get_facecolor() == groups.patches[0].get_facecolor()
    assert groups.patches[0].get_facecolor() != groups.patches[1].get_facecolor()


def test_leads_show_every_model_with_its_interval() -> None:
    figure = plot_leads(COMPARISON, PARAMETERS)
    auc, log_loss = figure.axes
    assert auc.get_title(loc="left").startswith("ROC AUC")
    assert log_loss.get_title(loc="left").startswith("Log loss")
    assert get_curves(figure)["Model"] == ([30, 480], [0.8, 0.7])
    assert get_curves(figure)["Base rate"] == ([30, 480], [0.5, 0.5])
    assert list(log_loss.lines[0].get_ydata()) == [0.4, 0.5]
    (shade,) = log_loss.collections[0].get_paths()
    assert sorted(set(shade.vertices[:, 1].round(9))) == [0.3, 0.4, 0.5, 0.6]
    assert get_legend(figure) == ["Model", "Base rate", "Headline"]
    assert get_curves(figure)["Headline"][0] == [120, 120]
    assert [label.get_text() for label in auc.get_xticklabels()] == ["30", "480"]
    assert list(auc.get_xticks(minor=True)) == []
    assert "90 % intervals" in auc.get_title(loc="left")
    assert "0.800; 480 minutes before, 0.700" in figure.get_suptitle()


@pytest.mark.parametrize(
    "figure",
    [
        plot_roc(LATE, PROBABILITIES),
        plot_precision_recall(LATE, PROBABILITIES),
        plot_reliability(LATE, PROBABILITIES, PARAMETERS),
        plot_cost(LATE, PROBABILITIES, PARAMETERS),
        plot_leads(COMPARISON, PARAMETERS),
        plot_importance(IMPORTANCE),
    ],
    ids=["roc", "precision_recall", "reliability", "cost", "leads", "importance"],
)
def test_nothing_is_clipped(figure: Figure) -> None:
    figure.savefig(io.BytesIO())  # lays the figure out
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert drawn.x0 >= 0
    assert drawn.y0 >= 0
    assert drawn.x1 <= width
    assert drawn.y1 <= height


def test_a_model_keeps_its_colour_in_every_figure() -> None:
    figures = [
        plot_roc(LATE, PROBABILITIES),
        plot_precision_recall(LATE, PROBABILITIES),
        plot_reliability(LATE, PROBABILITIES, PARAMETERS),
        plot_cost(LATE, PROBABILITIES, PARAMETERS),
    ]
    colours = {tuple(line.get_color() for line in figure.axes[0].lines[:2]) for figure in figures}
    assert len(colours) == 1


def test_figures_leave_pyplot_alone() -> None:
    plot_roc(LATE, PROBABILITIES)
    assert not mpl._pylab_helpers.Gcf.get_all_fig_managers()
