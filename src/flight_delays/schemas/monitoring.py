"""What is written down of a month that was looked back on."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Month = Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
Count = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Loss = Annotated[float, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MonitoredMonth(_Strict):
    """The log loss of a month beside what the champion itself expected."""

    month: Month
    flights: Count
    realised: Loss
    expected: Loss
    difference: float
    lower: float
    upper: float

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if not self.lower <= self.difference <= self.upper:
            raise ValueError("the difference is not between its bounds")
        return self


class MonitoredScore(_Strict):
    """A metric at a threshold and lead; missing where all flights share one outcome."""

    threshold_minutes: Count
    lead_minutes: Count
    metric: str
    value: float | None
    lower: float | None
    upper: float | None


class MonitoredDay(_Strict):
    """A day at the headline lead, by the first threshold."""

    flight_date: date
    flights: Count
    late_share: Share
    mean_probability: Share
    log_loss: Loss


class MonitoredSlice(_Strict):
    """A part of the flights, as `SliceMetrics` has it."""

    threshold_minutes: Count
    slice: str
    value: str
    flights: Count
    late_share: Share
    roc_auc: Share | None
    log_loss: Loss
    brier_score: Share
    cost_per_flight: Loss
    mean_probability: Share


class MonitoringSummary(_Strict):
    """How good the champion was in a month, and whether to retrain."""

    period: Month
    version: Count
    fitted_to: date
    age_days: Count
    lead_minutes: Count
    questions: Count
    open_share: Share
    retrain: bool
    reason: str
    months: Annotated[list[MonitoredMonth], Field(min_length=1)]
    scores: Annotated[list[MonitoredScore], Field(min_length=1)]
    slices: list[MonitoredSlice]
    days: list[MonitoredDay]


def validate_summaries(summaries: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Hold the summaries, by the month and the name of their file, against `MonitoringSummary`.

    Args:
        summaries: As in {"2013-11/monitoring_summary": ...}.

    Returns:
        The summaries.

    Raises:
        ValidationError: If one breaks the contract.
    """
    for summary in summaries.values():
        MonitoringSummary.model_validate(summary)
    return summaries
