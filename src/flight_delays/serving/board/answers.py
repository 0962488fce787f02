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
    lateness = model.predict_lateness(features)
    said = {minutes: lateness[name_threshold(minutes)] for minutes in thresholds_minutes}
    return decide(questions, said, version, evaluation)


def decide(
    questions: pd.DataFrame,
    said: dict[int, pd.Series],
    version: int,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Decide on alerts where it has been said how likely flights are to be late.

    Args:
        questions: As `answer_questions` takes them.
        said: By threshold how likely each flight is to be so late, on the same index.
        version: The version that said so.
        evaluation: What a wrong decision costs.

    Returns:
        As `answer_questions` returns it.
    """
    lateness = {name_threshold(minutes): likely for minutes, likely in said.items()}
    alerts = {
        f"alert_{minutes}": likely >= evaluation.at_threshold(minutes).decision_threshold
        for minutes, likely in said.items()
    }
    return questions.assign(**lateness, **alerts, version=version)
