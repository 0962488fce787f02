"""What is said of flights to come."""

import pandas as pd
import pandera.pandas as pa
from kedro.validation import PanderaValidator
from pandera.typing import Series

from .features import FeatureValues
from .intermediate import Utc, _Table


class _Answers(_Table):
    """One row per question: how likely it is to be late by each threshold, and the decision."""

    flight_id: Series[str]
    scheduled_departure: Series[Utc]
    origin: Series[str]
    destination: Series[str]
    carrier: Series[str]
    prediction_time: Series[Utc]
    lead_minutes: Series[int] = pa.Field(gt=0)
    late: Series[float] = pa.Field(alias=r"^late_\d+$", regex=True, ge=0, le=1)
    alert: Series[bool] = pa.Field(alias=r"^alert_\d+$", regex=True)
    version: Series[int] = pa.Field(gt=0)


class Predictions(_Answers):
    """What a batch says of flights to come, and why."""

    ordinary_probability: Series[float] = pa.Field(ge=0, le=1)
    contribution: Series[float] = pa.Field(alias=r"^from_[a-z]+$", regex=True, ge=-1, le=1)
    reasons: Series[str]

    class Config:
        """A flight is asked about once at a time."""

        unique = ("flight_id", "prediction_time")


class LoggedPredictions(_Answers, FeatureValues):
    """What was said of flights, by whichever version, and the features that it was said from."""

    class Config:
        """Versions differ in their features. Each column stands once."""

        strict = False
        unique_column_names = True
        unique = ("flight_id", "prediction_time", "version")


def validate_predictions(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Hold the predictions of each moment against `Predictions`.

    Args:
        tables: By moment, as in "2013-11-15T1900Z".

    Returns:
        The tables.

    Raises:
        DataValidationError: If one breaks the contract.
    """
    validator = PanderaValidator(Predictions)
    return {moment: validator.validate(table) for moment, table in tables.items()}
