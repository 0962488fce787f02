"""A small search for hyperparameters: ten days of flights, two hyperparameters, few trees."""

from typing import Any

import numpy as np
import pandas as pd

from flight_delays.parameters import TrainingParameters, TuningParameters
from tables import make_model_input, read_parameters

COLUMNS = ["carrier", "wind", "slack"]
FLIGHTS = make_model_input(300, seed=1).assign(
    flight_date=np.repeat(pd.date_range("2013-01-01", periods=10), 30)
)
SMALL = {"learning_rate": 0.2, "max_iter": 5, "min_samples_leaf": 10, "max_leaf_nodes": 31}
SPACE: dict[str, Any] = {
    "learning_rate": {"low": 0.2, "high": 0.5, "log": True},
    "max_leaf_nodes": {"low": 3, "high": 31},
}


def make_training(classifier: dict[str, Any] | None = None, **changes: Any) -> TrainingParameters:
    delivered = read_parameters("training")
    hyperparameters = delivered["classifier"] | SMALL | (classifier or {})
    return TrainingParameters(**delivered | {"classifier": hyperparameters} | changes)


def make_tuning(**changes: Any) -> TuningParameters:
    small = {"trials": 4, "startup_trials": 9, "folds": 2, "validation_days": 3, "jobs": 1}
    delivered = read_parameters("tuning")
    return TuningParameters(**delivered | small | {"search_space": SPACE} | changes)
