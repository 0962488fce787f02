"""Parameters of training, tuning and evaluation."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, model_validator

from .base import Fraction, Group, Parameters, Positive


class ClassifierParameters(Parameters):
    """Hyperparameters of HistGradientBoostingClassifier, by scikit-learn's names."""

    learning_rate: Annotated[float, Field(gt=0, le=1)]
    max_iter: Positive
    max_leaf_nodes: Annotated[int, Field(ge=2)]
    min_samples_leaf: Positive
    l2_regularization: Annotated[float, Field(ge=0)]
    max_features: Annotated[float, Field(gt=0, le=1)]
    n_iter_no_change: Positive


class TrainingParameters(Parameters):
    """What the model sees and how it is fitted."""

    groups: Annotated[list[Group], Field(min_length=1)]
    ablations: list[Group]
    refit: bool
    reference_rows: Positive
    random_state: int
    classifier: ClassifierParameters


class Costs(Parameters):
    """What a wrong decision costs."""

    miss_cost: Annotated[float, Field(gt=0)]
    false_alarm_cost: Annotated[float, Field(gt=0)]

    @property
    def decision_threshold(self) -> float:
        """The probability from which an alert costs less than none (Elkan 2001, equation 2)."""
        return self.false_alarm_cost / (self.false_alarm_cost + self.miss_cost)


class EvaluationParameters(Costs):
    """What a wrong decision costs and how carefully the report is made."""

    headline_lead_minutes: Positive
    costs_by_threshold: dict[Positive, Costs]
    calibration_bins: Positive
    block_days: Positive
    bootstrap_resamples: Positive
    confidence_level: Fraction
    importance_questions: Positive
    random_state: int

    def at_threshold(self, minutes: int) -> Self:
        """The same parameters with the costs of a threshold, where it has some of its own."""
        costs = self.costs_by_threshold.get(minutes)
        return self.model_copy(update=costs.model_dump() if costs else {})


class SearchRange(Parameters):
    """Where to look for a hyperparameter, both ends included."""

    low: int | float
    high: int | float
    log: bool = False

    @model_validator(mode="after")
    def _low_below_high(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low, {self.low}, must be below high, {self.high}")
        if self.log and self.low <= 0:
            raise ValueError("a logarithmic range must begin above 0")
        return self


def _check_search_space(space: dict[str, SearchRange]) -> dict[str, SearchRange]:
    for name, searched in space.items():
        if name not in ClassifierParameters.model_fields:
            raise ValueError(f"training.classifier has no {name} to search")
        field = ClassifierParameters.model_fields[name]
        allowed: Any = Annotated[field.annotation, *field.metadata]
        for end in (searched.low, searched.high):
            try:
                TypeAdapter[Any](allowed).validate_python(end, strict=field.annotation is int)
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                raise ValueError(f"{name} cannot be {end}: {reason}") from None
    return space


class TuningParameters(Parameters):
    """How hyperparameters are searched, and how each choice is judged."""

    trials: Positive
    startup_trials: Positive
    folds: Annotated[int, Field(ge=2)]
    validation_days: Positive
    jobs: Literal[-1] | Positive
    random_state: int
    search_space: Annotated[
        dict[str, SearchRange], Field(min_length=1), AfterValidator(_check_search_space)
    ]
