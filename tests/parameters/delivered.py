"""The models of the delivered parameters, and a way to change one of them."""

from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from flight_delays.parameters import (
    BacktestParameters,
    ContinuousTrainingParameters,
    DataCollectionParameters,
    DataProcessingParameters,
    EvaluationParameters,
    FeatureEngineeringParameters,
    InferenceParameters,
    MonitoringParameters,
    PromotionParameters,
    RetrainingParameters,
    RollbackParameters,
    ServingParameters,
    TargetParameters,
    TrainingParameters,
    TuningParameters,
)
from tables import read_parameters

MODELS: dict[str, type[BaseModel]] = {
    "target": TargetParameters,
    "data_collection": DataCollectionParameters,
    "data_processing": DataProcessingParameters,
    "feature_engineering": FeatureEngineeringParameters,
    "training": TrainingParameters,
    "evaluation": EvaluationParameters,
    "tuning": TuningParameters,
    "promotion": PromotionParameters,
    "inference": InferenceParameters,
    "continuous_training": ContinuousTrainingParameters,
    "rollback": RollbackParameters,
    "monitoring": MonitoringParameters,
    "retraining": RetrainingParameters,
    "backtest": BacktestParameters,
    "serving": ServingParameters,
}


def change(path: str, value: Any) -> None:
    """Validate the delivered parameters with one changed, such as "training.random_state"."""
    pipeline, *keys, last = path.split(".")
    values = deepcopy(read_parameters(pipeline))
    place = values
    for key in keys:
        place = place[key]
    place[last] = value
    MODELS[pipeline](**values)
