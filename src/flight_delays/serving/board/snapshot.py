"""What is said of every open flight at one moment."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from .history import select_points
from .served_model import ServedModel

CONDITION = "if the flight operates"
BATCH = 32
"""So many flights are explained at a time: fewer take longer all in all, more hold up others."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What is said at one moment. It never changes, so that it may be read while the next is made.

    Attributes:
        now: The moment.
        flights: The open flights by id, and the `state` of each: it is `asked` about now; it is
            `near`, and the last answer stands; it is `far`, beyond what the version has learnt; or
            it is `waiting` past schedule, for `waited_minutes`, and no probability is told.
        answers: The newest answer about each of them but those that wait, by id.
        features: What the answers rest on, by id.
        served: The version that gave them, all of them.
        history: What was said of them before, every quarter of an hour, by id (`add_points`).
        newest: The newest fact about `flights` and `weather` that was known, NaT without any.
    """

    now: pd.Timestamp
    flights: pd.DataFrame
    answers: pd.DataFrame
    features: pd.DataFrame
    served: ServedModel
    history: pd.DataFrame
    newest: dict[str, pd.Timestamp]
    _explained: dict[str, dict[Any, Any]] = field(default_factory=dict, repr=False)

    @cached_property
    def rows(self) -> dict[str, dict[Any, Any]]:
        """What `get` tells of each flight, by id; a table takes a thousand times as long."""
        told = {row["flight_id"]: row for row in self.flights.to_dict("records")}
        for answer in self.answers.to_dict("records"):
            age = (self.now - answer["prediction_time"]) / pd.Timedelta(minutes=1)
            told[answer["flight_id"]] |= answer | {"age_minutes": age, "condition": CONDITION}
        return told

    @cached_property
    def histories(self) -> dict[str, list[dict[Any, Any]]]:
        """The rows of `get_history` of each flight that was asked about, by id."""
        points = pd.concat([self.history, select_points(self.answers)])
        told: dict[str, list[dict[Any, Any]]] = {}
        for flight_id, point in zip(points.index, points.to_dict("records"), strict=True):
            before = told.setdefault(flight_id, [])
            if not before or before[-1]["prediction_time"] != point["prediction_time"]:
                before.append(point)
        return told

    @property
    def first_probability(self) -> pd.Series:
        """How likely each flight is to be late by the first threshold, NaN without an answer."""
        first = next(name for name in self.answers if str(name).startswith("late_"))
        return self.answers[first].reindex(self.flights.index)

    def get(self, flight_id: str) -> dict[Any, Any] | None:
        """Look up what is said of a flight.

        Args:
            flight_id: The flight.

        Returns:
            The flight with its state and, if there is one, the answer, its age and the condition
            under which its probabilities hold; None if the flight is not open.
        """
        return self.rows.get(flight_id)

    def get_history(self, flight_id: str) -> pd.DataFrame:
        """Look up what has been said of a flight so far.

        Args:
            flight_id: The flight.

        Returns:
            The `prediction_time` and the probabilities (`late_15` and so on), oldest first, the
            newest answer last; no rows for a flight that is not open or was never asked about.
        """
        return pd.DataFrame(self.histories.get(flight_id, []))

    def explain(self, flight_id: str) -> dict[Any, Any] | None:
        """Tell why a flight's probability is what it is; see `ServedModel.explain`.

        Args:
            flight_id: The flight.

        Returns:
            What an ordinary flight has, what each group adds, and the reasons; None if there is no
            answer.
        """
        if flight_id not in self._explained and flight_id in self.answers.index:
            self._explain([flight_id])
        return self._explained.get(flight_id)

    def recall_explanation(self, flight_id: str) -> dict[Any, Any] | None:
        """Give what `explain` would, if it has been found already."""
        return self._explained.get(flight_id)

    def explain_alerts(self) -> Iterator[int]:
        """Explain the flights with an alert at the first threshold, the likeliest first.

        Yields:
            How many have just been explained, so that one can stop between.
        """
        first = next(str(name) for name in self.answers if str(name).startswith("late_"))
        alerts = self.answers[self.answers[first.replace("late_", "alert_")]]
        ids = [*alerts.sort_values(first, ascending=False).index]
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            self._explain(batch)
            yield len(batch)

    def _explain(self, flight_ids: list[str]) -> None:
        told = self.served.explain(self.answers.loc[flight_ids], self.features.loc[flight_ids])
        self._explained.update(zip(flight_ids, told.to_dict("records"), strict=True))
