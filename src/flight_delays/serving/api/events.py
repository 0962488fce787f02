"""Tell what happens."""

import logging

from fastapi import APIRouter, HTTPException

from flight_delays.serving.event_store import StoreFullError

from .desk import TheDesk
from .models import Events, Taken
from .refusals import NOT_TAKEN, REFUSED
from .security import TELLS

logger = logging.getLogger(__name__)

router = APIRouter(tags=["events"], dependencies=[TELLS], responses=REFUSED)


@router.post("/events", responses=NOT_TAKEN)
def tell_events(desk: TheDesk, body: Events) -> Taken:
    """Tell what has happened. It is on disk before this answers, and counts from the next tick.

    The same event twice is one; of a key the highest revision counts.
    """
    try:
        new = desk.tell(body.events)
    except StoreFullError as error:
        logger.error("%s", error)
        raise HTTPException(507, "Nothing can be kept; send the events again later.") from None
    return Taken(new=new, known=len(body.events) - new)
