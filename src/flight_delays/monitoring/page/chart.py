"""Where the marks of the year so far lie in a picture."""

from typing import Any

import numpy as np

WIDTH, HEIGHT = 640, 230
LEFT, RIGHT, TOP, BOTTOM = 40, 16, 12, 44
STEP = 0.05  # nats between the lines
FEWEST_PLACES = 4  # or two months would be at the margins


def lay_out(months: list[dict[str, Any]]) -> dict[str, Any]:
    """Lay out realised and expected log loss by month.

    Args:
        months: As `MonitoredMonth` has them, with the `version` that was champion, the earliest
            first.

    Returns:
        `width`, `height` and where the grid begins, `left`; `marks`, the numbers of each month, its
        `x`, the heights of what was realised and expected, and of both bounds of the difference,
        put on what was expected; and `lines`, the value and height of each line of the grid.
    """
    bounds = [month["expected"] + month[name] for month in months for name in ("lower", "upper")]
    values = [month[name] for month in months for name in ("realised", "expected")] + bounds
    lowest = STEP * np.floor(min(values) / STEP)
    highest = max(STEP * np.ceil(max(values) / STEP), lowest + 2 * STEP)

    def place(value: float) -> float:
        share = (value - lowest) / (highest - lowest)
        return round(float(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)), 1)

    slot = (WIDTH - LEFT - RIGHT) / max(len(months), FEWEST_PLACES)
    marks = [
        {
            **month,
            "x": round(LEFT + (place_number + 0.5) * slot, 1),
            "y_realised": place(month["realised"]),
            "y_expected": place(month["expected"]),
            "y_lower": place(month["expected"] + month["lower"]),
            "y_upper": place(month["expected"] + month["upper"]),
        }
        for place_number, month in enumerate(months)
    ]
    grid = np.arange(round(lowest / STEP), round(highest / STEP) + 1) * STEP
    lines = [{"value": round(float(value), 2), "y": place(float(value))} for value in grid]
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "marks": marks, "lines": lines}
