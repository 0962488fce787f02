"""What the model rests on: the loss it takes when features are shuffled."""

import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer
from sklearn.pipeline import Pipeline

from flight_delays.parameters import EvaluationParameters


def measure_importance(
    model: Pipeline,
    test: pd.DataFrame,
    feature_groups: dict[str, list[str]],
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Measure by how much the log loss rises when columns are shuffled (Breiman 2001).

    The columns of a group are shuffled together, so that what they share is lost as well.

    Args:
        model: The fitted classifier, with its ColumnTransformer in the step "encode".
        test: Flights with their features and outcome.
        feature_groups: The feature columns by group.
        parameters: How many flights and shuffles, and the seed.

    Returns:
        One row per group and per feature that the model uses: the mean rise of the log loss over
        the shuffles and its standard deviation, largest first.
    """
    used = _list_columns(model)
    groups = {
        group: columns
        for group, members in feature_groups.items()
        if (columns := [column for column in members if column in used])
    }
    rows = min(parameters.importance_rows, len(test))
    sample = test.sample(rows, random_state=parameters.random_state)
    features, late = sample[used], sample["is_late"]

    score = get_scorer("neg_log_loss")
    intact = score(model, features, late)
    random = np.random.default_rng(parameters.random_state)
    group_rises = [
        [
            intact - score(model, _shuffle(features, columns, random), late)
            for _ in range(parameters.importance_repeats)
        ]
        for columns in groups.values()
    ]
    feature_rises = permutation_importance(
        model,
        features,
        late,
        scoring="neg_log_loss",
        n_repeats=parameters.importance_repeats,
        random_state=parameters.random_state,
    ).importances
    rises = pd.concat(
        {
            "group": pd.DataFrame(group_rises, index=list(groups)),
            "feature": pd.DataFrame(feature_rises, index=used),
        },
        names=["level", "name"],
    )
    group_of = {name: group for group, columns in groups.items() for name in (group, *columns)}
    names = rises.index.get_level_values("name")
    importance = pd.DataFrame(
        {
            "group": names.map(group_of),
            "log_loss_increase": rises.mean(axis=1),
            "standard_deviation": rises.std(axis=1, ddof=0),
        }
    ).reset_index()
    return importance.sort_values(
        ["level", "log_loss_increase"], ascending=False, ignore_index=True
    )


def _list_columns(model: Pipeline) -> list[str]:
    """List the columns that the model's encoder takes."""
    return [
        column
        for _, transformer, columns in model.named_steps["encode"].transformers_
        if transformer != "drop"
        for column in columns
    ]


def _shuffle(
    features: pd.DataFrame, columns: list[str], random: np.random.Generator
) -> pd.DataFrame:
    """Give each row the values that another row has in these columns."""
    order = random.permutation(len(features))
    return features.assign(**features[columns].iloc[order].set_index(features.index))
