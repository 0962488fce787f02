"""What the model rests on: the loss it takes when features are shuffled."""

import pandas as pd

from flight_delays.evaluation.metrics import Floats, compute_log_losses
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import EvaluationParameters


def measure_importance(
    model: LatenessClassifier,
    test: pd.DataFrame,
    feature_groups: dict[str, list[str]],
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Measure by how much the log loss rises when columns are shuffled (Breiman 2001).

    It is the log loss of the first threshold.

    Questions are drawn from all days and leads. The columns of a group are shuffled together, so
    that what they share is lost as well. Flights of one day share weather and backlog, so the
    standard error is that of a mean over days. (Of whole days the same number of questions would be
    too few days: the standard error is two to three times as large.)

    Args:
        model: The fitted model.
        test: Questions with their features and outcome.
        feature_groups: The feature columns by group.
        parameters: How many questions, and the seed.

    Returns:
        One row per group and per feature that the model uses: the rise of the log loss, averaged
        over the days, and its standard error, largest rise first.
    """
    rows, seed = min(parameters.importance_questions, len(test)), parameters.random_state
    # In their own order: flights of an hour are alike, and take the same ways down the trees.
    sample = test.sample(rows, random_state=seed).sort_index()
    encode, classify = model.headline[:-1], model.headline[-1]
    encoded = encode.transform(sample)
    shuffled = encoded.sample(frac=1, random_state=seed).set_axis(encoded.index)
    used = {name: [name] for name in encoded}
    groups = {
        group: columns
        for group, members in feature_groups.items()
        if (columns := [column for column in members if column in used])
    }

    def lose(features: pd.DataFrame) -> Floats:
        return compute_log_losses(sample["is_late"], classify.predict_proba(features)[:, 1])

    intact = lose(encoded)
    rises = {
        (level, name): lose(encoded.assign(**shuffled[columns])) - intact
        for level, names in (("group", groups), ("feature", used))
        for name, columns in names.items()
    }
    by_day = pd.DataFrame(rises).groupby(sample["flight_date"].to_numpy()).mean()
    importance = pd.DataFrame({"log_loss_increase": by_day.mean(), "standard_error": by_day.sem()})
    importance = importance.rename_axis(["level", "name"]).reset_index()
    group_of = {name: group for group, columns in groups.items() for name in (group, *columns)}
    importance.insert(2, "group", importance["name"].map(group_of))
    return importance.sort_values(
        ["level", "log_loss_increase"], ascending=False, ignore_index=True
    )
