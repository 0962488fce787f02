"""Parameters of continuous_training."""

from datetime import date

from .base import Parameters, Positive


class ContinuousTrainingParameters(Parameters):
    """The day as of which a model is made anew, and how many months it learns from."""

    as_of: date | None
    train_months: Positive | None
