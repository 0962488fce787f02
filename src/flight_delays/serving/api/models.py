"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from flight_delays.serving.facts.events import FlightId

Share = Annotated[float, Field(ge=0, le=1)]
VersionNumber = Annotated[
    int, Field(description="the version in the model registry that said so", examples=[3])
]
Airport = Annotated[str, Field(description="code of the airport", examples=["EWR"])]


class Threshold(BaseModel):
    """How likely a flight is to be so late, and the decision."""

    minutes: Annotated[int, Field(description="late by so many minutes or more", examples=[15])]
    probability: Annotated[Share, Field(description="from 0 to 1", examples=[0.31])]
    alert: Annotated[
        bool, Field(description="whether an alert pays at the costs in conf", examples=[True])
    ]


class Answer(BaseModel):
    """What a version said of a flight at a moment."""

    prediction_time: Annotated[
        datetime, Field(description="that moment", examples=["2013-12-17T15:00:00Z"])
    ]
    lead_minutes: Annotated[
        int,
        Field(description="minutes from that moment to the scheduled departure", examples=[120]),
    ]
    age_minutes: Annotated[float, Field(description="minutes since that moment", examples=[0])]
    lateness: Annotated[list[Threshold], Field(description="by rising threshold")]
    version: VersionNumber
    condition: Annotated[
        str,
        Field(
            description="under which the probabilities hold", examples=["if the flight operates"]
        ),
    ]


class Flight(BaseModel):
    """An open flight, and what is said of it."""

    flight_id: FlightId
    origin: Airport
    destination: Annotated[Airport, Field(examples=["MIA"])]
    carrier: Annotated[str, Field(description="code of the airline", examples=["UA"])]
    scheduled_departure: Annotated[
        datetime, Field(description="when it is due to leave", examples=["2013-12-17T17:00:00Z"])
    ]
    state: Annotated[
        Literal["asked", "near", "far", "waiting"],
        Field(
            description="asked about at the last tick; so near that the last answer stands; "
            "further than the version has learnt; past its schedule and still waiting"
        ),
    ]
    waited_minutes: Annotated[
        float | None, Field(description="minutes past schedule, if it waits", examples=[25])
    ]
    answer: Annotated[
        Answer | None, Field(description="null if it is far or waiting, or came in too late")
    ]


class Point(BaseModel):
    """How likely a flight was said to be late at a moment before."""

    prediction_time: Annotated[
        datetime, Field(description="that moment", examples=["2013-12-17T14:45:00Z"])
    ]
    probabilities: Annotated[
        dict[int, Share],
        Field(description="by threshold in minutes", examples=[{"15": 0.31, "60": 0.09}]),
    ]


class Explanation(BaseModel):
    """Why the first threshold is as probable as it is."""

    ordinary_probability: Annotated[
        Share, Field(description="of an ordinary flight as far ahead", examples=[0.17])
    ]
    contributions: Annotated[
        dict[str, float],
        Field(
            description="what each group of features adds to the ordinary flight's probability; "
            "together they make this flight's",
            examples=[{"weather": 0.08, "backlog": 0.05, "aircraft": 0.01}],
        ),
    ]
    reasons: Annotated[
        list[str],
        Field(
            description="what moves the probability most, the strongest first",
            examples=[["+0.08 visibility 0.2 miles at EWR"]],
        ),
    ]


class ExplainedFlight(Flight):
    """An open flight, what is said of it, and why."""

    explanation: Annotated[
        Explanation | None,
        Field(
            description="null without an answer, or where nobody has asked for it with `reasons`"
        ),
    ]
    history: Annotated[
        list[Point], Field(description="every quarter of an hour, and the newest answer")
    ]


class FlightPage(BaseModel):
    """Some of the open flights, in the order of their schedule."""

    now: Annotated[
        datetime, Field(description="of the last tick", examples=["2013-12-17T15:00:00Z"])
    ]
    total: Annotated[int, Field(description="how many flights suit the filters", examples=[471])]
    flights: Annotated[list[Flight], Field(description="from `offset` on, `limit` at most")]


class Health(BaseModel):
    """The process answers."""

    status: Annotated[Literal["ok"], Field(description="always the same")] = "ok"


class Readiness(BaseModel):
    """How up to date the answers are."""

    ready: Annotated[bool, Field(description="whether the last tick is fresh and did not fail")]
    version: VersionNumber
    last_tick: Annotated[
        datetime,
        Field(description="the minute that answers are about", examples=["2013-12-17T15:00:00Z"]),
    ]
    last_tick_age_seconds: Annotated[
        float,
        Field(
            description="since then; of a past day that is played, by the clock on the wall",
            examples=[12.3],
        ),
    ]
    flights_age_seconds: Annotated[
        float | None,
        Field(description="since the newest departure or landing that is known", examples=[61]),
    ]
    weather_age_seconds: Annotated[
        float | None,
        Field(description="since the hour that was reported last began", examples=[4500]),
    ]
    open_flights: Annotated[int, Field(description="how many", examples=[471])]
    failure: Annotated[
        str | None,
        Field(description="what the last tick failed by, if it did", examples=["MemoryError"]),
    ]
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

    detail: Annotated[
        str,
        Field(description="what is wrong, and what to do", examples=["Send a key as X-API-Key"]),
    ]


def to_points(history: list[dict[Any, Any]]) -> list[Point]:
    """Turn what has been said of a flight (`Snapshot.histories`)."""
    return [
        Point.model_construct(
            prediction_time=row["prediction_time"],
            # Of a threshold that its version did not answer pandas has NaN.
            probabilities={
                int(str(name).removeprefix("late_")): likely
                for name, likely in row.items()
                if str(name).startswith("late_") and likely == likely
            },
        )
        for row in history
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
