"""Why a flight's probability is what it is, as the page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reason:
    """What moves a probability: by so many percentage points, rounded."""

    points: int
    words: str


@dataclass(frozen=True)
class Explanation:
    """Why a flight is as likely to be late as it is.

    Attributes:
        ordinary_probability: Of an ordinary flight so far ahead.
        reasons: What moves this one most, the strongest first; none that rounds to nothing.
        groups: What each group of features adds, in the version's order.
    """

    ordinary_probability: float
    reasons: list[Reason]
    groups: list[Reason]


def read_explanation(told: Mapping[Any, Any]) -> Explanation:
    """Read what `ServedModel.explain` tells of a flight.

    Args:
        told: A row of it.

    Returns:
        The same in percentage points.
    """
    reasons = []
    for reason in filter(None, told["reasons"].split("; ")):
        move, _, words = reason.partition(" ")
        reasons.append(Reason(round(100 * float(move)), words))
    groups = [
        Reason(round(100 * value), str(name).removeprefix("from_"))
        for name, value in told.items()
        if str(name).startswith("from_")
    ]
    telling = [reason for reason in reasons if reason.points]
    return Explanation(told["ordinary_probability"], telling, groups)
