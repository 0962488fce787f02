"""The figures show every model with its values."""

import io
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import AxLine

from figures import MODEL, find_legend, get_curves, get_legend, read_axis
from flight_delays.evaluation.plots import (
    COLOURS,
    plot_cost,
    plot_precision_recall,
    plot_reliability,
    plot_roc,
)
from flight_delays.parameters import EvaluationParameters
from flight_delays.parameters.modelling import Costs
from tables import EVALUATION

LATE = pd.Series([True, False, True, False])
PROBABILITIES = pd.DataFrame({"model": [0.8, 0.6, 0.4, 0.2], "base_rate": [0.5] * 4})
# Of an hour nobody without the aircraft is asked; the first flight alone was so late.
BOTH = pd.concat([PROBABILITIES.assign(without_aircraft=0.25), PROBABILITIES / 2])
BOTH = BOTH.reset_index(drop=True)


def answer(late: pd.Series, minutes: int = 15) -> pd.DataFrame:
    return pd.DataFrame({"threshold_minutes": minutes, "is_late": late})


ANSWERS = pd.concat(
    [answer(LATE), answer(pd.Series([True, False, False, False]), 60)], ignore_index=True
)
FIGURES: dict[str, Callable[[pd.Series, pd.DataFrame], Figure]] = {
    "roc": plot_roc,
    "precision_recall": plot_precision_recall,
    "reliability": lambda late, said: plot_reliability(answer(late), said, EVALUATION),
    "cost": lambda late, said: plot_cost(answer(late), said, EVALUATION),
}


def test_roc_shows_each_model_with_its_area() -> None:
    figure = plot_roc(LATE, PROBABILITIES)
    assert (
        figure.get_suptitle() == "A late flight is ranked above a punctual one\nin 75% of all pairs"
    )
    (axes,) = figure.axes
    assert read_axis(axes.xaxis) == ("Punctual flights alerted (false alarm rate)", ["0%", "50%"])
    assert read_axis(axes.yaxis) == ("Late flights alerted (recall)", ["0%", "50%"])
    assert get_curves(axes) == {
        "Model (AUC 0.750)": ([0, 0, 0.5, 0.5, 1], [0, 0.5, 0.5, 1, 1]),
        "Base rate (AUC 0.500)": ([0, 1], [0, 1]),
    }
    assert get_legend(figure) == [*get_curves(axes)]


def test_precision_recall_shows_each_model_with_its_average_precision() -> None:
    figure = plot_precision_recall(LATE, PROBABILITIES)
    assert figure.get_suptitle() == (
        "Of the alerts that catch half of the late flights,\n100% are right"
    )
    (axes,) = figure.axes
    assert read_axis(axes.xaxis) == ("Late flights alerted (recall)", ["0%", "50%"])
    assert read_axis(axes.yaxis) == ("Alerts that are right (precision)", ["0%", "50%"])
    assert get_curves(axes) == {
        # The first alert is right: precision 1 down to a recall of 0.
        "Model (average precision 0.833)": ([1, 1, 0.5, 0.5, 0], [1 / 2, 2 / 3, 1 / 2, 1, 1]),
        # One probability for all has no threshold between all flights and none.
        "Base rate (average precision 0.500)": ([1, 0], [0.5, 0.5]),
    }
    assert get_legend(figure) == [*get_curves(axes)]
    assert axes.get_ylim()[0] == 0


def test_precision_begins_level_where_it_would_be_noise() -> None:
    # Two late flights of 400 stand for half of a hundredth, and are ranked behind a punctual one.
    late = pd.Series([False, True, True] + 398 * [True])
    ranked = pd.DataFrame({"model": np.linspace(1, 0, len(late))})
    ((recall, precision),) = get_curves(plot_precision_recall(late, ranked).axes[0]).values()
    assert (recall[-1], precision[-1]) == (0, 4 / 5)
    assert recall[-2] == 4 / 400
    assert min(precision) == 4 / 5


