"""The one primitive under every rolling feature: events of many entities, summed over windows.

Events are sorted once by entity and time. A window is then two binary searches and one
subtraction of cumulative sums, whatever its length.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

FIXED_POINT = 1000
"""Values are summed as integers of a thousandth. Integer sums are exact, so what a window gives
does not depend, to the last bit, on the events before or after it or on the layers they are in."""


class EventLog:
    """Events that each belong to one entity, happen at one minute and carry values."""

    def __init__(self, entity: Integers, minute: Floats, **values: npt.NDArray[Any]) -> None:
        """Sort the events.

        Args:
            entity: Code of each event's entity, 0 and up; events with a negative code are dropped.
            minute: Minute since an epoch at which it becomes known; events with NaN are dropped.
            **values: What each event carries; finite wherever the event is not dropped.
        """
        rows = np.flatnonzero((entity >= 0) & ~np.isnan(minute))
        # Known from the next whole minute on, should a table come with seconds.
        minutes = np.ceil(minute[rows]).astype(np.int64)
        first, last = (minutes.min(), minutes.max()) if rows.size else (0, 0)
        self._first, self._span = int(first), int(last - first) + 2
        keys = self._key(entity[rows], minutes)
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._rows = rows[order]
        self._values = values
        self._sums: dict[str, Integers] = {}

    def find(self, entity: Integers, until: Integers) -> Integers:
        """Find where in the log a moment falls.

        Args:
            entity: Code of the entity asked about, one a query.
            until: Minute asked about, inclusive.

        Returns:
            A position for `total` and `last`; the difference of two counts the events between.
        """
        if not self._rows.size:
            return np.zeros_like(until)
        return np.searchsorted(self._keys, self._key(entity, until), side="right")

    def total(self, name: str, start: Integers, end: Integers) -> Integers:
        """Sum a value over the events between two positions of the same entity.

        Args:
            name: The value.
            start: Positions before the first event.
            end: Positions after the last.

        Returns:
            The sums, in thousandths.

        Raises:
            ValueError: An event of the log carries no such number.
        """
        if name not in self._sums:
            self._sums[name] = _accumulate(name, self._values[name][self._rows])
        sums = self._sums[name]
        return np.asarray(sums[end] - sums[start])

    def last(self, position: Integers, entity_start: Integers) -> tuple[Integers, Integers]:
        """Tell which event is the last one before a position, and when it was.

        Args:
            position: Where to look back from.
            entity_start: Where the entity's first event stands.

        Returns:
            The event's row among those handed in, -1 if its entity has none before; and its minute,
            which says nothing there.
        """
        if not self._rows.size:
            return np.full(position.shape, -1), np.zeros_like(position)
        rows = np.where(position > entity_start, self._rows[position - 1], -1)
        return rows, self._keys[position - 1] % self._span - 1 + self._first

    def _key(self, entity: Integers, minute: Integers) -> Integers:
        # Offset 0 stands before the entity's first event, so that a window reaching further back
        # than the log never runs into the entity before.
        offset = np.minimum(np.maximum(minute - self._first + 1, 0), self._span - 1)
        return entity * self._span + offset


def _accumulate(name: str, values: npt.NDArray[Any]) -> Integers:
    if not np.isfinite(values).all():
        raise ValueError(f"An event carries no number as its {name}: leave it out of the log.")
    fixed = np.rint(values * FIXED_POINT).astype(np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(fixed)])


def divide(numerator: Floats | Integers, denominator: Floats | Integers) -> Floats:
    """Divide where there is something to divide by, NaN elsewhere."""
    out = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)
