"""Parameters of inference."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from .base import Parameters, Positive, RisingMinutes


def _check_whole_minute(moment: AwareDatetime) -> AwareDatetime:
    if moment.second or moment.microsecond:
        raise ValueError(f"{moment.isoformat()} is no whole minute, and timetables know no others")
    return moment


class InferenceParameters(Parameters):
    """The moment from which flights are looked at, how far ahead, and what the board logs."""

    as_of: Annotated[AwareDatetime, AfterValidator(_check_whole_minute)] | None
    horizon_minutes: Positive
    checkpoints_minutes: RisingMinutes
