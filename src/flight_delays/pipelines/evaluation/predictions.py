"""Predict the test months, and log what was said of them."""

import pandas as pd

from flight_delays.evaluation.answers import QUESTION, tabulate_answers
from flight_delays.modelling.lateness import (
    LatenessClassifier,
    name_threshold,
    select_thresholds,
)
from flight_delays.parameters import EvaluationParameters, TargetParameters
from flight_delays.registry.versions import Version
from flight_delays.serving.board.answers import FLIGHT, decide
from flight_delays.serving.log.logged_rows import add_features

FACTS = ["flight_date", "scheduled_departure", "origin", "carrier"]
OUTCOME = ["arrival_delay_minutes", "is_late"]


def predict_test(
    model: LatenessClassifier, version: Version, test: pd.DataFrame, target: TargetParameters
) -> tuple[pd.DataFrame, Version, dict[int, pd.Series]]:
    """Predict how likely each test flight is to be late by each threshold, at every lead.

    Args:
        model: The fitted model.
        version: Its version in the registry.
        test: Questions with their features and outcome.
        target: How many test flights it takes to judge a threshold.

    Returns:
        One row per question and threshold (`TestPredictions`); the version that predicted it; and
        for each threshold the probabilities on the index of the questions.
    """
    thresholds = select_thresholds(model.thresholds_minutes, {"test": test}, target.min_flights)
    questions = test[[*QUESTION, *FACTS, *OUTCOME]].assign(
        lead_minutes=test["lead_minutes"].astype(int)
    )
    lateness = model.predict_lateness(test)
    answers = tabulate_answers(questions, {"late_probability": lateness}, thresholds)
    said = {minutes: lateness[name_threshold(minutes)] for minutes in thresholds}
    return answers, version, said


def predict_references(
    reference_models: dict[str, LatenessClassifier], test: pd.DataFrame
) -> pd.DataFrame:
    """Answer the same questions by the models that the model is compared with.

    Args:
        reference_models: Fitted models by name, simplest first.
        test: Questions with their features and outcome.

    Returns:
        One row per question and threshold: its keys and one column of probabilities for each
        reference, missing where that does not answer the threshold (`ReferencePredictions`).
    """
    thresholds = {each for model in reference_models.values() for each in model.thresholds_minutes}
    said = {name: model.predict_lateness(test) for name, model in reference_models.items()}
    answers = tabulate_answers(test[[*QUESTION, *OUTCOME]], said, sorted(thresholds))
    return answers.drop(columns=OUTCOME)


def log_test_predictions(
    said: dict[int, pd.Series],
    version: Version,
    model: LatenessClassifier,
    test: pd.DataFrame,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Put down what was said of the test months as if it had been said then.

    So a fresh clone has predictions to look back on.

    Args:
        said: From `predict_test`: by threshold how likely the flights are to be so late.
        version: The version that said so.
        model: The fitted model.
        test: Questions with their features, on the same index.
        parameters: What a wrong decision costs.

    Returns:
        One row per question (`LoggedPredictions`).
    """
    questions = test[[*FLIGHT, "prediction_time"]].assign(
        lead_minutes=test["lead_minutes"].astype(int)
    )
    return add_features(decide(questions, said, version.number, parameters), test, model)
