"""Fit the model, and beside it what it must be better than."""

from typing import Any

import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from flight_delays.modelling.estimators import (
    fit_gradient_boosting,
    fit_trees,
    list_columns,
    make_logistic_regression,
)
from flight_delays.parameters import Group, TrainingParameters
from flight_delays.registry.versions import FEATURE_DEFINITION, FITTED_TO, SPLITS, Candidate

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
    columns = list_columns(feature_groups, parameters.groups)
    return fit_gradient_boosting(train, validation, columns, parameters)


def train_references(
    model: Pipeline,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
) -> dict[str, Pipeline]:
    """Fit what the model is compared with.

    Args:
        model: The fitted model, whose number of trees the models without a group take.
        train: Flights to learn from (`ModelInput`).
        validation: Later flights; the baselines learn from both, the models without a group where
            the model does.
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
    learnt, trees = both if parameters.refit else train, model["classify"].n_iter_
    for ablated in parameters.ablations:
        kept = [group for group in parameters.groups if group != ablated]
        if kept and kept != parameters.groups:
            columns = list_columns(feature_groups, kept)
            references[f"without_{ablated}"] = fit_trees(learnt, columns, parameters, trees)
    return references


def prepare_candidate(
    model: Pipeline,
    validation: pd.DataFrame,
    splits: dict[str, dict[str, Any]],
    feature_definition: dict[str, Any],
) -> Candidate:
    """Put beside the model what the registry is to know of it.

    Args:
        model: The fitted model.
        validation: Flights that it has seen.
        splits: What the splits are.
        feature_definition: What its features mean.

    Returns:
        The model with a few rows, from which MLflow infers the signature, with the days that it was
        fitted on, and with what it takes to ask it anything.
    """
    first, last = splits["train"]["start"], splits["validation"]["end"]
    return Candidate(
        model=model,
        example=validation[model.feature_names_in_].head(EXAMPLE_ROWS),
        tags={"fitted_from": first, FITTED_TO: last},
        description=f"Fitted on flights from {first} to {last}. Not evaluated yet.",
        metadata={
            FEATURE_DEFINITION: feature_definition,
            SPLITS: {name: splits[name] for name in ("train", "validation")},
        },
    )
