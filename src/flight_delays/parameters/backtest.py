"""Parameters of backtest."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Parameters, Positive


class BacktestParameters(Parameters):
    """The rolling window, how the models are fitted at once, and how many months are drawn."""

    rolling_months: Annotated[int, Field(ge=2)]
    jobs: Literal[-1] | Positive
    backend: Literal["loky", "threading"]
    drawn_months: Positive
