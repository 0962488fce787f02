"""What the model rests on: the loss it takes when features are shuffled."""

import numpy as np
import pandas as pd
from sklearn.inspection import permutation_importance
from sklearn.metrics import get_scorer
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from flight_delays.parameters import EvaluationParameters

SCORING = "neg_log_loss"


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

    repeats, seed = parameters.importance_repeats, parameters.random_state
    # Hundreds of small predictions: threads would spend their time on waiting for each other.
    with threadpool_limits(1, user_api="openmp"):
        group_rises = [
            _permute_group(model, features, late, columns, repeats, seed)
            for columns in groups.values()
        ]
        feature_rises = permutation_importance(
            model, features, late, scoring=SCORING, n_repeats=repeats, random_state=seed
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


def _permute_group(
    model: Pipeline,
    features: pd.DataFrame,
    late: pd.Series,
    columns: list[str],
    repeats: int,
    seed: int,
) -> list[float]:
    """Do what permutation_importance does to a column to several columns, row by row."""
    score, random = get_scorer(SCORING), np.random.default_rng(seed)
    intact = score(model, features, late)
    rises = []
    for _ in range(repeats):
        order = random.permutation(len(features))
        shuffled = features[columns].iloc[order].set_index(features.index)
        rises.append(intact - score(model, features.assign(**shuffled), late))
    return rises
