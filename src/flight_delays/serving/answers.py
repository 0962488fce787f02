"""What is said of a flight to come: how likely it is to be late, and whether an alert pays."""

import pandas as pd

from flight_delays.modelling.lateness import LatenessClassifier, name_threshold
from flight_delays.parameters import EvaluationParameters

FLIGHT = ["flight_id", "scheduled_departure", "origin", "destination", "carrier"]


def answer_questions(
    questions: pd.DataFrame,
    features: pd.DataFrame,
    model: LatenessClassifier,
    thresholds_minutes: list[int],
    version: int,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Say how late flights will probably be, and decide.

    Args:
        questions: `FLIGHT`, `prediction_time` and `lead_minutes`, one row per question.
        features: Their features, on the same index.
        model: The model.
        thresholds_minutes: The thresholds to answer, of those that the model has learnt.
        version: The model's version in the registry.
        evaluation: What a wrong decision costs.

    Returns:
        The questions, and for each threshold how likely the flight is to be so late (`late_15`)
        and whether an alert pays (`alert_15`); and the `version`.
    """
    names = [*map(name_threshold, thresholds_minutes)]
    lateness = model.predict_lateness(features)[names]
    alerts = {
        f"alert_{minutes}": lateness[name_threshold(minutes)]
        >= evaluation.at_threshold(minutes).decision_threshold
        for minutes in thresholds_minutes
    }
    return pd.concat([questions, lateness], axis=1).assign(**alerts, version=version)
