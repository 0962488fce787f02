"""Look up open flights."""

from typing import Annotated

import pandas as pd
from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime

from flight_delays.serving.snapshot import Snapshot

from .desk import TheDesk
from .models import ExplainedFlight, FlightPage, to_explanation, to_flight, to_points
from .refusals import NOT_OPEN, REFUSED
from .security import ASKS

LARGEST_PAGE = 500

router = APIRouter(tags=["flights"], dependencies=[ASKS], responses=REFUSED)
Code = Annotated[str | None, Query(max_length=4)]


@router.get("/flights")
def list_flights(
    desk: TheDesk,
    origin: Code = None,
    destination: Code = None,
    carrier: Code = None,
    due_from: AwareDatetime | None = None,
    due_until: AwareDatetime | None = None,
    min_probability: Annotated[float, Query(ge=0, le=1, description="of the first threshold")] = 0,
    offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> FlightPage:
    """List open flights in the order of their schedule."""
    last = desk.board.last
    places = {"origin": origin, "destination": destination, "carrier": carrier}
    found = find_flights(last, places, due_from, due_until, min_probability)
    told = [last.get(flight_id) for flight_id in found[offset : offset + limit]]
    return FlightPage.model_validate(
        {
            "now": last.now,
            "total": len(found),
            "flights": [to_flight(row) for row in told if row],
        }
    )


@router.get("/flights/{flight_id}", responses=NOT_OPEN)
def get_flight(desk: TheDesk, flight_id: str) -> ExplainedFlight:
    """Look up an open flight, what is said of it, and why."""
    last = desk.board.last
    told, why = last.get(flight_id), last.explain(flight_id)
    if told is None:
        raise HTTPException(
            404, "No such flight is open: it left, landed, was cancelled, or is not due yet."
        )
    explanation = why and to_explanation(why)
    history = to_points(last.get_history(flight_id))
    return ExplainedFlight.model_validate(
        to_flight(told) | {"explanation": explanation, "history": history}
    )


def find_flights(
    last: Snapshot,
    places: dict[str, str | None],
    due_from: AwareDatetime | None,
    due_until: AwareDatetime | None,
    min_probability: float,
) -> list[str]:
    """Find open flights, in the order of their schedule.

    Args:
        last: What is said now.
        places: What `origin`, `destination` and `carrier` must be; None for any.
        due_from: Due to leave then or later.
        due_until: Due to leave then or sooner.
        min_probability: At least so likely to be late by the first threshold.

    Returns:
        Their ids.
    """
    flights = last.flights
    due = flights["scheduled_departure"]
    wanted = pd.Series(True, index=flights.index)
    for column, value in places.items():
        wanted &= value is None or flights[column] == value
    wanted &= due_from is None or due >= due_from
    wanted &= due_until is None or due <= due_until
    wanted &= min_probability == 0 or last.first_probability >= min_probability
    return list(flights[wanted].sort_values(["scheduled_departure", "flight_id"]).index)
