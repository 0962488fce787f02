"""What a figure or its file shows, as a reader sees it."""

from pathlib import Path

import numpy as np
from matplotlib import colors
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.image import imread

MODEL = "#0072B2"  # the model's colour in every figure


def is_drawn(file: Path) -> bool:
    """Tell whether a picture has a curve, bar or point of the model, on white."""
    pixels = imread(file)[:, :, :3]
    model, white = (
        (np.abs(pixels - colors.to_rgb(c)).max(axis=2) < 0.01) for c in (MODEL, "white")
    )
    return bool(model.sum() > 100 and white.mean() > 0.5)


def get_curves(axes: Axes) -> dict[str, tuple[list[float], list[float]]]:
    """The lines by their labels, in the order in which they are drawn."""
    return {
        str(line.get_label()): (list(line.get_xdata()), list(line.get_ydata()))
        for line in axes.lines
    }


def get_legend(figure: Figure) -> list[str]:
    """The labels of the only legend."""
    (legend,) = [*figure.legends, *filter(None, [axes.get_legend() for axes in figure.axes])]
    return [text.get_text() for text in legend.get_texts()]


def find_legend(figure: Figure) -> str:
    """The corner of the axes that the legend stands in."""
    figure.draw_without_rendering()
    (axes,) = figure.axes
    legend, panel = axes.get_legend().get_window_extent(), axes.get_window_extent()
    height = "lower" if legend.y0 - panel.y0 < panel.y1 - legend.y1 else "upper"
    return height + (" left" if legend.x0 - panel.x0 < panel.x1 - legend.x1 else " right")


def read_axis(axis: Axis) -> tuple[str, list[str]]:
    """What an axis is called, and how it writes the numbers 0 and 1/2."""
    return axis.get_label_text(), axis.get_major_formatter().format_ticks([0, 0.5])
