"""What the models of parameters share."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MINUTES_IN_A_DAY = 1440

Fraction = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[int, Field(gt=0)]


def _check_rising(minutes: list[int]) -> list[int]:
    if minutes != sorted({*minutes}):
        raise ValueError("the minutes must rise, each once")
    return minutes


RisingMinutes = Annotated[list[Positive], Field(min_length=1), AfterValidator(_check_rising)]
Group = Literal["schedule", "weather", "traffic", "backlog", "aircraft", "history"]


class Parameters(BaseModel):
    """Refuses unknown keys, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
