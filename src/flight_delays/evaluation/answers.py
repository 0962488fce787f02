"""What models say: one row per question and threshold, a column of probabilities for each model."""

from typing import Any

import numpy as np
import pandas as pd

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import name_threshold, reach

QUESTION = ["flight_id", "prediction_time"]
ANSWER = [*QUESTION, "threshold_minutes"]


def tabulate_answers(
    questions: pd.DataFrame, said: dict[str, pd.DataFrame], thresholds_minutes: list[int]
) -> pd.DataFrame:
    """Put the answers to each threshold under each other.

    Args:
        questions: What identifies and describes a question, and its `arrival_delay_minutes`.
        said: By model, what `predict_lateness` says to the same questions, on the same index.
        thresholds_minutes: The thresholds to take.

    Returns:
        The questions once for each threshold: `threshold_minutes`, whether the flight `is_late` by
        it, and a column for each model, missing where the model does not answer that threshold.
    """
    return pd.concat(
        [
            questions.assign(
                threshold_minutes=minutes,
                is_late=reach(questions, minutes),
                **{name: each.get(name_threshold(minutes), np.nan) for name, each in said.items()},
            )
            for minutes in thresholds_minutes
        ],
        ignore_index=True,
    )


def part_by_threshold(table: pd.DataFrame) -> dict[int, pd.DataFrame]:
    """Part answers, or what was made of them, by `threshold_minutes`, the first one first."""
    parts: dict[Any, pd.DataFrame] = dict(iter(table.groupby("threshold_minutes")))
    return parts


def collect_probabilities(
    test_predictions: pd.DataFrame, reference_predictions: pd.DataFrame
) -> pd.DataFrame:
    """Put the references' probabilities beside the model's.

    Args:
        test_predictions: The model's answers: `late_probability`.
        reference_predictions: A column for each reference.

    Returns:
        On the index of the model's answers one column a model, "model" first.

    Raises:
        DataError: The references lack a threshold, or some of the answers.
    """
    answered = reference_predictions["threshold_minutes"].unique()
    for minutes in test_predictions["threshold_minutes"].unique():
        if minutes not in answered:
            raise DataError(
                f"The reference_models do not answer {minutes} minutes, which the model does: they "
                "are of another training. Train again by "
                "`kedro run --pipelines=training,evaluation`."
            )
    named = test_predictions[[*ANSWER, "late_probability"]].set_axis([*ANSWER, "model"], axis=1)
    joined = join_without_loss(named, reference_predictions, "reference_predictions", ANSWER)
    return joined.drop(columns=ANSWER).set_axis(test_predictions.index)


def join_without_loss(
    predictions: pd.DataFrame, table: pd.DataFrame, name: str, keys: list[str]
) -> pd.DataFrame:
    """Join a table that must know every prediction.

    Args:
        predictions: Whatever has been predicted, with the keys.
        table: One row per value of the keys.
        name: What the catalog calls the table.
        keys: The columns on which they meet.

    Returns:
        The predictions with the columns of the table.

    Raises:
        DataError: The table lacks some of the predictions.
    """
    joined = predictions.merge(table, on=keys, validate="many_to_one")
    if len(joined) < len(predictions):
        raise DataError(
            f"Table {name} lacks {len(predictions) - len(joined)} rows of test_predictions: "
            "the two are from different runs, run the pipelines that make them again."
        )
    return joined
