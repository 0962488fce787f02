"""What the model rests on: the loss it takes when features are shuffled."""

import pandas as pd
from sklearn.pipeline import Pipeline

from flight_delays.evaluation.metrics import Floats, compute_log_losses
from flight_delays.parameters import EvaluationParameters


def measure_importance(
    model: Pipeline,
    test: pd.DataFrame,
    feature_groups: dict[str, list[str]],
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Measure by how much the log loss rises when columns are shuffled (Breiman 2001).

    Whole days are drawn, each flight of them asked about at one of its leads. Its values are
    replaced by those of a question drawn from all days: among the flights of a few days too little
    would change. The columns of a group are replaced together, so that what they share is lost as
    well. Flights of one day share weather and backlog, so the standard error is that of a mean over
    days.

    Args:
        model: The fitted classifier: its step "encode" hands on the columns that it takes.
        test: Questions with their features and outcome.
        feature_groups: The feature columns by group.
        parameters: How many days, and the seed.

    Returns:
        One row per group and per feature that the model uses: the rise of the log loss, averaged
        over the days, and its standard error, largest rise first.
    """
    sample = _sample_questions(test, parameters)
    strangers = test.sample(len(sample), random_state=parameters.random_state)
    encoded, others = (model[:-1].transform(questions) for questions in (sample, strangers))
    others = others.set_axis(encoded.index)
    used = {name: [name] for name in encoded}
    groups = {
        group: columns
        for group, members in feature_groups.items()
        if (columns := [column for column in members if column in used])
    }

    def lose(features: pd.DataFrame) -> Floats:
        return compute_log_losses(sample["is_late"], model[-1].predict_proba(features)[:, 1])

    intact = lose(encoded)
    rises = {
        (level, name): lose(encoded.assign(**others[columns])) - intact
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


def _sample_questions(test: pd.DataFrame, parameters: EvaluationParameters) -> pd.DataFrame:
    """Draw whole days, and one question about each flight of theirs."""
    seed, days = parameters.random_state, test["flight_date"].drop_duplicates()
    drawn = days.sample(min(parameters.importance_days, len(days)), random_state=seed)
    shuffled = test[test["flight_date"].isin(drawn)].sample(frac=1, random_state=seed)
    # In their own order again: flights of an hour are alike, and take the same ways down the trees.
    return shuffled.drop_duplicates("flight_id").sort_index()
