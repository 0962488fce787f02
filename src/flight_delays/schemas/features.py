"""What a model may see: keys, features known at prediction time, and the target."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from .contract import Table
from .intermediate import Utc


class FeatureValues(Table):
    """Which features there are is a matter of the parameters; what they may hold is not."""

    shares: Series[np.float32] | None = pa.Field(
        alias=r".+_share(_\d+[mhd])?$", regex=True, ge=0, le=1, nullable=True
    )
    counts: Series[np.float32] | None = pa.Field(
        alias=r".+_(waiting|airborne|overdue|scheduled_(before|after|until|same_day)(_\d+[mhd])?)$",
        regex=True,
        ge=0,
        nullable=True,
    )

    # Without names of their own: Pandera forgets them when a second model inherits the checks.
    @pa.dataframe_check
    @classmethod
    def has_finite_features(cls, questions: pd.DataFrame) -> bool:
        """Tell whether no feature is infinite."""
        numbers = questions.select_dtypes("float32")
        return not any(np.isinf(column).any() for _, column in numbers.items())


class _Features(FeatureValues):
    """Questions with every feature that the parameters ask for."""

    flight_id: Series[str]
    flight_date: Series[pa.DateTime]
    scheduled_departure: Series[Utc]
    prediction_time: Series[Utc]
    lead_minutes: Series[np.float32] = pa.Field(gt=0)
    origin: Series[str]
    destination: Series[str]
    carrier: Series[str]
    aircraft_model: Series[str] = pa.Field(nullable=True)

    class Config:
        """A flight may be asked about at several moments."""

        unique = ("flight_id", "prediction_time")

    @pa.dataframe_check
    @classmethod
    def predicts_before_departure(cls, questions: pd.DataFrame) -> bool:
        return bool((questions["prediction_time"] < questions["scheduled_departure"]).all())


class FeatFlights(_Features):
    """Every question; the outcome is missing where the flight never arrived."""

    arrival_delay_minutes: Series[float] = pa.Field(nullable=True)
    is_late: Series[pd.BooleanDtype] = pa.Field(nullable=True)


class ModelInput(_Features):
    """The questions of a split, all with a known outcome."""

    arrival_delay_minutes: Series[float]
    is_late: Series[bool]
