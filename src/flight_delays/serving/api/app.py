"""The live board over HTTP: look up flights, tell what happens."""

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pandas as pd
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import AwareDatetime

from flight_delays.serving.board import Snapshot
from flight_delays.serving.desk import Desk
from flight_delays.serving.event_store import StoreFullError

from .keys import ApiKeys, Role
from .models import (
    Events,
    ExplainedFlight,
    FlightPage,
    Health,
    Readiness,
    Refusal,
    Taken,
    to_flight,
)

logger = logging.getLogger(__name__)

STALE_SECONDS = 180.0
MAX_BODY_BYTES = 4 * 2**20
LARGEST_PAGE = 500
REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "No key, or none that is known"},
    403: {"model": Refusal, "description": "A key that may only ask"},
}
NOT_OPEN: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "No such flight is open"}
}
NOT_TAKEN: dict[int | str, dict[str, Any]] = {
    413: {"model": Refusal, "description": f"More than {MAX_BODY_BYTES} bytes"},
    507: {"model": Refusal, "description": "Nothing can be kept; send the events again later"},
}
NOT_READY: dict[int | str, dict[str, Any]] = {
    503: {"model": Readiness, "description": "The answers are old"}
}

_header = APIKeyHeader(name="X-API-Key", auto_error=False)
Code = Annotated[str | None, Query(max_length=4)]


def create_app(desk: Desk, keys: ApiKeys | None) -> FastAPI:
    """Create the API.

    Args:
        desk: The live board at work.
        keys: Who may ask and tell; None lets everybody.

    Returns:
        The application, described at /openapi.json.
    """
    # FastAPI's own pages load their scripts from elsewhere.
    app = FastAPI(title="Flight Delays", version="1", docs_url=None, redoc_url=None)
    app.middleware("http")(_refuse_large_bodies)

    def allow(role: Role) -> Any:
        def check(key: Annotated[str | None, Security(_header)] = None) -> None:
            if keys is None:
                return
            found = keys.find_role(key) if key else None
            if found is None:
                raise HTTPException(401, "Send a key as X-API-Key: `kedro api-key create`.")
            if role == "write" and found != "write":
                raise HTTPException(403, "This key may ask, and not tell.")

        return Depends(check)

    @app.get("/health", tags=["state"])
    def health() -> Health:
        """Tell that the process answers."""
        return Health()

    @app.get("/ready", tags=["state"], responses=NOT_READY)
    def ready(response: Response) -> Readiness:
        """Tell how up to date the answers are; 503 if they are not."""
        told = desk.describe()
        is_ready = told["last_tick_age_seconds"] < STALE_SECONDS and told["failure"] is None
        response.status_code = 200 if is_ready else 503
        return Readiness(ready=is_ready, **told)

    @app.get("/flights", tags=["flights"], responses=REFUSED, dependencies=[allow("read")])
    def list_flights(
        origin: Code = None,
        destination: Code = None,
        carrier: Code = None,
        due_from: AwareDatetime | None = None,
        due_until: AwareDatetime | None = None,
        min_probability: Annotated[
            float, Query(ge=0, le=1, description="of the first threshold")
        ] = 0,
        offset: Annotated[int, Query(ge=0, le=10**6)] = 0,
        limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    ) -> FlightPage:
        """List open flights in the order of their schedule."""
        last = desk.board.last
        places = {"origin": origin, "destination": destination, "carrier": carrier}
        found = _find(last, places, due_from, due_until, min_probability)
        told = [last.get(flight_id) for flight_id in found[offset : offset + limit]]
        return FlightPage.model_validate(
            {
                "now": last.now,
                "total": len(found),
                "flights": [to_flight(row) for row in told if row],
            }
        )

    @app.get(
        "/flights/{flight_id}",
        tags=["flights"],
        responses=REFUSED | NOT_OPEN,
        dependencies=[allow("read")],
    )
    def get_flight(flight_id: str) -> ExplainedFlight:
        """Look up an open flight, what is said of it, and why."""
        told, why = desk.board.get(flight_id), desk.board.explain(flight_id)
        if told is None:
            raise HTTPException(
                404, "No such flight is open: it left, landed, was cancelled, or is not due yet."
            )
        explanation = why and {
            "ordinary_probability": why["ordinary_probability"],
            "contributions": {
                name.removeprefix("from_"): value
                for name, value in why.items()
                if name.startswith("from_")
            },
            "reasons": why["reasons"].split("; "),
        }
        return ExplainedFlight.model_validate(to_flight(told) | {"explanation": explanation})

    @app.post(
        "/events",
        tags=["events"],
        responses=REFUSED | NOT_TAKEN,
        dependencies=[allow("write")],
    )
    def tell_events(body: Events) -> Taken:
        """Tell what has happened. It is on disk before this answers, and counts from the next tick.

        The same event twice is one; of a key the highest revision counts.
        """
        try:
            new = desk.tell(body.events)
        except StoreFullError as error:
            logger.error("%s", error)
            raise HTTPException(507, "Nothing can be kept; send the events again later.") from None
        return Taken(new=new, known=len(body.events) - new)

    return app


def _find(
    last: Snapshot,
    places: dict[str, str | None],
    due_from: AwareDatetime | None,
    due_until: AwareDatetime | None,
    min_probability: float,
) -> list[str]:
    flights = last.flights
    due = flights["scheduled_departure"]
    wanted = pd.Series(True, index=flights.index)
    for column, value in places.items():
        wanted &= value is None or flights[column] == value
    wanted &= due_from is None or due >= due_from
    wanted &= due_until is None or due <= due_until
    wanted &= min_probability == 0 or last.first_probability >= min_probability
    return list(flights[wanted].sort_values(["scheduled_departure", "flight_id"]).index)


async def _refuse_large_bodies(
    request: Request, answer: Callable[[Request], Awaitable[Response]]
) -> Response:
    length = request.headers.get("content-length", "")
    if request.method == "POST" and not (length.isdecimal() and int(length) <= MAX_BODY_BYTES):
        return JSONResponse({"detail": f"Send at most {MAX_BODY_BYTES} bytes."}, 413)
    return await answer(request)
