"""The tiny project made to go the whole way: laid over it, where a test needs train and test."""

import os

import pandas as pd
from kedro.pipeline import Node, Pipeline

from flight_delays.errors import DataError


def collect_numbers(numbers: list[int]) -> pd.DataFrame:
    return pd.DataFrame({"number": numbers})


def split_numbers(raw_numbers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    return raw_numbers.head(2), raw_numbers.tail(1)


def fit_mean(train: pd.DataFrame, training: dict[str, float]) -> dict[str, float]:
    if "ACCIDENT" in os.environ:
        raise DataError("The table train is too odd.")
    return {"mean": train["number"].mean() * training["learning_rate"]}


def predict(model: dict[str, float], test: pd.DataFrame) -> list[float]:
    return [model["mean"]] * len(test)


def score(predictions: list[float], train: pd.DataFrame) -> dict[str, dict[str, float]]:
    return {"error": {"value": predictions[0] - train["number"].max(), "step": 0}}


def register_pipelines() -> dict[str, Pipeline]:
    collection = Pipeline([Node(collect_numbers, "params:collection.numbers", "raw_numbers")])
    training = Pipeline(
        [
            Node(split_numbers, "raw_numbers", ["train", "test"]),
            Node(fit_mean, ["train", "params:training"], "model"),
        ]
    )
    evaluation = Pipeline(
        [
            Node(predict, ["model", "test"], "test_predictions"),
            Node(score, ["test_predictions", "train"], "tracked_metrics"),
        ]
    )
    return {
        "training": training,
        "evaluation": evaluation,
        "__default__": collection + training + evaluation,
    }
