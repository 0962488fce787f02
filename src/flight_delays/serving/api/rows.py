"""Requests of many rows, each judged by itself: a bad one does not sink the others."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Response
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from flight_delays.serving.requests.checks import Fault

from .refusals import Responses

Row = TypeVar("Row")
LONGEST_NAME = 100
Index = Annotated[int, Field(ge=0, description="the row's place in the request, from 0")]
Count = Annotated[int, Field(ge=0, description="how many rows", examples=[1])]


class RefusedRow(BaseModel):
    """A row that is refused; the others are not."""

    index: Index
    status: Annotated[Literal["refused"], Field(description="what became of it")] = "refused"
    field: Annotated[
        str | None, Field(description="null if it is the row as a whole", examples=["origin"])
    ]
    reason: Annotated[
        str,
        Field(
            description="what is wrong with it, and what to do",
            examples=["XXX has no row or no time zone in airports.csv: add it there."],
        ),
    ]


class Invalid(BaseModel):
    """A request that is refused as a whole, before any of its rows is looked at."""

    detail: Annotated[list[dict[str, Any]], Field(description="`loc` is wrong, and `msg` why")]


def list_outcomes(results: type[BaseModel]) -> Responses:
    """List for the OpenAPI page how it may end beside that all rows are taken."""
    return {
        207: {"model": results, "description": "Some rows are refused"},
        422: {"model": results | Invalid, "description": "All rows are refused, or the request"},
    }


def read_rows(
    rows: Iterable[Any], reader: TypeAdapter[Row]
) -> tuple[dict[int, Row], dict[int, Fault]]:
    """Read rows as they were sent.

    Args:
        rows: The rows, as JSON has them.
        reader: Of one row.

    Returns:
        By place in the request, those that can be read, and what is wrong with the others.
    """
    read: dict[int, Row] = {}
    faults: dict[int, Fault] = {}
    for index, row in enumerate(rows):
        try:
            read[index] = reader.validate_python(row)
        except ValidationError as error:
            faults[index] = _find_fault(error, row)
    return read, faults


def list_refused(faults: Mapping[int, Fault]) -> list[RefusedRow]:
    """List the rows that are refused."""
    return [
        RefusedRow(index=index, field=fault.field, reason=fault.reason)
        for index, fault in faults.items()
    ]


def set_status(response: Response, taken: int, refused: int) -> None:
    """Set the status: 200 where all rows are taken, 207 where some are, 422 where none is."""
    if refused:
        response.status_code = 207 if taken else 422


def _find_fault(error: ValidationError, row: Any) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":  # the message would repeat what was sent
        return Fault("kind", f"It is none of {first['ctx']['expected_tags']}.")
    if first["type"] == "union_tag_not_found":
        return Fault("kind", "It is missing.")
    path = first["loc"]
    if path and isinstance(row, dict) and row.get("kind") == path[0]:
        path = path[1:]  # which of several kinds it is
    return Fault(str(path[-1])[:LONGEST_NAME] if path else None, first["msg"])
