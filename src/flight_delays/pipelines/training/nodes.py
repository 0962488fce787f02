"""Fit the model, and beside it what it must be better than."""

from functools import partial
from typing import Any

import pandas as pd

from flight_delays.modelling.estimators import (
    fit_base_rate,
    fit_gradient_boosting,
    fit_logistic_regression,
    fit_trees,
    list_columns,
)
from flight_delays.modelling.explanations.ordinary import (
    make_ordinary_flights,
    write_ordinary_flights,
)
from flight_delays.modelling.lateness import LatenessClassifier, fit_chain, select_thresholds
from flight_delays.monitoring.reference import sample_reference
from flight_delays.parameters import Group, TargetParameters, TrainingParameters
from flight_delays.registry.versions import (
    FEATURE_DEFINITION,
    FEATURE_GROUPS,
    FITTED_TO,
    LAST_DELIVERY,
    ORDINARY_FLIGHTS,
    SPLITS,
    Candidate,
)

EXAMPLE_ROWS = 5


def train_model(
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
    target: TargetParameters,
) -> LatenessClassifier:
    """Fit the model on the groups of features that the parameters name.

    Args:
        train: Flights to learn from (`ModelInput`).
        validation: Later flights that decide the number of trees.
        feature_groups: Names of the features by group.
        parameters: Groups, hyperparameters and seed.
        target: The thresholds to answer.

    Returns:
        The fitted chain; it takes any frame with its features.
    """
    splits = {"train": train, "validation": validation}
    thresholds = select_thresholds(target.late_thresholds_minutes, splits, target.min_flights)
    columns = list_columns(feature_groups, parameters.groups)

    fit = partial(fit_gradient_boosting, columns=columns, parameters=parameters)
    return fit_chain(thresholds, fit, train, validation)


def train_references(
    model: LatenessClassifier,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
) -> dict[str, LatenessClassifier]:
    """Fit what the model is compared with.

    Args:
        model: The fitted model, whose thresholds the baselines answer, and whose number of trees
            the models without a group take.
        train: Flights to learn from (`ModelInput`).
        validation: Later flights; the baselines learn from both, the models without a group where
            the model does.
        feature_groups: Names of the features by group.
        parameters: Groups to leave out, hyperparameters and seed.

    Returns:
        The base rate and a logistic regression on the schedule; and for the first threshold alone
        the model without each group of `ablations` that it has beside others.
    """
    both = pd.concat([train, validation])
    schedule = feature_groups["schedule"]
    references = {
        name: fit_chain(model.thresholds_minutes, partial(fit, columns=schedule), both)
        for name, fit in (
            ("base_rate", fit_base_rate),
            ("schedule_logistic_regression", fit_logistic_regression),
        )
    }
    learnt, trees = both if parameters.refit else train, model.headline["classify"].n_iter_
    for ablated in parameters.ablations:
        kept = [group for group in parameters.groups if group != ablated]
        if kept and kept != parameters.groups:
            columns = list_columns(feature_groups, kept)
            fit = partial(fit_trees, columns=columns, parameters=parameters, trees=trees)
            references[f"without_{ablated}"] = fit_chain(model.thresholds_minutes[:1], fit, learnt)
    return references


def prepare_candidate(
    model: LatenessClassifier,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    parameters: TrainingParameters,
    splits: dict[str, dict[str, Any]],
    feature_definition: dict[str, Any],
    deliveries: list[str],
) -> Candidate:
    """Put beside the model what the registry is to know of it.

    Args:
        model: The fitted model.
        train: Flights that it has seen, of which the ordinary ones are made.
        validation: Later flights that it has seen.
        feature_groups: Names of the features by group.
        parameters: The groups that it looks at, how many rows of reference to draw, and the seed.
        splits: What the splits are.
        feature_definition: What its features mean.
        deliveries: The ids of the deliveries that the flights are from, the newest last.

    Returns:
        The model with a few rows, from which MLflow infers the signature, with the days that it was
        fitted on, with what it takes to ask it anything, and with what drift is told by.
    """
    first, last = splits["train"]["start"], splits["validation"]["end"]
    ordinary = make_ordinary_flights(train, [*model.feature_names_in_])
    return Candidate(
        model=model,
        example=validation[model.feature_names_in_].head(EXAMPLE_ROWS),
        tags={"fitted_from": first, FITTED_TO: last}
        | ({LAST_DELIVERY: deliveries[-1]} if deliveries else {}),
        description=f"Fitted on flights from {first} to {last}. Not evaluated yet.",
        metadata={
            FEATURE_DEFINITION: feature_definition,
            FEATURE_GROUPS: {group: feature_groups[group] for group in parameters.groups},
            ORDINARY_FLIGHTS: write_ordinary_flights(ordinary),
            SPLITS: {name: splits[name] for name in ("train", "validation")},
        },
        reference=sample_reference(
            model,
            pd.concat([train, validation], ignore_index=True),
            parameters.reference_rows,
            parameters.random_state,
        ),
    )
