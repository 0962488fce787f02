"""Search for hyperparameters, and write down those that are chosen."""

import logging
from collections.abc import Iterator
from typing import Any

import pandas as pd
from optuna.storages import BaseStorage

from flight_delays.modelling.estimators import list_columns
from flight_delays.modelling.one_standard_error import describe_choice
from flight_delays.modelling.tuning import search, tabulate_trials
from flight_delays.parameters import Group, TrainingParameters, TuningParameters

logger = logging.getLogger(__name__)


def search_hyperparameters(
    study_storage: BaseStorage,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    training: TrainingParameters,
    tuning: TuningParameters,
) -> Iterator[pd.DataFrame]:
    """Try hyperparameters, each time on several periods after what was learnt from.

    Args:
        study_storage: Where trials are kept; a search goes on from those of an earlier one.
        train: Flights to learn from (`ModelInput`).
        validation: Later flights; both together are cut into folds.
        feature_groups: Names of the features by group.
        training: The parameters of the model, which are the first trial.
        tuning: The folds, the search space, and how many trials.

    Yields:
        The table of all finished trials (`tabulate_trials`), once before and then after each.

    Raises:
        DataError: There are too few days for the folds.
    """
    columns = list_columns(feature_groups, training.groups)
    flights = pd.concat([train, validation], ignore_index=True)
    flights = flights[["flight_date", "is_late", *columns]]
    for study in search(study_storage, flights, columns, training, tuning):
        trials = tabulate_trials(study, tuning)
        yield trials
        logger.info(_tell_progress(trials, tuning))


def choose_parameters(trials: pd.DataFrame, tuning: TuningParameters) -> dict[str, Any]:
    """Pick the hyperparameters of the chosen trial: the cheapest that is as good as the best.

    Args:
        trials: The finished trials, from `search_hyperparameters`, with the one that is `chosen`
            by the one-standard-error rule.
        tuning: The search space.

    Returns:
        What to put into conf, as it stands there: `{"training": {"classifier": {...}}}`.
    """
    logger.info(describe_choice(trials))
    chosen = trials.loc[trials["chosen"], [*tuning.search_space]]
    return {"training": {"classifier": chosen.to_dict("records")[0]}}


def _tell_progress(trials: pd.DataFrame, tuning: TuningParameters) -> str:
    count = f"{len(trials)} of {tuning.trials} trials"
    if trials["log_loss"].isna().all():
        return count
    best, last = trials.nsmallest(1, "log_loss").iloc[0], trials.iloc[-1]
    reached = last.filter(like="log_loss_fold").count()
    outcome = (
        f"pruned after {reached} of {tuning.folds} folds"
        if last["state"] == "pruned"
        else f"log loss {last['log_loss']:.5f}"
    )
    return f"{count}: {outcome}, best {best['log_loss']:.5f} (trial {best['trial']})"
