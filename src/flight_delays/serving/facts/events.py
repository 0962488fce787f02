"""What happens to flights and weather, as the live board is told.

An event is about one thing, its key; a later one with a higher revision corrects it. The same event
twice is one, and so is one that comes after its correction.
"""

from collections.abc import Hashable
from datetime import UTC
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, with_config
from typing_extensions import TypedDict

from flight_delays.schemas.raw import RawWeather

from .timetable import AirportCode, Instant, TimetableFlight

FlightId = Annotated[
    str,
    Field(
        max_length=50,
        description="flight date, carrier, number and origin",
        examples=["2013-12-17_UA_1545_EWR"],
    ),
]
When = Annotated[Instant | None, Field(description="null takes an earlier statement back")]
ARRIVAL_DELAY = -240, 4320
"""In minutes, both included; as in the tables, what is beyond is a slip."""


def _require_kind(schema: dict[str, Any]) -> None:
    # Python knows it by the class; who sends JSON has to say it.
    schema["required"] = ["kind", *schema.get("required", [])]


class _Event(BaseModel):
    """One statement; the highest revision about a key counts, whenever it comes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_extra=_require_kind
    )

    revision: Annotated[
        int,
        Field(
            strict=True,
            ge=0,
            le=2**31 - 1,
            description="of what is said of the same, the highest counts",
        ),
    ] = 0

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


class Scheduled(TimetableFlight, _Event):
    """A flight is in the timetable, or its times or its aircraft have changed."""

    kind: Annotated[Literal["scheduled"], Field(description="what it is about")] = "scheduled"

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The flight in the timetable."""
        return self.kind, self.flight_id


class Departed(_FlightEvent):
    """A flight has left."""

    kind: Annotated[Literal["departed"], Field(description="what it is about")] = "departed"
    at: When


class Landed(_FlightEvent):
    """A flight has landed at its destination."""

    kind: Annotated[Literal["landed"], Field(description="what it is about")] = "landed"
    at: When
    diverted: Annotated[
        bool,
        Field(
            strict=True,
            description="by way of another airport: it has no delay. That it is on its way there "
            "cannot be told, and no answer would heed it, as in training",
        ),
    ] = False
    arrival_delay_minutes: Annotated[
        float | None,
        Field(
            strict=True,
            ge=ARRIVAL_DELAY[0],
            le=ARRIVAL_DELAY[1],
            description="null for the delay by the schedule",
        ),
    ] = None
    air_time_minutes: Annotated[
        float | None, Field(strict=True, ge=1, le=1440, description="from take-off to touch-down")
    ] = None


class Cancelled(_FlightEvent):
    """A flight will not operate, or, taken back, will after all."""

    kind: Annotated[Literal["cancelled"], Field(description="what it is about")] = "cancelled"
    taken_back: Annotated[bool, Field(strict=True, description="whether it operates after all")] = (
        False
    )


def _limit(column: str, unit: str) -> Any:
    """Limit a reading to what the delivered table may have in a column."""
    lowest, highest = RawWeather.get_range(column)
    return Field(ge=lowest, le=highest, strict=True, description=unit)


@with_config(ConfigDict(extra="forbid", allow_inf_nan=False))
class Readings(TypedDict, total=False):
    """What a weather station has read; null, or left out, for what it has not."""

    temperature_f: Annotated[float | None, _limit("temp", "degrees Fahrenheit")]
    dew_point_f: Annotated[float | None, _limit("dewp", "degrees Fahrenheit")]
    humidity_percent: Annotated[float | None, _limit("humid", "relative")]
    wind_direction_degrees: Annotated[
        float | None, _limit("wind_dir", "where it comes from, clockwise from north")
    ]
    wind_speed_mph: Annotated[float | None, _limit("wind_speed", "statute miles an hour")]
    wind_gust_mph: Annotated[float | None, _limit("wind_gust", "statute miles an hour")]
    precipitation_inches: Annotated[float | None, _limit("precip", "in the hour")]
    pressure_hpa: Annotated[float | None, _limit("pressure", "at sea level")]
    visibility_miles: Annotated[float | None, _limit("visib", "statute miles")]


class Reported(_Event):
    """A weather station has reported an hour; what is not among the readings was not read."""

    kind: Annotated[Literal["reported"], Field(description="what it is about")] = "reported"
    origin: Annotated[AirportCode, Field(description="the airport where it stands")]
    observed_at: Annotated[Instant, Field(description="the beginning of the hour")]
    readings: Annotated[
        Readings, Field(description="what was read", examples=[{"visibility_miles": 0.5}])
    ]

    @property
    def key(self) -> tuple[Hashable, ...]:
        """The station and the hour."""
        return self.kind, self.origin, self.observed_at.astimezone(UTC).isoformat()


Told = Annotated[Scheduled | Departed | Landed | Cancelled | Reported, Field(discriminator="kind")]
"""What may be told."""
