"""What one kind of entity has been doing, seen from each flight's prediction time."""

from collections.abc import Callable

import numpy as np

from .board import Board
from .windows import EventLog, Floats, Integers, divide


class View:
    """The events of the entity that each flight asked about belongs to, up to its prediction time.

    All results have one value per flight asked about. Windows and lags are in minutes; a window
    of w at a lag of l covers the events after P - l - w up to P - l, P being the prediction time.
    """

    def __init__(self, board: Board, *columns: str) -> None:
        """Look at the board by entity.

        Args:
            board: The flights.
            *columns: The columns that name the entity; none for the whole network.
        """
        self.board = board
        self.codes = board.encode(*columns)
        self.asked = self.codes[board.asked]
        # Searches in the order of the log find their way through the cache several times faster.
        self._order = np.lexsort((board.prediction_minute, self.asked))
        self._logs: dict[str, EventLog] = {}
        self._positions: dict[tuple[str, int | None], Integers] = {}

    def count(self, log: str, window: int, lag: int = 0) -> Floats:
        """Count the events in a window."""
        return (self._at(log, lag) - self._at(log, lag + window)).astype(float)

    def mean(self, log: str, value: str, window: int, lag: int = 0) -> Floats:
        """Average a value over the events in a window, NaN where there are none."""
        return divide(self.total(log, value, window, lag), self.count(log, window, lag))

    def total(self, log: str, value: str, window: int, lag: int = 0) -> Floats:
        """Sum a value over the events in a window."""
        start, end = self._at(log, lag + window), self._at(log, lag)
        return self._log(log).total(value, start, end)

    def count_open(self, state: str, lag: int = 0) -> Floats:
        """Count the flights in a state (`waiting`, `airborne`, `overdue`)."""
        begun = self._at(f"{state}_begin", lag) - self._at(f"{state}_begin", None)
        ended = self._at(f"{state}_end", lag) - self._at(f"{state}_end", None)
        return (begun - ended).astype(float)

    def minutes_spent(self, state: str, lag: int = 0, *, open_only: bool = False) -> Floats:
        """Sum the minutes that flights have spent in a state, up to P - lag.

        Args:
            state: `waiting`, `airborne` or `overdue`.
            lag: Minutes before the prediction time.
            open_only: Leave out the flights that have left the state.
        """
        now = self.board.prediction_minute - lag - self.board.first_minute
        spent = now * self.count_open(state, lag) - self._since_first(state, "begin", "start", lag)
        ended = "start" if open_only else "end"
        return spent + self._since_first(state, "end", ended, lag)

    def count_between(self, log: str, after: Integers, until: Integers) -> Floats:
        """Count the events after one minute up to another, both given for each flight."""
        events = self._log(log)
        return (events.find(self.asked, until) - events.find(self.asked, after)).astype(float)

    def last_row(self, log: str, until: Integers) -> Integers:
        """Find the board's row of the last event up to a minute, -1 where there is none."""
        events = self._log(log)
        return events.row(events.find(self.asked, until), self._at(log, None))

    def _since_first(self, state: str, edge: str, value: str, lag: int) -> Floats:
        log = f"{state}_{edge}"
        return self._log(log).total(value, self._at(log, None), self._at(log, lag))

    def _log(self, name: str) -> EventLog:
        if name not in self._logs:
            make: Callable[[Integers], EventLog] = getattr(self.board, f"log_{name}")
            self._logs[name] = make(self.codes)
        return self._logs[name]

    def _at(self, log: str, lag: int | None) -> Integers:
        """Position of P - lag in a log; None stands for the beginning of time."""
        if (log, lag) not in self._positions:
            minute = self.board.prediction_minute[self._order]
            until = np.zeros_like(minute) if lag is None else minute - lag
            positions = np.empty_like(minute)
            positions[self._order] = self._log(log).find(self.asked[self._order], until)
            self._positions[log, lag] = positions
        return self._positions[log, lag]