def test_reliability_shows_the_bins_and_the_calibration_error() -> None:
    figure = plot_reliability(answer(LATE), PROBABILITIES / 2, EVALUATION)
    assert figure.get_suptitle() == (
        "What is predicted differs from what comes true\nby 25.0 percentage points on average"
    )
    (axes,) = figure.axes
    # The axes are so short that their ticks have a digit more.
    assert read_axis(axes.xaxis) == (
        "Predicted probability of being late (mean of the bin)",
        ["0.0%", "50.0%"],
    )
    assert read_axis(axes.yaxis) == ("Flights that were late (share of the bin)", ["0%", "50%"])
    curves = get_curves(axes)
    # Two flights a bin, however small their probabilities.
    predicted, share = curves["Model (calibration error 0.250)"]
    assert predicted == pytest.approx([0.15, 0.35])
    assert share == [0.5, 0.5]
    assert curves["Base rate (calibration error 0.250)"] == ([0.25], [0.5])
    assert get_legend(figure) == [*curves]
    # A bin is a point, and one by itself is seen as well; twenty do not hide their line.
    model, base_rate, _ = axes.lines
    assert [line.get_marker() for line in axes.lines] == ["o", "o", "None"]
    assert model.get_linewidth() < base_rate.get_markersize() < 2 * model.get_linewidth()


def test_who_is_calibrated_is_on_the_diagonal_of_a_square() -> None:
    (axes,) = plot_reliability(answer(LATE), PROBABILITIES, EVALUATION).axes
    diagonal = axes.lines[-1]
    assert isinstance(diagonal, AxLine)
    assert diagonal.get_label() == "Perfectly calibrated"
    assert (diagonal.get_xy1(), diagonal.get_slope()) == ((0, 0), 1)
    assert (axes.get_xlim()[0], axes.get_ylim()[0], axes.get_aspect()) == (0, 0, 1)


def test_cost_runs_from_never_to_always_alerting() -> None:
    figure = plot_cost(answer(LATE), PROBABILITIES, EVALUATION)
    assert figure.get_suptitle() == (
        "Alerting from a probability of 25% costs 0.25 a flight;\n"
        "to alert always costs 0.50, never 1.50"
    )
    (axes,) = figure.axes
    assert read_axis(axes.xaxis) == (
        "Decision threshold (flights are alerted from this probability on)",
        ["0%", "50%"],
    )
    assert read_axis(axes.yaxis) == (
        "Cost per flight (a false alarm costs 1, a miss 3)",
        ["0.00", "0.50"],
    )
    curves = get_curves(axes)
    assert curves == {
        "Model (0.250 at the threshold)": (
            [1, 0.8, 0.6, 0.4, 0.2, 0],
            [1.5, 0.75, 1, 0.25, 0.5, 0.5],
        ),
        "Base rate (0.500 at the threshold)": ([1, 0.5, 0], [1.5, 0.5, 0.5]),
        "Decision threshold 25.0%": ([0.25, 0.25], [0, 1]),  # from the bottom to the top
    }
    assert get_legend(figure) == [*curves]
    # From one probability down to the next the same flights are alerted.
    assert {line.get_drawstyle() for line in axes.lines[:2]} == {"steps-post"}


def test_reliability_has_a_panel_for_each_threshold_with_the_models_that_answer_it() -> None:
    figure = plot_reliability(ANSWERS, BOTH, EVALUATION)
    assert figure.get_suptitle().endswith("by 20.0 percentage points on average")
    quarter, hour = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "15 minutes late or more",
        "60 minutes late or more",
    ]
    assert [*get_curves(quarter)] == [
        "Model (calibration error 0.200)",
        "Base rate (calibration error 0.000)",
        "Without aircraft (calibration error 0.250)",
        "Perfectly calibrated",
    ]
    assert [*get_curves(hour)] == [
        "Model (calibration error 0.150)",
        "Base rate (calibration error 0.000)",
        "Perfectly calibrated",
    ]
    predicted, share = get_curves(hour)["Model (calibration error 0.150)"]
    assert predicted == pytest.approx([0.15, 0.35])
    assert share == [0, 0.5]


def test_cost_has_a_panel_for_each_threshold_with_its_own_costs() -> None:
    hour = Costs(miss_cost=1, false_alarm_cost=2)
    parameters = EVALUATION.model_copy(update={"costs_by_threshold": {60: hour}})
    figure = plot_cost(ANSWERS, BOTH, parameters)
    assert "costs 0.25 a flight;" in figure.get_suptitle()
    headline = EVALUATION.model_copy(update={"costs_by_threshold": {15: hour}})
    assert plot_cost(ANSWERS, BOTH, headline).get_suptitle() == (
        "Alerting from a probability of 67% costs 0.25 a flight;\n"
        "to alert always costs 1.00, never 0.50"
    )
    assert [axes.get_ylabel() for axes in figure.axes] == [
        "Cost per flight (a false alarm costs 1, a miss 3)",
        "Cost per flight (a false alarm costs 2, a miss 1)",
    ]
    curves = get_curves(figure.axes[1])
    # Nobody is alerted from 2/3 on; below that the late flight is the first one.
    assert curves["Model (0.250 at the threshold)"] == (
        [1, 0.4, 0.3, 0.2, 0.1, 0],
        [0.25, 0, 0.5, 1, 1.5, 1.5],
    )
    assert curves["Decision threshold 66.7%"][0] == [2 / 3, 2 / 3]
    assert "Without aircraft" not in "".join(curves)


