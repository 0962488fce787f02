"""What the past played again leaves behind: what candidates say, and how good policies were."""

import pandas as pd
import pandera.pandas as pa
from kedro.validation import PanderaValidator
from pandera.typing import Series

from .intermediate import _Table

MONTH = r"^\d{4}-\d{2}$"


class CandidatePredictions(_Table):
    """What a candidate and its baselines say of the flights after those that it learnt from."""

    flight_id: Series[str] = pa.Field(unique=True)
    probabilities: Series[float] = pa.Field(
        alias="^(late_probability|base_rate|schedule_logistic_regression)$",
        regex=True,
        ge=0,
        le=1,
    )
    cpu_seconds: Series[float] = pa.Field(ge=0)
    made_from: Series[str] = pa.Field(str_length=64)


class _Scores(_Table):
    policy: Series[str]
    cpu_minutes: Series[float] = pa.Field(ge=0)
    flights: Series[int] = pa.Field(gt=0)
    roc_auc: Series[float] = pa.Field(nullable=True, ge=0, le=1)
    log_loss: Series[float] = pa.Field(ge=0)
    cost_per_flight: Series[float] = pa.Field(ge=0)
    # A bound is missing where the days are too few.
    differences: Series[float] = pa.Field(
        alias="^(log_loss|cost_per_flight)_above_(never|monthly)(_lower|_upper)?$",
        regex=True,
        nullable=True,
    )

    @pa.dataframe_check(name="a difference lies between its bounds")
    def _bounds_in_order(cls, scores: pd.DataFrame) -> pd.Series:  # noqa: N805
        ordered = pd.Series(True, index=scores.index)
        for name in scores.columns[scores.columns.str.contains("_above_[a-z]+$")]:
            lower, upper = scores[f"{name}_lower"], scores[f"{name}_upper"]
            ordered &= scores[name].between(lower, upper) | lower.isna()
        return ordered


class PlayedPolicies(_Scores):
    """A policy in a month: what was decided at its beginning, and how good its model then was."""

    month: Series[str] = pa.Field(str_matches=MONTH)
    alarm: Series[bool]
    trained: Series[bool]
    candidate_from: Series[str] = pa.Field(str_matches=MONTH)
    candidate_to: Series[str] = pa.Field(str_matches=MONTH)
    outcome: Series[str] = pa.Field(isin=["kept", "promoted", "refused", "postponed"])
    reason: Series[str]
    fitted_from: Series[str] = pa.Field(str_matches=MONTH)
    fitted_to: Series[str] = pa.Field(str_matches=MONTH)
    excess: Series[float] = pa.Field(alias="^excess(_lower|_upper)?$", regex=True, nullable=True)

    class Config:
        """One row per policy and month."""

        unique = ("policy", "month")

    @pa.dataframe_check(name="no model predicts a month that it has learnt from")
    def _predicts_later_months(cls, steps: pd.DataFrame) -> pd.Series:  # noqa: N805
        return steps["fitted_to"] < steps["month"]


class PolicySummary(_Scores):
    """A policy over all months."""

    trained: Series[int] = pa.Field(ge=0)
    promoted: Series[int] = pa.Field(ge=0)
    alarms: Series[int] = pa.Field(ge=0)

    class Config:
        """One row per policy."""

        unique = ("policy",)


def validate_candidates(predictions: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Hold what candidates say, by their names, against `CandidatePredictions`.

    Args:
        predictions: As in {"2013-01_2013-04": ...}.

    Returns:
        The predictions.

    Raises:
        DataValidationError: If one breaks the contract.
    """
    validator = PanderaValidator(CandidatePredictions)
    return {name: validator.validate(said) for name, said in predictions.items()}
