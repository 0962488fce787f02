"""What one kind of entity has been doing, seen from each question's prediction time."""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from .events import FlightEvents
from .questions import Asked
from .windows import FIXED_POINT, EventLog, Floats, Integers, divide

END_OF_TIME = 2**40  # in minutes


class View:
    """The events of the entity that each flight asked about belongs to, summed over the layers.

    All results have one value per question. Windows and lags are in minutes; a window of w at a
    lag of l covers the events after P - l - w up to P - l, P being the prediction time.
    """

    def __init__(self, layers: Sequence[FlightEvents], asked: Asked, *columns: str) -> None:
        """Look at the facts by entity.

        Args:
            layers: The facts, in one layer at least.
            asked: The questions.
            *columns: The columns that name the entity; none for the whole network.
        """
        self.layers = layers
        self.asked = asked
        self._parts = [_LayerView(layer, asked, columns) for layer in layers]

    def count(self, event: str, window: int, lag: int = 0) -> Floats:
        """Count the events in a window."""
        return self._sum(lambda part: part.count(event, window, lag)).astype(float)

    def total(self, event: str, value: str, window: int, lag: int = 0) -> Floats:
        """Sum a value over the events in a window."""
        return self._sum(lambda part: part.total(event, value, window, lag)) / FIXED_POINT

    def mean(self, event: str, value: str, window: int, lag: int = 0) -> Floats:
        """Average a value over the events in a window, NaN where there are none."""
        return divide(self.total(event, value, window, lag), self.count(event, window, lag))

    def count_open(self, state: str, lag: int = 0) -> Floats:
        """Count the flights in a state (`waiting`, `airborne`, `overdue`)."""
        return self._sum(lambda part: part.count_open(state, lag)).astype(float)

    def minutes_spent(self, state: str, lag: int = 0, *, open_only: bool = False) -> Floats:
        """Sum the minutes that flights have spent in a state, up to P - lag.

        Args:
            state: `waiting`, `airborne` or `overdue`.
            lag: Minutes before the prediction time.
            open_only: Leave out the flights that have left the state.
        """
        spent = self._sum(lambda part: part.total_spent(state, lag, open_only=open_only))
        return spent / FIXED_POINT

    def count_between(self, event: str, after: Integers, until: Integers) -> Floats:
        """Count the events after one minute up to another, both given for each question."""
        return self._sum(lambda part: part.count_between(event, after, until)).astype(float)

    def count_ever(self, event: str) -> Floats:
        """Count the events of all times."""
        return self._sum(lambda part: part.count_ever(event)).astype(float)

    def find_last(self, event: str, until: Integers) -> Integers:
        """Find the flight of the last event up to a minute.

        Of several in the same minute it is the last by scheduled departure and id, in whichever
        layer it stands.

        Args:
            event: The event.
            until: The minute, for each question.

        Returns:
            Rows of the layers laid end to end, for `take`; -1 where there is no such event.
        """
        found, latest, start = np.full(len(until), -1), np.full(len(until), -np.inf), 0
        for part in self._parts:
            row, minute = part.find_last(event, until)
            wins = (row >= 0) & (minute > latest)
            for tie in np.flatnonzero((row >= 0) & (minute == latest)):
                wins[tie] = self._tell_order(start + row[tie]) > self._tell_order(found[tie])
            found, latest = np.where(wins, start + row, found), np.where(wins, minute, latest)
            start += len(part.layer.table)
        return found

    def take(self, name: str, rows: Integers) -> Floats:
        """Take an attribute of the flights that were found, NaN where there is none.

        Args:
            name: An attribute of `FlightEvents`, one number a flight.
            rows: From `find_last`.
        """
        taken = np.full(len(rows), np.nan)
        for layer, here, there in self._part(rows):
            taken[here] = getattr(layer, name)[there]
        return taken

    def take_names(self, column: str, rows: Integers) -> npt.NDArray[np.object_]:
        """Take what the timetable says of the flights that were found, None where there is none."""
        taken = np.full(len(rows), None, dtype=object)
        for layer, here, there in self._part(rows):
            taken[here] = layer.table[column].iloc[there]
        return taken

    def _part(
        self, rows: Integers
    ) -> Iterator[tuple[FlightEvents, npt.NDArray[np.bool_], Integers]]:
        """Part rows by layer: which of them stand there, and in which of its rows."""
        start = 0
        for layer in self.layers:
            end = start + len(layer.table)
            here = (rows >= start) & (rows < end)
            yield layer, here, rows[here] - start
            start = end

    def _sum(self, tell: Callable[["_LayerView"], Integers]) -> Integers:
        return reduce(np.add, map(tell, self._parts))

    def _tell_order(self, row: int) -> tuple[float, str]:
        for layer in self.layers:
            if row < len(layer.table):
                return layer.scheduled_departure[row], layer.table["flight_id"][row]
            row -= len(layer.table)
        raise IndexError(row)


