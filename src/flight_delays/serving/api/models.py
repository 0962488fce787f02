"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, Field

Probability = Annotated[float, Field(ge=0, le=1)]


class Threshold(BaseModel):
    """How likely a flight is to be so late, and the decision."""

    minutes: Annotated[int, Field(description="late by so many minutes or more", examples=[15])]
    probability: Probability
    alert: Annotated[bool, Field(description="whether an alert pays at the costs in conf")]


class Answer(BaseModel):
    """What a version said of a flight at a moment."""

    prediction_time: datetime
    lead_minutes: Annotated[int, Field(description="from that moment to the scheduled departure")]
    age_minutes: Annotated[float, Field(description="since then")]
    lateness: list[Threshold]
    version: int
    condition: Annotated[str, Field(examples=["if the flight operates"])]


class Flight(BaseModel):
    """An open flight, and what is said of it."""

    flight_id: str
    origin: str
    destination: str
    carrier: str
    scheduled_departure: datetime
    state: Annotated[
        Literal["asked", "near", "far", "waiting"],
        Field(
            description="asked about at the last tick; so near that the last answer stands; "
            "further than the version has learnt; past its schedule and still waiting"
        ),
    ]
    waited_minutes: Annotated[float | None, Field(description="past schedule, if it waits")]
    answer: Answer | None


class Point(BaseModel):
    """How likely a flight was said to be late at a moment before."""

    prediction_time: datetime
    probabilities: Annotated[
        dict[int, Probability],
        Field(description="by threshold in minutes", examples=[{"15": 0.31, "60": 0.09}]),
    ]


class Explanation(BaseModel):
    """Why the first threshold is as probable as it is."""

    ordinary_probability: Probability
    contributions: Annotated[
        dict[str, float],
        Field(description="what each group of features adds to the ordinary flight's probability"),
    ]
    reasons: list[str]


class ExplainedFlight(Flight):
    """An open flight, what is said of it, and why."""

    explanation: Explanation | None
    history: Annotated[
        list[Point], Field(description="every quarter of an hour, and the newest answer")
    ]


class FlightPage(BaseModel):
    """Some of the open flights, in the order of their schedule."""

    now: Annotated[datetime, Field(description="of the last tick")]
    total: Annotated[int, Field(description="how many flights suit the filters")]
    flights: list[Flight]


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """How up to date the answers are."""

    ready: bool
    version: Annotated[int, Field(description="the version that answers")]
    last_tick: datetime
    last_tick_age_seconds: float
    open_flights: int
    failure: Annotated[str | None, Field(description="what the last tick failed by, if it did")]
    tracking: Annotated[
        Literal["reachable", "unreachable"] | None,
        Field(description="whether the model registry could be asked for the champion last"),
    ] = None
    refused_champion: Annotated[
        int | None,
        Field(description="a version that is champion and cannot be served; the log tells why"),
    ] = None


class Refusal(BaseModel):
    """Why a request is refused."""

    detail: str


def to_points(history: pd.DataFrame) -> list[dict[str, Any]]:
    """Turn what has been said of a flight (`Snapshot.get_history`) into fields of `Point`."""
    return [
        {
            "prediction_time": row.pop("prediction_time"),
            # Of a threshold that its version did not answer pandas has NaN.
            "probabilities": {
                int(str(name).removeprefix("late_")): likely
                for name, likely in row.items()
                if likely == likely
            },
        }
        for row in history.to_dict("records")
    ]


def to_answer(row: dict[Any, Any]) -> dict[str, Any]:
    """Turn what a version said of a flight into the fields of `Answer`."""
    lateness = [
        {
            "minutes": int(name.removeprefix("late_")),
            "probability": row[name],
            "alert": row[name.replace("late_", "alert_")],
        }
        for name in row
        if str(name).startswith("late_")
    ]
    answer = {name: row[name] for name in Answer.model_fields if name in row}
    return answer | {"lateness": lateness}


def to_flight(row: dict[Any, Any]) -> dict[str, Any]:
    """Turn what the board tells of a flight into the fields of `Flight`."""
    answer = to_answer(row) if "prediction_time" in row else None
    fields = {name: row.get(name) for name in Flight.model_fields}
    waited = fields["waited_minutes"]
    # Of a flight that does not wait pandas has NaN.
    return fields | {"answer": answer, "waited_minutes": waited if waited == waited else None}


def to_explanation(told: dict[Any, Any]) -> Explanation:
    """Turn why a flight's probability is what it is into an `Explanation`."""
    return Explanation(
        ordinary_probability=told["ordinary_probability"],
        contributions={
            name.removeprefix("from_"): value
            for name, value in told.items()
            if str(name).startswith("from_")
        },
        reasons=told["reasons"].split("; "),
    )
