"""Parameters of monitoring: which month to look back on, what is usual, when to retrain."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .base import Fraction, Parameters, Positive
from .data import Month

Factor = Annotated[float, Field(gt=1)]


class QualityParameters(Parameters):
    """From where on what came in is not as it usually is."""

    max_missing_excess: Fraction
    max_missing_hours_share: Fraction
    min_stuck_hours: Positive
    stuck_factor: Factor
    unit_factor: Factor
    min_values: Positive
    volume_factor: Factor
    max_unseen_share: Fraction
    shift_evidence: Annotated[float, Field(gt=0)]
    max_open_excess: Fraction
    min_flights: Positive
    flipped_errors: Annotated[float, Field(gt=0)]


class DriftParameters(Parameters):
    """From where on what the model is told, or what it says, is unlike its reference."""

    sample_rows: Positive
    random_state: int
    min_distance: Annotated[float, Field(gt=0)]
    min_names_distance: Annotated[float, Field(gt=0)]
    usual_factor: Factor
    reported_columns: Positive


class MonitoringParameters(Parameters):
    """The month to look back on, and what is usual."""

    period: Month | None
    usual_months: Positive
    quality: QualityParameters
    drift: DriftParameters


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
