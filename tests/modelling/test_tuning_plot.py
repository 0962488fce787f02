"""The figure of a search shows every trial, the one before it, the best and the chosen one."""

import io

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from flight_delays.modelling.tuning_plot import plot_trials
from searches import make_tuning

TRIALS = pd.DataFrame(
    {
        "trial": [0, 1, 2, 3],
        "state": ["complete", "pruned", "complete", "complete"],
        "log_loss": [0.5, np.nan, 0.4375, 0.46875],
        "cost": [600, np.nan, 900, 300],
        "difference": [0.0625, np.nan, 0, 0.03125],
        "standard_error": [0.03125, np.nan, 0, 0.0625],
        "chosen": [False, False, False, True],
        "learning_rate": [0.2, 0.3, 0.4, 0.5],
        "max_leaf_nodes": [3, 7, 15, 31],
    }
)


@pytest.fixture(scope="module")
def figure() -> Figure:
    return plot_trials(TRIALS, make_tuning())


def get_points(axes: Axes) -> list[tuple[str, list[list[float]]]]:
    """What is scattered, and where."""
    return [
        (str(points.get_label()), np.asarray(points.get_offsets()).tolist())
        for points in axes.collections
    ]


def test_the_history_shows_every_trial_and_the_best_so_far(figure: Figure) -> None:
    history = figure.axes[0]
    assert get_points(history) == [
        ("Trial", [[0, 0.5], [2, 0.4375], [3, 0.46875]]),
        ("Pruned", [[1, 0.5]]),  # at the worst, where it does not stretch the axis
        ("Before", [[0, 0.5]]),
        ("Best trial", [[2, 0.4375]]),
        ("Chosen", [[3, 0.46875]]),
    ]
    (best,) = history.lines
    assert list(best.get_xdata()) == [0, 2, 3]  # type: ignore[arg-type]
    assert list(best.get_ydata()) == [0.5, 0.4375, 0.4375]  # type: ignore[arg-type]


def test_the_costs_show_what_was_chosen_between(figure: Figure) -> None:
    assert [points for _, points in get_points(figure.axes[1])] == [
        [[600, 0.5], [900, 0.4375], [300, 0.46875]],
        [[600, 0.5]],
        [[900, 0.4375]],
        [[300, 0.46875]],
    ]


def test_each_hyperparameter_has_a_panel_on_its_own_scale(figure: Figure) -> None:
    rates, leaves = figure.axes[2:]
    assert (rates.get_xlabel(), rates.get_xscale()) == ("Learning rate", "log")
    assert (leaves.get_xlabel(), leaves.get_xscale()) == ("Max leaf nodes", "linear")
    assert [points for _, points in get_points(rates)] == [
        [[0.2, 0.5], [0.4, 0.4375], [0.5, 0.46875]],
        [[0.2, 0.5]],
        [[0.4, 0.4375]],
        [[0.5, 0.46875]],
    ]
    assert [points for _, points in get_points(leaves)] == [
        [[3, 0.5], [15, 0.4375], [31, 0.46875]],
        [[3, 0.5]],
        [[15, 0.4375]],
        [[31, 0.46875]],
    ]


def test_the_title_tells_the_chosen_and_the_best(figure: Figure) -> None:
    assert figure.get_suptitle() == (
        "Chosen is trial 3 (log loss 0.46875, cost 300);\n"
        "the best is trial 2 (log loss 0.43750, cost 900), "
        "lower by 0.03125 with a standard error of 0.06250"
    )


def test_a_single_trial_and_a_single_hyperparameter_will_do() -> None:
    space = {"l2_regularization": {"low": 0.1, "high": 1.0}}
    trials = TRIALS.head(1).assign(l2_regularization=0.5, chosen=True)
    figure = plot_trials(trials, make_tuning(search_space=space))
    figure.savefig(io.BytesIO())
    assert figure.axes[2].get_xlabel() == "L2 regularization"


def test_nothing_is_clipped(figure: Figure) -> None:
    figure.savefig(io.BytesIO())  # lays the figure out
    drawn = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert drawn.x0 >= 0
    assert drawn.y0 >= 0
    assert drawn.x1 <= width
    assert drawn.y1 <= height
