"""How what is said of flights has moved in the last hours, as a small line each."""

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from flight_delays.modelling.lateness import name_threshold
from flight_delays.serving.board.history import select_points
from flight_delays.serving.board.snapshot import Snapshot

WINDOW = pd.Timedelta(hours=4)


@dataclass(frozen=True)
class Trend:
    """How likely a flight was said to be late by the first threshold.

    Attributes:
        points: The line as SVG writes it, from left to right in a box of 100 by 100: left is
            `WINDOW` ago and right is now, a probability of 1 is at the top, where y is 0.
        since: The moment of the first point, in UTC.
        first: What was said then.
        newest: What was said last.
    """

    points: str
    since: pd.Timestamp
    first: float
    newest: float

    @property
    def change_points(self) -> int:
        """By how many percentage points it has risen, as they are shown: of whole percents."""
        return round(100 * self.newest) - round(100 * self.first)


def draw_trends(last: Snapshot, thresholds: list[int]) -> dict[str, Trend]:
    """Draw the line of each flight.

    Args:
        last: What is said now.
        thresholds: In minutes, the first one first.

    Returns:
        By flight id, where there are two points of the last hours at least.
    """
    said = pd.concat([last.history, select_points(last.answers)])
    first = name_threshold(thresholds[0])
    said = said[said["prediction_time"].ge(last.now - WINDOW) & said[first].notna()]
    ages = (last.now - said["prediction_time"]).dt.total_seconds() / WINDOW.total_seconds()
    lefts = (100 * (1 - ages)).round(1)
    lines: dict[str, dict[float, float]] = defaultdict(dict)
    for flight_id, left, likely in zip(
        said.index.tolist(), lefts.tolist(), said[first].tolist(), strict=True
    ):
        lines[flight_id][left] = likely
    return {each: _draw(line, last.now) for each, line in lines.items() if len(line) > 1}


def _draw(line: dict[float, float], now: pd.Timestamp) -> Trend:
    points = " ".join(f"{left:g},{100 * (1 - likely):.1f}" for left, likely in line.items())
    likely = [*line.values()]
    since = now - (1 - next(iter(line)) / 100) * WINDOW
    return Trend(points, since.round("min"), likely[0], likely[-1])
