"""What a version has learnt from and what it says of that, kept with it to tell drift by."""

import pandas as pd

from flight_delays.modelling.lateness import LatenessClassifier

FEATURE = "feature."
PREDICTION = "prediction."
DATE = "flight_date"
# How long before departure is asked is chosen by whoever asks: it does not drift.
CHOSEN = "lead_minutes"


def sample_reference(
    model: LatenessClassifier, flights: pd.DataFrame, rows: int, random_state: int
) -> pd.DataFrame:
    """Draw questions from those that a model was fitted on, and let it answer them.

    A model that was fitted again on all of them has seen these flights. Its loss on them would be
    too small; but how its probabilities are distributed differs little from flights that it has not
    seen, and the same flights serve for features and probabilities.

    Args:
        model: The fitted model.
        flights: The questions (`ModelInput`).
        rows: How many to draw, if there are so many.
        random_state: The seed.

    Returns:
        Per question its `flight_date`, the features as `feature.<name>` and what the model says as
        `prediction.late_<minutes>`.
    """
    drawn = flights.sample(min(rows, len(flights)), random_state=random_state).sort_index()
    features = [*model.feature_names_in_]
    said = model.predict_lateness(drawn[features])
    return describe_questions(drawn, drawn[DATE], said, features)


def describe_questions(
    questions: pd.DataFrame, dates: pd.Series, lateness: pd.DataFrame, features: list[str]
) -> pd.DataFrame:
    """Put side by side what a model was told and what it said, as a reference has them.

    Args:
        questions: The features, and perhaps other columns.
        dates: The day of each flight.
        lateness: A probability for each threshold, and perhaps other columns.
        features: The names of the features.

    Returns:
        The columns of `sample_reference`, numbered anew.
    """
    said = lateness.filter(regex=r"^late_\d+$").add_prefix(PREDICTION)
    told = questions[[name for name in features if name != CHOSEN]].add_prefix(FEATURE)
    return pd.concat([dates.rename(DATE), said, told], axis=1).reset_index(drop=True)
