"""The parameters in conf/base/parameters_*.yml, one model a pipeline.

Kedro validates them before the first node runs, because nodes annotate them. Unknown keys are
refused, so a misspelt parameter is an error rather than a silent default.
"""

from .base import Group
from .data import DataCollectionParameters, DataProcessingParameters
from .features import (
    AircraftFeatures,
    BacklogFamilies,
    FeatureEngineeringParameters,
    HistoryFeatures,
    Period,
    ScheduleFeatures,
    TrafficFamilies,
    WeatherFeatures,
)
from .modelling import (
    ClassifierParameters,
    EvaluationParameters,
    TrainingParameters,
    TuningParameters,
)
from .promotion import PromotionParameters, RollbackParameters

__all__ = [
    "AircraftFeatures",
    "BacklogFamilies",
    "ClassifierParameters",
    "DataCollectionParameters",
    "DataProcessingParameters",
    "EvaluationParameters",
    "FeatureEngineeringParameters",
    "Group",
    "HistoryFeatures",
    "Period",
    "PromotionParameters",
    "RollbackParameters",
    "ScheduleFeatures",
    "TrafficFamilies",
    "TrainingParameters",
    "TuningParameters",
    "WeatherFeatures",
]