@pytest.mark.parametrize("plot", [plot_reliability, plot_cost])
def test_two_panels_are_a_page_twice_as_wide_and_nothing_is_clipped(
    plot: Callable[[pd.DataFrame, pd.DataFrame, EvaluationParameters], Figure],
) -> None:
    figure = plot(ANSWERS, BOTH, EVALUATION)
    figure.savefig(io.BytesIO())  # lays the figure out
    assert figure.bbox.size.tolist() == [1536, 672]
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= 12.8


@pytest.mark.parametrize(
    ("plot", "corner"),
    [
        ("roc", "lower right"),
        ("precision_recall", "upper right"),
        ("reliability", "upper left"),
        ("cost", "lower right"),
    ],
)
def test_the_legend_stands_where_curves_of_good_models_do_not_come(plot: str, corner: str) -> None:
    last = pd.Series([False, False, False, True])  # a rare late flight, the least expected one
    for late in (LATE, ~LATE, last):
        figure = FIGURES[plot](late, PROBABILITIES)
        assert find_legend(figure) == corner
        (axes,) = figure.axes
        assert not axes.get_legend().get_frame_on()
        (size,) = {text.get_fontsize() for text in axes.get_legend().get_texts()}
        assert size < axes.xaxis.label.get_fontsize()


@pytest.mark.parametrize("plot", FIGURES)
def test_a_model_has_the_same_line_in_every_figure(plot: str) -> None:
    names = ["model", *(f"reference_{number}" for number in range(1, len(COLOURS)))]
    lines = FIGURES[plot](LATE, pd.DataFrame(0.5, LATE.index, names)).axes[0].lines
    models, guides = lines[: len(COLOURS)], lines[len(COLOURS) :]
    assert models[0].get_color() == MODEL
    assert [line.get_color() for line in models] == COLOURS
    assert len(set(COLOURS)) == len(COLOURS)
    # The model's is the widest, and lies below the others: theirs can be seen on it.
    assert len({line.get_linewidth() for line in models[1:]}) == 1
    assert models[0].get_linewidth() > models[1].get_linewidth()
    for guide in guides:
        assert (guide.get_color(), guide.get_linestyle()) == ("black", ":")
        assert guide.get_linewidth() < models[1].get_linewidth()


@pytest.mark.parametrize("plot", FIGURES)
def test_nothing_stands_out_but_the_title_and_the_curves(plot: str) -> None:
    figure = FIGURES[plot](LATE, PROBABILITIES)
    figure.savefig(io.BytesIO())  # lays the figure out
    (axes,) = figure.axes
    by_threshold = plot in ("reliability", "cost")
    assert axes.get_title(loc="left") == ("15 minutes late or more" if by_threshold else "")
    (title,) = figure.texts
    assert title.get_fontweight() == "bold"
    assert title.get_window_extent().x0 == pytest.approx(0.01 * figure.bbox.width, abs=2)
    for line in (*axes.get_xgridlines(), *axes.get_ygridlines()):
        assert line.get_visible()
        assert line.get_alpha() == 0.25
    shown = [side for side, spine in axes.spines.items() if spine.get_visible()]
    assert shown == ["left", "bottom"]


@pytest.mark.parametrize("plot", FIGURES)
def test_a_figure_fits_a_page_and_nothing_is_clipped(plot: str) -> None:
    figure = FIGURES[plot](LATE, PROBABILITIES)
    figure.savefig(io.BytesIO())  # lays the figure out
    assert figure.bbox.size.tolist() == [768, 672]
    assert figure.axes[0].get_position().height > 0.6
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= 6.4
    assert drawn.y1 <= 5.6


def test_figures_leave_pyplot_alone() -> None:
    plot_roc(LATE, PROBABILITIES)
    assert not mpl._pylab_helpers.Gcf.get_all_fig_managers()
