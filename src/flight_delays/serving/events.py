"""What happens to flights and weather, as the live board is told.

An event is about one thing, its key; a later one with a higher revision corrects it. The same event
twice is one, and so is one that comes after its correction.
"""

from collections.abc import Hashable
from datetime import UTC
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from flight_delays.parameters.features import Reading

FlightId = Annotated[str, Field(max_length=50, examples=["2013-12-17_UA_1545_EWR"])]
When = Annotated[AwareDatetime | None, Field(description="null takes an earlier statement back")]


class _Event(BaseModel):
    """One statement; the highest revision about a key counts, whenever it comes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    revision: Annotated[int, Field(ge=0)] = 0

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What it is about."""
        raise NotImplementedError


class _FlightEvent(_Event):
    kind: str
    flight_id: FlightId

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The flight, and what happened to it."""
        return self.kind, self.flight_id


class Departed(_FlightEvent):
    """A flight has left."""

    kind: Literal["departed"] = "departed"
    at: When


class Landed(_FlightEvent):
    """A flight has landed at its destination."""

    kind: Literal["landed"] = "landed"
    at: When
    diverted: Annotated[bool, Field(description="by way of another airport: it has no delay")] = (
        False
    )
    arrival_delay_minutes: Annotated[
        float | None, Field(ge=-240, le=4320, description="by the schedule, if it is not told")
    ] = None
    air_time_minutes: Annotated[float | None, Field(ge=1, le=1440)] = None


class Cancelled(_FlightEvent):
    """A flight will not operate, or, taken back, will after all."""

    kind: Literal["cancelled"] = "cancelled"
    taken_back: bool = False


class Reported(_Event):
    """A weather station has reported an hour; what is not among the readings was not read."""

    kind: Literal["reported"] = "reported"
    origin: Annotated[str, Field(pattern=r"^[A-Z0-9]{3,4}$", examples=["EWR"])]
    observed_at: Annotated[AwareDatetime, Field(description="the beginning of the hour")]
    readings: dict[Reading, float | None]

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The station and the hour."""
        return self.kind, self.origin, self.observed_at.astimezone(UTC).isoformat()


class Scheduled(_Event):
    """A flight is in the timetable, or its place there has changed.

    Attributes:
        flight: The columns `SCHEDULE` of a flight.
    """

    flight: dict[str, Any]

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The flight in the timetable."""
        return "scheduled", self.flight["flight_id"]


Told = Annotated[Departed | Landed | Cancelled | Reported, Field(discriminator="kind")]
"""What others may tell. The timetable comes with the tables."""

Event = Told | Scheduled
