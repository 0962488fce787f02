"""The year so far: the loss of each month beside what the champion itself expected."""

import pandas as pd
from matplotlib.figure import Figure

from flight_delays.evaluation.plots import DOTS, LEGEND, WIDTH, open_figure


def plot_months(months: pd.DataFrame, verdict: str, confidence_level: float) -> Figure:
    """Draw realised and expected log loss by month.

    Args:
        months: From `compare_months`.
        verdict: What to do, for the title.
        confidence_level: How sure the bounds of the difference are.

    Returns:
        The figure. The bars are the bounds of the difference, put on what was expected: where a
        whole bar is above that, the loss surely exceeds it.
    """
    figure, (axes,) = open_figure(verdict, [""], WIDTH)
    bounds = months["expected"].to_numpy() + months[["lower", "upper"]].T.to_numpy()
    axes.vlines(
        months["month"],
        *bounds,
        alpha=0.4,
        label=f"Bounds of the difference ({100 * confidence_level:g} %)",
    )
    axes.plot(months["month"], months["realised"], label="Realised", **DOTS)
    axes.plot(months["month"], months["expected"], label="Expected by the champion itself", **DOTS)
    axes.set(xlabel="Month of the flights", ylabel="Log loss (nats per flight)")
    figure.legend(loc="outside lower center", ncols=3, **LEGEND)
    return figure
