"""The figures of the tables show every model at every lead, and what the model rests on."""

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from figures import MODEL, get_curves, get_legend
from flight_delays.evaluation.plots import COLOURS, describe
from flight_delays.evaluation.summary_plots import plot_importance, plot_leads
from tables import EVALUATION

IMPORTANCE = pd.DataFrame(
    {
        "level": ["group"] * 2 + ["feature"] * 30,
        "name": ["hourly_weather", "schedule"] + [f"column_{number:02}" for number in range(30)],
        "group": ["hourly_weather", "schedule"] + ["hourly_weather"] * 15 + ["schedule"] * 15,
        "log_loss_increase": [0.2, 0.1, *np.linspace(0.01, 0.3, 30)],
        "standard_error": 0.01,
    }
)
# Three leads, and scores that come 0.1 from the bounds of their intervals.
COMPARISON = pd.DataFrame(
    [
        (30, "model", "roc_auc", 0.8),
        (30, "model", "log_loss", 0.4),
        (30, "base_rate", "roc_auc", 0.5),
        (30, "base_rate", "log_loss", 0.6),
        (120, "model", "roc_auc", 0.75),
        (120, "model", "log_loss", 0.45),
        (120, "base_rate", "roc_auc", 0.5),
        (120, "base_rate", "log_loss", 0.6),
        (480, "model", "roc_auc", 0.7),
        (480, "model", "log_loss", 0.5),
        (480, "base_rate", "roc_auc", 0.5),
        (480, "base_rate", "log_loss", 0.6),
    ],
    columns=["lead_minutes", "model", "metric", "value"],
).assign(lower=lambda scores: scores["value"] - 0.1, upper=lambda scores: scores["value"] + 0.1)
# Of an hour late the table tells as well, the figure does not.
COMPARISON = pd.concat(
    [COMPARISON.assign(threshold_minutes=15), COMPARISON.assign(threshold_minutes=60, value=0.9)],
    ignore_index=True,
)


def get_bars(axes: Axes) -> list[tuple[str, float]]:
    """The bars' labels and lengths, from the top down."""
    axes.figure.draw_without_rendering()
    ticks = axes.yaxis.get_major_ticks()
    labels = {tick.get_loc(): tick.label1.get_text() for tick in ticks}
    return [(labels[bar.get_y() + bar.get_height() / 2], bar.get_width()) for bar in axes.patches]


def test_leads_show_every_model_with_its_interval() -> None:
    figure = plot_leads(COMPARISON, EVALUATION)
    assert figure.get_suptitle() == (
        "Asked 30 minutes before departure, the model reaches a ROC AUC of 0.800; "
        "480 minutes before, 0.700"
    )
    auc, log_loss = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "ROC AUC (higher is better, 90 % intervals shaded)",
        "Log loss (lower is better, 90 % intervals shaded)",
    ]
    leads = [30, 120, 480]
    assert get_curves(auc) == {
        "Model": (leads, [0.8, 0.75, 0.7]),
        "Base rate": (leads, [0.5, 0.5, 0.5]),
        "Headline": ([120, 120], [0, 1]),  # from the bottom to the top
    }
    assert get_curves(log_loss) == {
        "Model": (leads, [0.4, 0.45, 0.5]),
        "Base rate": (leads, [0.6, 0.6, 0.6]),
        "Headline": ([120, 120], [0, 1]),
    }
    for axes in figure.axes:
        assert [line.get_marker() for line in axes.lines] == ["o", "o", "None"]


def test_an_interval_is_a_pale_band_in_the_colour_of_its_model() -> None:
    for axes in plot_leads(COMPARISON, EVALUATION).axes:
        for line, band in zip(axes.lines, axes.collections, strict=False):
            (shade,) = band.get_paths()
            value = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
            corners = {(x, round(y - value[x], 9)) for x, y in shade.vertices}
            assert corners == {(lead, off) for lead in (30, 120, 480) for off in (-0.1, 0.1)}
            assert tuple(band.get_facecolor()[0]) == to_rgba(str(line.get_color()), 0.15)


def test_leads_lie_as_far_apart_as_their_ratio_says_and_are_named() -> None:
    for axes in plot_leads(COMPARISON, EVALUATION).axes:
        assert axes.get_xlabel() == "Minutes before departure"
        assert axes.get_xscale() == "log"
        assert axes.get_xticks().tolist() == [30, 120, 480]
        assert [label.get_text() for label in axes.get_xticklabels()] == ["30", "120", "480"]
        assert list(axes.get_xticks(minor=True)) == []


