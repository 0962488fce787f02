"""Parameters of promotion and rollback."""

from typing import Annotated

from pydantic import Field

from .base import Fraction, Parameters, Positive


class PromotionParameters(Parameters):
    """The bounds a challenger must keep, and how sure it must be of beating the champion."""

    max_calibration_error: Fraction
    min_slice_flights: Positive
    min_days: Positive
    confidence_level: Fraction
    non_inferiority_margin: Annotated[float, Field(gt=0)] | None


class RollbackParameters(Parameters):
    """Which version comes back, and why."""

    version: Annotated[int, Field(gt=0)] | None
    reason: str
