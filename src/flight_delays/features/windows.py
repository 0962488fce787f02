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
does not depend on the events before or after it, to the last bit."""


class EventLog:
    """Events that each belong to one entity, happen at one minute and carry values."""

    def __init__(self, entity: Integers, minute: Floats, **values: npt.NDArray[Any]) -> None:
        """Sort the events.

        Args:
            entity: Code of each event's entity, 0 and up; events with a negative code are dropped.
            minute: Minute since an epoch at which it becomes known; events with NaN are dropped.
            **values: What each event carries, finite numbers.
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
        self._sums = {name: _accumulate(value[rows][order]) for name, value in values.items()}

    def find(self, entity: Integers, until: Integers) -> Integers:
        """Find where in the log a moment falls.

        Args:
            entity: Code of the entity asked about, one a query.
            until: Minute asked about, inclusive.

        Returns:
            A position for `total` and `row`; the difference of two counts the events between.
        """
        return np.searchsorted(self._keys, self._key(entity, until), side="right")

    def total(self, name: str, start: Integers, end: Integers) -> Floats:
        """Sum a value over the events between two positions of the same entity."""
        sums = self._sums[name]
        difference: Floats = (sums[end] - sums[start]) / FIXED_POINT
        return difference

    def row(self, position: Integers, entity_start: Integers) -> Integers:
        """Tell which event is the last one before a position, -1 if its entity has none."""
        if not self._rows.size:
            return np.full(position.shape, -1)
        return np.where(position > entity_start, self._rows[position - 1], -1)

    def _key(self, entity: Integers, minute: Integers) -> Integers:
        # Offset 0 stands before the entity's first event, so that a window reaching further back
        # than the log never runs into the entity before.
        return entity * self._span + np.clip(minute - self._first + 1, 0, self._span - 1)


def _accumulate(values: npt.NDArray[Any]) -> Integers:
    fixed = np.rint(values * FIXED_POINT).astype(np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(fixed)])


def divide(numerator: Floats | Integers, denominator: Floats | Integers) -> Floats:
    """Divide where there is something to divide by, NaN elsewhere."""
    out = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)
