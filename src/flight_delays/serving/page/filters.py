"""Which flights are shown, as the page's address says it."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, NaiveDatetime, field_validator

from .rows import Row

MOST_OPENED = 10

Code = Annotated[str | None, Field(max_length=4)]


class Filters(BaseModel):
    """What is asked for; what a form leaves empty is not.

    Attributes:
        origin: Flights from there.
        destination: Flights to there.
        carrier: Flights of theirs.
        due_from: Due to leave then or later, on the clock of the origin.
        due_before: Due to leave sooner, on the clock of the origin.
        min_probability: At least so likely to be late by the first threshold.
        order: By schedule, or the likeliest to be late first; those that wait come last anyway,
            since no probability is told of them.
        open: Flights whose reasons are shown; the last ten, since each takes a while.
    """

    model_config = ConfigDict(frozen=True)

    origin: Code = None
    destination: Code = None
    carrier: Code = None
    due_from: NaiveDatetime | None = None
    due_before: NaiveDatetime | None = None
    min_probability: Annotated[float, Field(ge=0, le=1)] = 0
    order: Literal["time", "risk"] = "time"
    open: list[Annotated[str, Field(max_length=50)]] = []

    @field_validator("*", mode="before")
    @classmethod
    def _take_empty_for_nothing(cls, value: Any, info: Any) -> Any:
        return cls.model_fields[info.field_name].get_default() if value == "" else value

    @field_validator("open")
    @classmethod
    def _keep_the_last_opened(cls, flight_ids: list[str]) -> list[str]:
        return [*dict.fromkeys(filter(None, flight_ids))][-MOST_OPENED:]

    def choose(self, rows: Iterable[Row]) -> list[Row]:
        """Choose flights and put them in order.

        Args:
            rows: The open flights in the order of their schedule.

        Returns:
            Those that are asked for.
        """
        chosen = [row for row in rows if self._is_wanted(row)]
        if self.order == "risk":
            chosen.sort(key=_tell_rank)
        return sorted(chosen, key=lambda row: row.waits)

    def choose_airport(self, rows: Iterable[Row]) -> list[Row]:
        """Choose all flights of the airport that is asked for, or all of them."""
        return [row for row in rows if self.origin in (None, row.origin)]

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than all flights of an airport."""
        return self != Filters(origin=self.origin, order=self.order, open=self.open)

    def to_query(self) -> str:
        """Write down what is asked for, to stand behind the page's address."""
        asked = self.model_dump(mode="json", exclude_defaults=True)
        return f"?{urlencode(asked, doseq=True)}"

    def _is_wanted(self, row: Row) -> bool:
        due = row.due_local
        return (
            self.origin in (None, row.origin)
            and self.destination in (None, row.destination)
            and self.carrier in (None, row.carrier)
            and (self.due_from is None or due >= self.due_from)
            and (self.due_before is None or due < self.due_before)
            and (not self.min_probability or (row.first_probability or 0) >= self.min_probability)
        )


def _tell_rank(row: Row) -> tuple[bool, float]:
    likely = row.first_probability
    return likely is None, -(likely or 0)
