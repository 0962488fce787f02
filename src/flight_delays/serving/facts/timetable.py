"""A flight as a timetable has it."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from flight_delays.schemas.raw import AIRPORT, CARRIER, RawFlights

from .moments import Moment

# As the tables have it: a year beyond is a slip, or does not fit into the columns.
FIRST, LAST = date(1987, 1, 1), date(2100, 12, 31)
Instant = Annotated[
    Moment,
    Field(
        ge=datetime(FIRST.year, 1, 1, tzinfo=UTC),
        le=datetime(LAST.year, 12, 31, tzinfo=UTC),
        examples=["2013-12-17T12:31:00Z"],
    ),
]
AirportCode = Annotated[
    str, Field(pattern=AIRPORT, description="code of the airport", examples=["EWR"])
]
_shortest_miles, _longest_miles = RawFlights.get_range("distance")


class TimetableFlight(BaseModel):
    """A flight in a timetable."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    flight_date: Annotated[
        date,
        Field(
            ge=FIRST,
            le=LAST,
            description="the operating date, local at the origin: that of the scheduled "
            "departure, or the day before or after it",
            examples=["2013-12-17"],
        ),
    ]
    carrier: Annotated[
        str, Field(pattern=CARRIER, description="code of the airline", examples=["UA"])
    ]
    flight_number: Annotated[
        int, Field(strict=True, ge=1, le=99999, description="of the carrier", examples=[1545])
    ]
    origin: AirportCode
    destination: Annotated[AirportCode, Field(examples=["IAH"])]
    scheduled_departure: Annotated[
        Instant, Field(description="a whole minute", examples=["2013-12-17T10:15:00Z"])
    ]
    scheduled_arrival: Annotated[
        Instant,
        Field(
            description="a whole minute, after the departure by less than 1,000 minutes",
            examples=["2013-12-17T14:19:00Z"],
        ),
    ]
    tail_number: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=20,
            description="the aircraft; null if it is not known yet",
            examples=["N14228"],
        ),
    ] = None
    distance_miles: Annotated[
        float | None,
        Field(
            strict=True,
            ge=_shortest_miles,
            le=_longest_miles,
            description="statute miles; null for the great circle between the airports",
            examples=[1400],
        ),
    ] = None

    @property
    def flight_id(self) -> str:
        """What the flight is called, in tables and answers alike: 2013-12-17_UA_1545_EWR."""
        return f"{self.flight_date}_{self.carrier}_{self.flight_number}_{self.origin}"
