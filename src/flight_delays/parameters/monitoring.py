"""Parameters of monitoring: which month to look back on, and when to retrain."""

from typing import Self

from pydantic import model_validator

from .base import Fraction, Parameters, Positive
from .data import Month


class MonitoringParameters(Parameters):
    """The month to look back on."""

    period: Month | None


class RetrainingParameters(Parameters):
    """In how many windows the loss must surely exceed what was expected, and how old is too old."""

    windows: Positive
    exceeded_windows: Positive
    confidence_level: Fraction
    max_age_days: Positive

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        if self.exceeded_windows > self.windows:
            raise ValueError("exceeded_windows is above windows, so it can never be met")
        return self
