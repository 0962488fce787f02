"""The parameters in conf/base/parameters_*.yml, one model a pipeline, and one for `kedro serve`.

Kedro validates them before the first node runs, because nodes annotate them. Unknown keys are
refused, so a misspelt parameter is an error rather than a silent default.
"""

from .backtest import BacktestParameters
from .base import Group
from .continuous_training import ContinuousTrainingParameters
from .data import DataCollectionParameters, DataProcessingParameters, TargetParameters
from .features import (
    AircraftFeatures,
    BacklogFamilies,
    FeatureEngineeringParameters,
    HistoryFeatures,
    Leads,
    Period,
    ScheduleFeatures,
    Splits,
    TrafficFamilies,
    WeatherFeatures,
)
from .inference import InferenceParameters
from .modelling import (
    ClassifierParameters,
    EvaluationParameters,
    TrainingParameters,
    TuningParameters,
)
from .monitoring import (
    DriftParameters,
    MonitoringParameters,
    QualityParameters,
    RetrainingParameters,
)
from .promotion import PromotionParameters, RollbackParameters
from .serving import ServingParameters

# No node asks for them.
READ_BY_COMMANDS = {"serving": ServingParameters}

__all__ = [
    "READ_BY_COMMANDS",
    "AircraftFeatures",
    "BacklogFamilies",
    "BacktestParameters",
    "ClassifierParameters",
    "ContinuousTrainingParameters",
    "DataCollectionParameters",
    "DataProcessingParameters",
    "DriftParameters",
    "EvaluationParameters",
    "FeatureEngineeringParameters",
    "Group",
    "HistoryFeatures",
    "InferenceParameters",
    "Leads",
    "MonitoringParameters",
    "Period",
    "PromotionParameters",
    "QualityParameters",
    "RetrainingParameters",
    "RollbackParameters",
    "ScheduleFeatures",
    "ServingParameters",
    "Splits",
    "TargetParameters",
    "TrafficFamilies",
    "TrainingParameters",
    "TuningParameters",
    "WeatherFeatures",
]
