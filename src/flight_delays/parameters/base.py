"""What the models of parameters share."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MINUTES_IN_A_DAY = 1440

Fraction = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[int, Field(gt=0)]
Group = Literal["schedule", "weather", "traffic", "backlog", "aircraft", "history"]


class Parameters(BaseModel):
    """Refuses unknown keys, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
