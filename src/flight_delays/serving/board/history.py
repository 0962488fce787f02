"""How what is said of open flights has moved: a point every quarter of an hour."""

import pandas as pd

STEP = pd.Timedelta(minutes=15)


def select_points(answers: pd.DataFrame) -> pd.DataFrame:
    """Select what a history keeps of answers.

    Args:
        answers: As `answer_questions` returns them, by flight id.

    Returns:
        The `prediction_time` and how likely each lateness was (`late_15` and so on).
    """
    return answers.filter(regex="^prediction_time$|^late_")


def add_points(history: pd.DataFrame, answers: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Add the answers of a tick, if the last ones that were added are old enough.

    Args:
        history: The points so far, by flight id, in order of time.
        answers: The newest answer about each flight that is open and not past its schedule.
        now: The moment.

    Returns:
        The points of flights that have an answer; those of others are dropped.
    """
    points = select_points(answers)
    if not history.empty and now - history["prediction_time"].max() < STEP:
        return history[history.index.isin(points.index)]
    points = pd.concat([history, points[points["prediction_time"] == now]])
    return points[points.index.isin(answers.index)]
