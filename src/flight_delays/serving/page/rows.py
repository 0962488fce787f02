"""Open flights as a person reads them, from what is said at a moment."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import pandas as pd

from flight_delays.serving.board.snapshot import Snapshot
from flight_delays.serving.facts.names import Names

from .trends import Trend, draw_trends


@dataclass(frozen=True)
class Risk:
    """How likely a flight is to be so late.

    Attributes:
        minutes: So late or later.
        probability: None of a threshold that the version which answered did not know.
        alert: Whether an alert pays.
    """

    minutes: int
    probability: float | None
    alert: bool

    @property
    def tenth(self) -> int:
        """The step of the colour scale: 0 below a tenth, 9 from nine tenths on."""
        return min(int((self.probability or 0) * 10), 9)


@dataclass(frozen=True)
class Row:
    """An open flight.

    Attributes:
        flight_id: The flight.
        flight: What people call it: carrier and number.
        origin: Where it leaves.
        destination: Where to.
        carrier: Who flies it.
        due: Its scheduled departure, with the time zone of the origin.
        state: As in `Snapshot`.
        waited_minutes: Past schedule, if it waits.
        age_minutes: Since it was asked about, if there is an answer.
        risks: By threshold, the first one first; none without an answer.
        trend: How the first of them has moved; None with fewer than two points.
    """

    flight_id: str
    flight: str
    origin: str
    destination: str
    carrier: str
    due: datetime
    state: str
    waited_minutes: int | None
    age_minutes: int | None
    risks: tuple[Risk, ...]
    trend: Trend | None

    @property
    def anchor(self) -> str:
        """The flight as a part of HTML's ids, which have no blanks."""
        return quote(self.flight_id, safe="")

    @property
    def due_local(self) -> datetime:
        """Its scheduled departure as the clock of the origin shows it."""
        return self.due.replace(tzinfo=None)

    @property
    def waits(self) -> bool:
        """Whether it is past its schedule."""
        return self.state == "waiting"

    @property
    def first_probability(self) -> float | None:
        """How likely it is to be late by the first threshold."""
        return self.risks[0].probability if self.risks else None


@lru_cache(maxsize=1)  # many ask between two ticks, and all are told the same
def list_rows(last: Snapshot, names: Names) -> tuple[Row, ...]:
    """List the open flights in the order of their schedule.

    Args:
        last: What is said now.
        names: The airports with their time zones.

    Returns:
        The flights.
    """
    answers: dict[Any, dict[Any, Any]] = last.answers.to_dict("index")
    thresholds = list_thresholds(last)
    trends = draw_trends(last, thresholds)
    in_order = last.flights.sort_values(["scheduled_departure", "flight_id"])
    rows = []
    for flight in in_order.to_dict("records"):
        flight_id = flight["flight_id"]
        answer = answers.get(flight_id)
        waits = flight["state"] == "waiting"
        due = flight["scheduled_departure"].tz_convert(names.find_time_zone(flight["origin"]))
        rows.append(
            Row(
                flight_id=flight_id,
                flight=f"{flight['carrier']} {flight['flight_number']}",
                **{name: flight[name] for name in ("origin", "destination", "carrier", "state")},
                due=due.to_pydatetime(),
                waited_minutes=int(flight["waited_minutes"]) if waits else None,
                age_minutes=_count_minutes(answer["prediction_time"], last.now) if answer else None,
                risks=_list_risks(answer, thresholds) if answer else (),
                trend=trends.get(flight_id),
            )
        )
    return tuple(rows)


def list_thresholds(last: Snapshot) -> list[int]:
    """List the thresholds that are answered, in minutes, the first one first."""
    names = map(str, last.answers.columns)
    return sorted(int(name.removeprefix("late_")) for name in names if name.startswith("late_"))


def _list_risks(answer: dict[Any, Any], thresholds: list[int]) -> tuple[Risk, ...]:
    risks = []
    for minutes in thresholds:
        likely = answer[f"late_{minutes}"]
        is_known = not pd.isna(likely)
        alert = is_known and bool(answer[f"alert_{minutes}"])
        risks.append(Risk(minutes, likely if is_known else None, alert))
    return tuple(risks)


def _count_minutes(start: pd.Timestamp, end: pd.Timestamp) -> int:
    return int((end - start) / pd.Timedelta(minutes=1))
