"""The bars of the plot stand where the rule looks."""

import numpy as np
import pandas as pd

from flight_delays.monitoring.plot import plot_months

MONTHS = pd.DataFrame(
    {
        "month": ["2013-10", "2013-11"],
        "realised": [0.5, 0.7],
        "expected": [0.5, 0.5],
        "lower": [-0.1, 0.05],
        "upper": [0.1, 0.35],
    }
)


def test_a_bar_is_above_what_was_expected_where_the_loss_surely_exceeds_it() -> None:
    (axes,) = plot_months(MONTHS, "2013-11: retrain version 7", 0.95).axes
    (bars,) = axes.collections
    heights = [segment[:, 1] for segment in bars.get_segments()]  # type: ignore[attr-defined]
    np.testing.assert_allclose(heights, [[0.4, 0.6], [0.55, 0.85]])
    realised, expected = axes.get_lines()
    assert list(realised.get_ydata()) == [0.5, 0.7]
    assert list(expected.get_ydata()) == [0.5, 0.5]
