"""Tell what happens."""

import logging
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, Field, SkipValidation, TypeAdapter

from flight_delays.serving.facts.event_store import StoreFullError
from flight_delays.serving.facts.events import Told
from flight_delays.serving.requests.checks import check_events

from .desk import TheDesk
from .refusals import NOT_TAKEN, REFUSED
from .rows import Count, Index, RefusedRow, list_outcomes, list_refused, read_rows, set_status
from .security import TELLS

MAX_EVENTS = 5000

logger = logging.getLogger(__name__)

router = APIRouter(tags=["events"], dependencies=[TELLS], responses=REFUSED)
_reader: TypeAdapter[Told] = TypeAdapter(Told)


class Events(BaseModel):
    """What has happened."""

    # Validated row by row, so that what is wrong with one is no fault of the others.
    events: Annotated[
        list[SkipValidation[Told]],
        Field(min_length=1, max_length=MAX_EVENTS, description="in any order"),
    ]


class TakenRow(BaseModel):
    """An event that is on disk."""

    index: Index
    status: Annotated[
        Literal["new", "known"],
        Field(description="`known` was there, with the same key and revision"),
    ]


class EventResults(BaseModel):
    """What became of each event."""

    new: Count
    known: Count
    refused: Count
    results: Annotated[
        list[Annotated[TakenRow | RefusedRow, Field(discriminator="status")]],
        Field(description="one for each row, in the order of the request"),
    ]


@router.post("/events", responses=NOT_TAKEN | list_outcomes(EventResults))
def tell_events(desk: TheDesk, body: Events, response: Response) -> EventResults:
    """Tell what has happened. It is on disk before this answers, and counts from the next tick.

    The same event twice is one; of a key the highest revision counts. Each row is judged by itself:
    those that are refused are told with field and reason, the others are taken.
    """
    read, faults = read_rows(body.events, _reader)
    found = check_events([*read.values()], desk.board.grounds, desk.board.directory, desk.clock())
    faults |= {index: fault for index, fault in zip(read, found, strict=True) if fault}
    taken = {index: event for index, event in read.items() if index not in faults}
    try:
        new = desk.tell([*taken.values()])
    except StoreFullError as error:
        logger.error("%s", error)
        raise HTTPException(507, "Nothing can be kept; send the events again later.") from None
    set_status(response, len(taken), len(faults))
    rows: list[TakenRow | RefusedRow] = [
        TakenRow(index=index, status="new" if is_new else "known")
        for index, is_new in zip(taken, new, strict=True)
    ]
    rows += list_refused(faults)
    return EventResults(
        new=sum(new),
        known=len(new) - sum(new),
        refused=len(faults),
        results=sorted(rows, key=lambda row: row.index),
    )
