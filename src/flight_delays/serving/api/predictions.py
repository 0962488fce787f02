"""Ask about flights that are in no timetable."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, SkipValidation, TypeAdapter

from flight_delays.serving.board.snapshot import CONDITION
from flight_delays.serving.facts.events import FlightId
from flight_delays.serving.facts.timetable import TimetableFlight
from flight_delays.serving.requests.newcomers import answer_newcomers, check_newcomers

from .desk import TheDesk
from .models import Answer, Explanation, to_answer, to_explanation
from .refusals import REFUSED, UNREAD
from .rows import Count, Index, RefusedRow, list_outcomes, list_refused, read_rows, set_status
from .security import ASKS

MAX_FLIGHTS = 500

router = APIRouter(tags=["predictions"], dependencies=[ASKS], responses=REFUSED)
_reader = TypeAdapter(TimetableFlight)


class Newcomers(BaseModel):
    """Flights that are in no timetable."""

    # Validated row by row, so that what is wrong with one is no fault of the others.
    flights: Annotated[
        list[SkipValidation[TimetableFlight]],
        Field(
            min_length=1,
            max_length=MAX_FLIGHTS,
            description="each counts in the timetable of the others: to compare, ask one by one",
        ),
    ]


class AnsweredRow(BaseModel):
    """A flight, and what is said of it."""

    index: Index
    status: Annotated[Literal["answered"], Field(description="what became of it")] = "answered"
    flight_id: FlightId
    answer: Annotated[Answer, Field(description="as of the last tick")]
    explanation: Annotated[
        Explanation | None, Field(description="null unless it was asked for with `reasons`")
    ]


class PredictionResults(BaseModel):
    """What is said of each flight."""

    answered: Count
    refused: Count
    results: Annotated[
        list[Annotated[AnsweredRow | RefusedRow, Field(discriminator="status")]],
        Field(description="one for each row, in the order of the request"),
    ]


@router.post("/predictions", responses=UNREAD | list_outcomes(PredictionResults))
def predict(
    desk: TheDesk,
    body: Newcomers,
    response: Response,
    reasons: Annotated[bool, Query(description="tell why, which takes longer")] = False,
) -> PredictionResults:
    """Ask about flights that are in no timetable, as of the last tick. Nothing of it is kept.

    The answers are those that the board would have given at that tick, had the flights of this
    request been in the timetable. Each row is judged by itself: those that are refused are told
    with field and reason, and count as if they were not there.
    """
    grounds, directory = desk.board.grounds, desk.board.directory
    read, faults = read_rows(body.flights, _reader)
    faults |= check_newcomers(read, grounds, directory)
    asked = {index: flight for index, flight in read.items() if index not in faults}
    set_status(response, len(asked), len(faults))
    rows: list[AnsweredRow | RefusedRow] = [*list_refused(faults)]
    if asked:
        answers, features = answer_newcomers(asked, grounds, directory)
        told = grounds.served.explain(answers, features).to_dict("records") if reasons else []
        why = dict(zip(asked, map(to_explanation, told), strict=False))
        now = {"age_minutes": 0, "condition": CONDITION}
        rows += [
            AnsweredRow(
                index=index,
                flight_id=answer["flight_id"],
                answer=Answer.model_validate(to_answer(answer | now)),
                explanation=why.get(index),
            )
            for index, answer in zip(asked, answers.to_dict("records"), strict=True)
        ]
    return PredictionResults(
        answered=len(asked),
        refused=len(faults),
        results=sorted(rows, key=lambda row: row.index),
    )
