"""Fit the model, and beside it what it must be better than."""

import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from flight_delays.models import fit_gradient_boosting, make_logistic_regression
from flight_delays.parameters import Group, TrainingParameters

EXAMPLE_ROWS = 5


def train_model(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
) -> Pipeline:
    """Fit the model on the groups of features that the parameters name.

    Args:
        train: Flights to learn from (`ModelInput`).
        validation: Later flights that decide the number of trees.
        feature_groups: Names of the features by group.
        parameters: Groups, hyperparameters and seed.

    Returns:
        The fitted pipeline; `predict_proba` takes any frame with its features.
    """
    columns = _list_columns(feature_groups, parameters.groups)
    return fit_gradient_boosting(train, validation, columns, parameters)


def train_references(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
) -> dict[str, Pipeline]:
    """Fit what the model is compared with.

    Args:
        train: Flights to learn from (`ModelInput`).
        validation: Later flights; the baselines learn from both.
        feature_groups: Names of the features by group.
        parameters: Groups to leave out, hyperparameters and seed.

    Returns:
        The base rate, a logistic regression on the schedule, and the model without each group
        of `ablations` that it has beside others.
    """
    both = pd.concat([train, validation], ignore_index=True)
    schedule, late = both[feature_groups["schedule"]], both["is_late"]
    references = {
        "base_rate": Pipeline([("classify", DummyClassifier())]).fit(schedule, late),
        "schedule_logistic_regression": make_logistic_regression(schedule).fit(schedule, late),
    }
    for ablated in parameters.ablations:
        kept = [group for group in parameters.groups if group != ablated]
        if kept and kept != parameters.groups:
            columns = _list_columns(feature_groups, kept)
            model = fit_gradient_boosting(train, validation, columns, parameters)
            references[f"without_{ablated}"] = model
    return references


def add_example(model: Pipeline, train: pd.DataFrame) -> tuple[Pipeline, pd.DataFrame]:
    """Put a few rows beside the model, from which MLflow infers its signature."""
    return model, train.loc[: EXAMPLE_ROWS - 1, model.feature_names_in_]


def _list_columns(feature_groups: dict[Group, list[str]], groups: list[Group]) -> list[str]:
    return [column for group in groups for column in feature_groups[group]]
