"""Families of features: one statistic over several windows of several entities' past."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .entities import ENTITIES, name_window
from .events import FlightEvents
from .questions import Asked
from .view import View
from .windows import Floats

Statistic = Callable[[View, int], Floats]


def make_families(
    layers: Sequence[FlightEvents],
    asked: Asked,
    families: Mapping[Any, Mapping[Any, list[int]]],
    statistics: dict[str, Statistic],
) -> dict[str, Floats]:
    """Make a column for every entity, statistic and window.

    Args:
        layers: The facts.
        asked: The questions.
        families: Windows in minutes by statistic by entity; window 0 means now.
        statistics: How each statistic is computed.

    Returns:
        Columns such as `origin_departures_late_share_2h`, one value per question.
    """
    columns = {}
    for entity, family in families.items():
        view = View(layers, asked, *ENTITIES[entity])
        for statistic, windows in family.items():
            for window in windows:
                suffix = f"_{name_window(window)}" if window else ""
                columns[f"{entity}_{statistic}{suffix}"] = statistics[statistic](view, window)
    return columns