class _LayerView:
    """The part of a view that one layer knows of; sums in thousandths.

    Questions are looked up in the order of the logs, which finds its way through the cache several
    times faster, and answered in their own.
    """

    def __init__(self, layer: FlightEvents, asked: Asked, columns: tuple[str, ...]) -> None:
        self.layer = layer
        self._columns = columns
        entity = asked.names.number_like(layer.names, *columns)
        self._order = np.lexsort((asked.prediction_minute, entity))
        self._entity, self._now = entity[self._order], asked.prediction_minute[self._order]
        self._positions: dict[tuple[str, int | None], Integers] = {}

    def count(self, event: str, window: int, lag: int) -> Integers:
        return self._answer(self._at(event, lag) - self._at(event, lag + window))

    def total(self, event: str, value: str, window: int, lag: int) -> Integers:
        start, end = self._at(event, lag + window), self._at(event, lag)
        return self._answer(self._log(event).total(value, start, end))

    def count_open(self, state: str, lag: int) -> Integers:
        return self._answer(self._open(state, lag))

    def total_spent(self, state: str, lag: int, *, open_only: bool) -> Integers:
        spent = (self._now - lag) * FIXED_POINT * self._open(state, lag)
        begun = self._since_first(f"{state}_begin", "start", lag)
        ended = self._since_first(f"{state}_end", "start" if open_only else "end", lag)
        return self._answer(spent - begun + ended)

    def count_between(self, event: str, after: Integers, until: Integers) -> Integers:
        return self._answer(self._find(event, until) - self._find(event, after))

    def count_ever(self, event: str) -> Integers:
        end = self._log(event).find(self._entity, np.full_like(self._now, END_OF_TIME))
        return self._answer(end - self._at(event, None))

    def find_last(self, event: str, until: Integers) -> tuple[Integers, Integers]:
        row, minute = self._log(event).last(self._find(event, until), self._at(event, None))
        return self._answer(row), self._answer(minute)

    def _open(self, state: str, lag: int) -> Integers:
        begin, end = f"{state}_begin", f"{state}_end"
        begun = self._at(begin, lag) - self._at(begin, None)
        return begun - (self._at(end, lag) - self._at(end, None))

    def _since_first(self, event: str, value: str, lag: int) -> Integers:
        return self._log(event).total(value, self._at(event, None), self._at(event, lag))

    def _log(self, event: str) -> EventLog:
        return self.layer.log(event, *self._columns)

    def _find(self, event: str, until: Integers) -> Integers:
        return self._log(event).find(self._entity, until[self._order])

    def _at(self, event: str, lag: int | None) -> Integers:
        """Position of P - lag; None stands for the beginning of time."""
        if (event, lag) not in self._positions:
            until = np.zeros_like(self._now) if lag is None else self._now - lag
            self._positions[event, lag] = self._log(event).find(self._entity, until)
        return self._positions[event, lag]

    def _answer(self, in_order: Integers) -> Integers:
        answers = np.empty_like(in_order)
        answers[self._order] = in_order
        return answers
