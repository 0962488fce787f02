"""Look up open flights."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from flight_delays.serving.board.snapshot import Snapshot
from flight_delays.serving.facts.moments import Moment

from .desk import TheDesk
from .models import ExplainedFlight, Flight, FlightPage, to_explanation, to_flight, to_points
from .refusals import NOT_OPEN, REFUSED
from .security import ASKS

LARGEST_PAGE = 500

router = APIRouter(tags=["flights"], dependencies=[ASKS], responses=REFUSED)
Code = Annotated[str | None, Query(max_length=4, description="this one alone")]


@router.get("/flights", response_model=FlightPage)
async def list_flights(
    desk: TheDesk,
    origin: Code = None,
    destination: Code = None,
    carrier: Code = None,
    due_from: Annotated[Moment | None, Query(description="due to leave then or later")] = None,
    due_until: Annotated[Moment | None, Query(description="due to leave then or sooner")] = None,
    min_probability: Annotated[float, Query(ge=0, le=1, description="of the first threshold")] = 0,
    offset: Annotated[int, Query(ge=0, le=10**6, description="leave out so many")] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="tell so many")] = 100,
) -> Response:
    """List open flights in the order of their schedule."""
    last = desk.board.last
    places = {"origin": origin, "destination": destination, "carrier": carrier}
    found = find_flights(last, places, due_from, due_until, min_probability)
    flights = tell_flights(last)
    page = [flights[flight_id] for flight_id in found[offset : offset + limit]]
    return _write(FlightPage.model_construct(now=last.now, total=len(found), flights=page))


@router.get("/flights/{flight_id}", response_model=ExplainedFlight, responses=NOT_OPEN)
async def get_flight(
    desk: TheDesk,
    flight_id: Annotated[str, Path(description="as flights are listed", max_length=50)],
    reasons: Annotated[bool, Query(description="wait for the explanation, if it is not there")] = (
        False
    ),
) -> Response:
    """Look up an open flight, what is said of it, and why.

    Flights with an alert have their explanation seconds after the tick, others once somebody has
    asked for it.
    """
    last = desk.board.last
    flight = tell_flights(last).get(flight_id)
    if flight is None:
        raise HTTPException(
            404, "No such flight is open: it left, landed, was cancelled, or is not due yet."
        )
    why = last.recall_explanation(flight_id)
    if reasons and why is None:
        why = await run_in_threadpool(last.explain, flight_id)
    return _write(
        ExplainedFlight.model_construct(
            **dict(flight),
            explanation=why and to_explanation(why),
            history=to_points(last.histories.get(flight_id, [])),
        )
    )


# Of a snapshot it is written once, and asked for a hundred times a second.
@lru_cache(maxsize=1)
def tell_flights(last: Snapshot) -> dict[str, Flight]:
    """Tell of the open flights by id, in the order of their schedule."""
    flights = (Flight.model_validate(to_flight(row)) for row in last.rows.values())
    in_order = sorted(flights, key=lambda flight: (flight.scheduled_departure, flight.flight_id))
    return {flight.flight_id: flight for flight in in_order}


def find_flights(
    last: Snapshot,
    places: dict[str, str | None],
    due_from: datetime | None,
    due_until: datetime | None,
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
    wanted = {name: value for name, value in places.items() if value is not None}
    return [
        flight_id
        for flight_id, flight in tell_flights(last).items()
        if all(getattr(flight, name) == value for name, value in wanted.items())
        and (due_from is None or flight.scheduled_departure >= due_from)
        and (due_until is None or flight.scheduled_departure <= due_until)
        and (not min_probability or _get_probability(flight) >= min_probability)
    ]


def _get_probability(flight: Flight) -> float:
    """Get that of the first threshold, which is below all others where there is no answer."""
    return flight.answer.lateness[0].probability if flight.answer else -1


def _write(model: BaseModel) -> Response:
    """Write what has been validated where it was made."""
    return Response(model.model_dump_json(), media_type="application/json")
