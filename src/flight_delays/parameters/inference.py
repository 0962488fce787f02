"""Parameters of inference."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from .base import Parameters, Positive


def _check_whole_minute(moment: AwareDatetime) -> AwareDatetime:
    if moment.second or moment.microsecond:
        raise ValueError(f"{moment.isoformat()} is no whole minute, and timetables know no others")
    return moment


class InferenceParameters(Parameters):
    """The moment from which flights are looked at, and how far ahead."""

    as_of: Annotated[AwareDatetime, AfterValidator(_check_whole_minute)] | None
    horizon_minutes: Positive
