"""Parameters of the target, data_collection and data_processing."""

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from .base import Parameters, Positive

Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


def _check_time_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name} is not an IANA time zone such as America/New_York")
    return name


class TargetParameters(Parameters):
    """What counts as late."""

    late_threshold_minutes: Positive


class DataCollectionParameters(Parameters):
    """Which months of flights to bring into 01_raw."""

    months: list[Month]


class Airport(Parameters):
    """An airport that the delivered airports table lacks."""

    name: str
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    time_zone: Annotated[str, AfterValidator(_check_time_zone)]


class DataProcessingParameters(Parameters):
    """How errors of the source are mended."""

    extra_airports: dict[str, Airport]
    max_wind_speed_mph: Positive
