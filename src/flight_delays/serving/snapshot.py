"""What is said of every open flight at one moment."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from .history import select_points
from .served_model import ServedModel

CONDITION = "if the flight operates"


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
    """

    now: pd.Timestamp
    flights: pd.DataFrame
    answers: pd.DataFrame
    features: pd.DataFrame
    served: ServedModel
    history: pd.DataFrame

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
        if flight_id not in self.flights.index:
            return None
        told = _get_row(self.flights, flight_id)
        if flight_id in self.answers.index:
            answer = _get_row(self.answers, flight_id)
            age = (self.now - answer["prediction_time"]) / pd.Timedelta(minutes=1)
            told |= answer | {"age_minutes": age, "condition": CONDITION}
        return told

    def get_history(self, flight_id: str) -> pd.DataFrame:
        """Look up what has been said of a flight so far.

        Args:
            flight_id: The flight.

        Returns:
            The `prediction_time` and the probabilities (`late_15` and so on), oldest first, the
            newest answer last; no rows for a flight that is not open or was never asked about.
        """
        told = [self.history, select_points(self.answers)]
        points = pd.concat([each[each.index == flight_id] for each in told])
        return points.drop_duplicates("prediction_time", ignore_index=True)

    def explain(self, flight_id: str) -> dict[Any, Any] | None:
        """Tell why a flight's probability is what it is; see `ServedModel.explain`.

        Args:
            flight_id: The flight.

        Returns:
            What an ordinary flight has, what each group adds, and the reasons; None if there is no
            answer.
        """
        if flight_id not in self.answers.index:
            return None
        told = self.served.explain(self.answers.loc[[flight_id]], self.features.loc[[flight_id]])
        return _get_row(told, flight_id)


def _get_row(table: pd.DataFrame, flight_id: str) -> dict[Any, Any]:
    return table.loc[[flight_id]].to_dict("records")[0]
