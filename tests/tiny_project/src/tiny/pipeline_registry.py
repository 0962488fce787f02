import os
import signal

import pandas as pd
from kedro.pipeline import Node, Pipeline
from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt

from flight_delays.errors import DataError, NothingToDo


class Trees(BaseModel):
    model_config = ConfigDict(extra="forbid")

    depth: PositiveInt


class TrainingParameters(BaseModel):
    model_config = ConfigDict(extra="forbid")

    learning_rate: PositiveFloat
    trees: Trees


class EvaluationParameters(BaseModel):
    headline_lead_minutes: PositiveInt


def collect_numbers(numbers: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"number": numbers})


def fit_mean(raw_numbers: pd.DataFrame, parameters: TrainingParameters) -> dict[str, float]:
    """Fit a model, unless a test has asked for an accident."""
    match os.environ.get("ACCIDENT"):
        case "data":
            raise DataError("The table raw_numbers is too odd.")
        case "done":
            raise NothingToDo("The model is there already.")
        case "bug":
            raise ZeroDivisionError
        case "ctrl-c":
            # A process that was started in the background ignores it, and would wait for ever.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.kill(os.getpid(), signal.SIGINT)
            signal.pause()
    return {"mean": raw_numbers["number"].mean()}


def compare_models(model: dict[str, float], evaluation: EvaluationParameters) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "threshold_minutes": 15,
            "lead_minutes": evaluation.headline_lead_minutes,
            "model": ["model", "base_rate"],
            "metric": "roc_auc",
            "value": [0.75, 0.5],
            "lower": [0.7, 0.5],
            "upper": [0.8, 0.5],
        }
    )


def register_pipelines() -> dict[str, Pipeline]:
    collection = Pipeline([Node(collect_numbers, "params:collection.numbers", "raw_numbers")])
    training = Pipeline([Node(fit_mean, ["raw_numbers", "params:training"], "model")])
    evaluation = Pipeline(
        [Node(compare_models, ["model", "params:evaluation"], "model_comparison")]
    )
    return {
        "collection": collection,
        "training": training,
        "evaluation": evaluation,
        "__default__": collection + training + evaluation,
    }
