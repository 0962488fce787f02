"""What is said at ten on the tenth, made by hand: one keyword a deviation from a calm flight."""

from typing import Any

import pandas as pd

from features.flights import at
from flight_delays.serving.board.history import select_points
from flight_delays.serving.board.snapshot import Snapshot
from flight_delays.serving.facts.names import Names
from serving.boards import make_served_model

NOW = at("10 10:00")
NAMES = Names(
    airports={"JFK": "John F Kennedy Intl", "BOS": "Logan"},
    airlines={"AA": "American"},
    time_zones={"JFK": "America/New_York", "DEN": "America/Denver"},
)


def make_said(due: str = "10 12:00", **changes: Any) -> dict[str, Any]:
    """A flight of which was said at ten that it is late with a chance of .2, an hour with .1.

    `late` None stands for no answer; `before` is what was said by the time when it was.
    """
    return {
        "due": at(due),
        "origin": "JFK",
        "destination": "BOS",
        "carrier": "AA",
        "flight_number": 1,
        "state": "asked",
        "waited": None,
        "late": (0.2, 0.1),
        "alerts": (False, False),
        "asked": NOW,
        "before": {},
    } | changes


def make_last(*said: dict[str, Any], thresholds: tuple[int, ...] = (15, 60)) -> Snapshot:
    """What is said of flights, whose ids are flight-0, flight-1, ..., unless they have one."""
    flights, answers, history = [], [], []
    for number, each in enumerate(said):
        flight_id = each.get("flight_id", f"flight-{number}")
        names = ("origin", "destination", "carrier", "flight_number", "state")
        flight = {"flight_id": flight_id, "scheduled_departure": each["due"]}
        flight |= {name: each[name] for name in names}
        flights.append(flight | {"waited_minutes": each["waited"]})
        alerts = {
            f"alert_{minutes}": alert
            for minutes, alert in zip(thresholds, each["alerts"], strict=True)
        }
        if each["late"] is not None:
            answers.append(_answer(flight_id, each["asked"], each["late"], thresholds) | alerts)
        for moment, late in each["before"].items():
            history.append(_answer(flight_id, at(moment), late, thresholds))
    columns = [*_answer("", NOW, thresholds, thresholds)]
    alerts_too = [*columns, *(f"alert_{minutes}" for minutes in thresholds)]
    answered = _tabulate(answers, alerts_too)
    before = select_points(_tabulate(history, columns).sort_values("prediction_time"))
    flight_columns = [*make_flight_columns(), "waited_minutes"]
    table = pd.DataFrame(flights, columns=flight_columns).astype({"waited_minutes": float})
    table["scheduled_departure"] = pd.to_datetime(table["scheduled_departure"], utc=True)
    table = table.set_index("flight_id", drop=False).rename_axis(None)
    features = pd.DataFrame(index=answered.index)
    return Snapshot(NOW, table, answered, features, make_served_model(), before, {})


def make_flight_columns() -> list[str]:
    return [
        "flight_id",
        "scheduled_departure",
        "origin",
        "destination",
        "carrier",
        "flight_number",
        "state",
    ]


def _answer(
    flight_id: str, asked: pd.Timestamp, late: Any, thresholds: tuple[int, ...]
) -> dict[str, Any]:
    lateness = {f"late_{minutes}": likely for minutes, likely in zip(thresholds, late, strict=True)}
    return {"flight_id": flight_id, "prediction_time": asked, **lateness}


def _tabulate(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=columns)
    table["prediction_time"] = pd.to_datetime(table["prediction_time"], utc=True)
    return table.set_index("flight_id", drop=False).rename_axis(None)