@pytest.mark.parametrize(("references", "lines"), [([], 1), (["first", "second", "third"], 2)])
def test_both_panels_of_the_leads_share_one_legend_below_them(
    references: list[str], lines: int
) -> None:
    """Five names a line are as many as there is room for."""
    scores = [COMPARISON, *(COMPARISON[2:4].assign(model=name) for name in references)]
    figure = plot_leads(pd.concat(scores), EVALUATION)
    names = ["Model", "Base rate", *map(describe, references)]
    assert get_legend(figure) == [*names, "Headline"]
    (legend,) = figure.legends
    assert not legend.get_frame_on()
    figure.draw_without_rendering()
    below, *panels = (part.get_tightbbox() for part in (legend, *figure.axes))
    assert all(below.y1 < panel.y0 for panel in panels)
    assert below.x0 + below.x1 == pytest.approx(figure.bbox.width, abs=2)
    assert len({text.get_window_extent().y0 for text in legend.get_texts()}) == lines


def test_a_model_has_the_line_that_it_has_in_the_curves() -> None:
    for axes in plot_leads(COMPARISON, EVALUATION).axes:
        model, base_rate, headline = axes.lines
        assert [line.get_color() for line in axes.lines] == [MODEL, COLOURS[1], "black"]
        assert model.get_linewidth() > base_rate.get_linewidth()
        assert headline.get_linestyle() == ":"


def test_importance_shows_all_groups_and_the_strongest_features() -> None:
    figure = plot_importance(IMPORTANCE)
    assert figure.get_suptitle() == "The model rests most on hourly weather features"
    assert figure.get_supxlabel() == "Rise of the log loss when shuffled (nats per flight)"
    groups, features = figure.axes
    assert groups.get_title(loc="left") == "Groups, each shuffled as a whole"
    assert features.get_title(loc="left") == "The 20 strongest single features"
    assert get_bars(groups) == [("Hourly weather", 0.2), ("Schedule", 0.1)]
    assert get_bars(features) == [
        (f"Column {number:02}", pytest.approx(0.01 * (number + 1))) for number in range(29, 9, -1)
    ]
    for axes in figure.axes:
        assert axes.yaxis_inverted()  # the first bar on top


def test_a_bar_has_a_thin_whisker_as_long_as_its_standard_error_to_either_side() -> None:
    for axes in plot_importance(IMPORTANCE).axes:
        (errors,) = axes.collections
        whiskers = [path.vertices[:, 0] for path in errors.get_paths()]
        ends = [bar.get_width() + np.array([-0.01, 0.01]) for bar in axes.patches]
        np.testing.assert_allclose(whiskers, ends)
        assert max(errors.get_linewidths()) < 2


def test_a_feature_wears_the_colour_of_its_group() -> None:
    groups, features = plot_importance(IMPORTANCE).axes
    assert [bar.get_facecolor() for bar in groups.patches] == [*map(to_rgba, COLOURS[:2])]
    # The strongest fifteen are of the schedule.
    colours = [bar.get_facecolor() for bar in features.patches]
    assert colours == [to_rgba(COLOURS[1])] * 15 + [to_rgba(COLOURS[0])] * 5


def test_more_groups_than_colours_begin_again() -> None:
    names = [f"group {number}" for number in range(len(COLOURS) + 1)]
    many = pd.DataFrame(
        {
            "level": "group",
            "name": names,
            "group": names,
            "log_loss_increase": 0.1,
            "standard_error": 0.01,
        }
    )
    groups, _ = plot_importance(many).axes
    assert [bar.get_facecolor() for bar in groups.patches] == [
        to_rgba(colour) for colour in [*COLOURS, COLOURS[0]]
    ]


@pytest.mark.filterwarnings("error")
def test_the_numbers_of_an_axis_do_not_run_into_each_other() -> None:
    for axes in plot_importance(IMPORTANCE.assign(standard_error=0)).axes:
        assert 3 <= len(axes.get_xticks()) <= 7


def test_the_grid_lies_behind_the_bars() -> None:
    for axes in plot_importance(IMPORTANCE).axes:
        assert axes.xaxis.get_zorder() < axes.patches[0].get_zorder()


@pytest.mark.parametrize(
    "plot", [lambda: plot_leads(COMPARISON, EVALUATION), lambda: plot_importance(IMPORTANCE)]
)
def test_two_panels_fill_a_wide_page_and_nothing_is_clipped(plot: Callable[[], Figure]) -> None:
    figure = plot()
    figure.savefig(io.BytesIO())  # lays the figure out
    assert figure.bbox.size.tolist() == [1320, 672]
    left, right = (axes.get_position() for axes in figure.axes)
    assert min(left.height, right.height) > 0.6
    assert left.x1 < right.x0
    drawn = figure.get_tightbbox()
    assert min(drawn.x0, drawn.y0) >= 0
    assert drawn.x1 <= 11
    assert drawn.y1 <= 5.6
