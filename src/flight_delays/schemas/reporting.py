"""What the reports hold: the quality of the tables, predictions of the test months, scores."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from .intermediate import Utc, _Table

ANSWER = ("flight_id", "prediction_time", "threshold_minutes")


class DataQuality(_Table):
    """What was set to missing in the delivered tables, or is otherwise not as it should be."""

    table: Series[str]
    column: Series[str]
    rule: Series[str]
    values: Series[int] = pa.Field(ge=0)
    share: Series[float] = pa.Field(ge=0, le=1)
    first: Series[str]

    class Config:
        """One row per table, column and rule that was broken; a CSV without rows has no types."""

        coerce = True
        unique = ("table", "column", "rule")


class TestPredictions(_Table):
    """One row per question and threshold: what the model said and what happened."""

    __test__ = False  # not a pytest class

    flight_id: Series[str]
    prediction_time: Series[Utc]
    flight_date: Series[pa.DateTime]
    scheduled_departure: Series[Utc]
    origin: Series[str]
    carrier: Series[str]
    arrival_delay_minutes: Series[float]
    is_late: Series[bool]
    lead_minutes: Series[int] = pa.Field(gt=0)
    threshold_minutes: Series[int] = pa.Field(gt=0)
    late_probability: Series[float] = pa.Field(ge=0, le=1)

    class Config:
        """A flight is asked about once at a time, and each threshold answered."""

        unique = ANSWER

    @pa.dataframe_check(name="a flight is late whose delay reaches the threshold")
    def _late_by_the_threshold(cls, answers: pd.DataFrame) -> pd.Series:  # noqa: N805
        reached = answers["arrival_delay_minutes"] >= answers["threshold_minutes"]
        return answers["is_late"] == reached


class ReferencePredictions(_Table):
    """The same questions to the models that the model is compared with, one column a reference.

    Those without a group of features answer the first threshold alone.
    """

    flight_id: Series[str]
    prediction_time: Series[Utc]
    threshold_minutes: Series[int] = pa.Field(gt=0)
    late_probability: Series[float] | None = pa.Field(
        alias="^(?!(flight_id|prediction_time|threshold_minutes|without_.+)$).+",
        regex=True,
        ge=0,
        le=1,
    )
    ablations: Series[float] | None = pa.Field(
        alias="^without_.+", regex=True, ge=0, le=1, nullable=True
    )

    class Config:
        """A flight is asked about once at a time, and each threshold answered."""

        unique = ANSWER


class ModelComparison(_Table):
    """Every metric of every model by threshold and lead, with the bounds of its interval.

    Beside the log loss of a reference stands by how much the model's is above it (`difference`,
    below 0 where the model is better), with the bounds by the method of the gates.
    """

    threshold_minutes: Series[int] = pa.Field(gt=0)
    lead_minutes: Series[int] = pa.Field(gt=0)
    model: Series[str]
    metric: Series[str]
    value: Series[float]
    lower: Series[float]
    upper: Series[float]
    difference: Series[float] = pa.Field(nullable=True)
    difference_lower: Series[float] = pa.Field(nullable=True)
    difference_upper: Series[float] = pa.Field(nullable=True)

    class Config:
        """One row per threshold, lead, model and metric."""

        unique = ("threshold_minutes", "lead_minutes", "model", "metric")

    @pa.dataframe_check(name="the lower bound is not above the upper")
    def _bounds_in_order(cls, scores: pd.DataFrame) -> pd.Series:  # noqa: N805
        return scores["lower"] <= scores["upper"]

    @pa.dataframe_check(name="a difference stands beside the log losses of references only")
    def _differences_in_place(cls, scores: pd.DataFrame) -> pd.Series:  # noqa: N805
        expected = (scores["metric"] == "log_loss") & (scores["model"] != "model")
        ordered = scores["difference"].between(
            scores["difference_lower"], scores["difference_upper"]
        )
        return ordered.where(expected, scores["difference"].isna())


class SliceMetrics(_Table):
    """The model's scores on parts of the test months."""

    threshold_minutes: Series[int] = pa.Field(gt=0)
    slice: Series[str]
    value: Series[str]
    flights: Series[int] = pa.Field(gt=0)
    late_share: Series[float] = pa.Field(ge=0, le=1)
    roc_auc: Series[float] = pa.Field(nullable=True, ge=0, le=1)
    log_loss: Series[float] = pa.Field(ge=0)
    brier_score: Series[float] = pa.Field(ge=0, le=1)
    cost_per_flight: Series[float] = pa.Field(ge=0)
    mean_probability: Series[float] = pa.Field(ge=0, le=1)

    class Config:
        """One row per threshold, slice and value."""

        unique = ("threshold_minutes", "slice", "value")


class SliceComparison(_Table):
    """By how much the model's log loss is above a baseline's on the same slice."""

    slice: Series[str]
    value: Series[str]
    reference: Series[str]
    flights: Series[int] = pa.Field(gt=0)
    difference: Series[float]
    lower: Series[float]
    upper: Series[float]

    class Config:
        """One row per slice, value and baseline; none where no slice is large."""

        coerce = True  # an empty table has no types
        unique = ("slice", "value", "reference")

    @pa.dataframe_check(name="the difference lies between its bounds")
    def _bounds_in_order(cls, scores: pd.DataFrame) -> pd.Series:  # noqa: N805
        return scores["difference"].between(scores["lower"], scores["upper"])


class AbsoluteGates(_Table):
    """What a model must show whoever is champion, and what it showed."""

    gate: Series[str] = pa.Field(unique=True)
    value: Series[float]
    bound: Series[float]
    passed: Series[bool]


class RecentPredictions(_Table):
    """What contenders and baselines say about flights that neither contender has seen.

    A champion that was fitted with fewer thresholds does not answer the others.
    """

    flight_id: Series[str]
    prediction_time: Series[Utc]
    flight_date: Series[pa.DateTime]
    origin: Series[str]
    carrier: Series[str]
    arrival_delay_minutes: Series[float]
    is_late: Series[bool]
    lead_minutes: Series[int] = pa.Field(gt=0)
    threshold_minutes: Series[int] = pa.Field(gt=0)
    late_probability: Series[float] = pa.Field(
        alias="^(challenger|base_rate|schedule_logistic_regression)$", regex=True, ge=0, le=1
    )
    champion: Series[float] | None = pa.Field(ge=0, le=1, nullable=True)

    class Config:
        """A flight is asked about once at a time, and each threshold answered."""

        unique = ANSWER


class Importance(_Table):
    """How much the log loss rises when a feature, or a group of them, is shuffled."""

    level: Series[str] = pa.Field(isin=["group", "feature"])
    name: Series[str]
    group: Series[str]
    log_loss_increase: Series[float]
    standard_error: Series[float] = pa.Field(ge=0)

    class Config:
        """One row per group and per feature."""

        unique = ("level", "name")
