"""The search for hyperparameters: trials of Optuna, judged by forward chaining."""

import hashlib
from collections.abc import Iterator
from functools import partial

import numpy as np
import optuna
import pandas as pd
import sklearn
from joblib import Parallel, delayed
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, Trial, TrialState
from sklearn.model_selection import TimeSeriesSplit

from flight_delays.errors import DataError
from flight_delays.modelling.estimators import fit_gradient_boosting
from flight_delays.parameters import ClassifierParameters, TrainingParameters, TuningParameters

Fold = tuple[pd.DataFrame, pd.DataFrame]
MAX_TRIALS = 10_000  # of one random state: no two states draw the same
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)

optuna.logging.set_verbosity(optuna.logging.WARNING)


def split_forward(flights: pd.DataFrame, parameters: TuningParameters) -> list[Fold]:
    """Split flights into pairs of a past to learn from and the days after it to judge by.

    Args:
        flights: Flights with `flight_date`.
        parameters: How many pairs, and how many days to judge by.

    Returns:
        The pairs, the one with the shortest past first.

    Raises:
        DataError: There are too few days.
    """
    days = np.sort(flights["flight_date"].unique())
    if len(days) <= parameters.folds * parameters.validation_days:
        raise DataError(
            f"tuning.folds x tuning.validation_days is {parameters.folds} x "
            f"{parameters.validation_days} days, and train and validation have {len(days)}: "
            "lower one of the parameters, or lengthen the splits."
        )
    splitter = TimeSeriesSplit(parameters.folds, test_size=parameters.validation_days)
    return [
        (
            flights[flights["flight_date"].isin(days[past])],
            flights[flights["flight_date"].isin(days[later])],
        )
        for past, later in splitter.split(days)
    ]


def name_study(
    flights: pd.DataFrame, training: TrainingParameters, tuning: TuningParameters
) -> str:
    """Name a study after all that its scores depend on.

    So a search goes on where it was as long as its scores can be compared, and begins anew after
    a change of the data, the folds, the search space, a parameter that is not searched, or
    scikit-learn.

    Args:
        flights: All flights of the folds, with their features.
        training: The parameters of the model.
        tuning: The folds and the search space.

    Returns:
        The name.
    """
    fixed = training.model_dump_json(
        exclude={"ablations": True, "refit": True, "classifier": {*tuning.search_space}}
    )
    search = tuning.model_dump_json(include={"folds", "validation_days", "search_space"})
    digest = hashlib.sha256(f"{fixed}{search}{list(flights)}{sklearn.__version__}".encode())
    digest.update(pd.util.hash_pandas_object(flights, index=False).to_numpy().tobytes())
    return f"flight-delays-{digest.hexdigest()[:8]}"


def search(
    storage: BaseStorage,
    flights: pd.DataFrame,
    columns: list[str],
    training: TrainingParameters,
    tuning: TuningParameters,
) -> Iterator[optuna.Study]:
    """Try hyperparameters until the study has as many finished trials as asked for.

    The first trial is what `training` says now.

    Args:
        storage: Where trials are kept, this search's and those of earlier ones.
        flights: Train and validation together, with `flight_date` and `is_late`.
        columns: The features to use.
        training: The parameters of the model.
        tuning: The folds, the search space, and how many trials.

    Yields:
        The study, before the first trial and after each.

    Raises:
        DataError: There are too few days for the folds.
    """
    folds = split_forward(flights, tuning)
    study = optuna.create_study(
        storage=storage,
        study_name=name_study(flights, training, tuning),
        direction="minimize",
        load_if_exists=True,
    )
    yield study
    run = partial(_run_trial, storage, study.study_name, folds, columns, training, tuning)
    finished = [trial.params for trial in study.get_trials(states=FINISHED)]
    numbers = [*range(len(finished), tuning.trials)]
    current = {name: getattr(training.classifier, name) for name in tuning.search_space}
    if numbers and current not in finished:
        # Also where a search was killed half-way through it. Alone, because two processes can take
        # the same waiting trial out of SQLite.
        study.enqueue_trial(current)
        run(numbers.pop(0))
        yield study
    trials = Parallel(n_jobs=tuning.jobs, return_as="generator_unordered", pre_dispatch="n_jobs")(
        delayed(run)(number) for number in numbers
    )
    for _ in trials:
        yield study


def tabulate_trials(study: optuna.Study, parameters: TuningParameters) -> pd.DataFrame:
    """List the finished trials of a study.

    Args:
        study: The study.
        parameters: The folds and the search space.

    Returns:
        One row per trial, in the order of their numbers: `study`, `trial`, `state` ("complete" or
        "pruned"), `log_loss` (the mean over the folds; missing where pruned), `log_loss_fold_1`
        and so on (missing for folds not reached), `seconds`, and a column for each hyperparameter.
    """
    folds = [f"log_loss_fold_{fold}" for fold in range(1, parameters.folds + 1)]
    columns = ["study", "trial", "state", "log_loss", *folds, "seconds", *parameters.search_space]
    rows = [_describe_trial(trial) for trial in study.get_trials(states=FINISHED)]
    return pd.DataFrame(rows, columns=columns).assign(study=study.study_name)


def _describe_trial(trial: FrozenTrial) -> dict[str, object]:
    folds = {f"log_loss_{name}": loss for name, loss in trial.user_attrs.items()}
    assert trial.duration is not None  # noqa: S101 - it is finished
    return {
        "trial": trial.number,
        "state": trial.state.name.lower(),
        "log_loss": trial.value if trial.state == TrialState.COMPLETE else np.nan,
        **folds,
        "seconds": round(trial.duration.total_seconds(), 1),
        **trial.params,
    }


def _run_trial(
    storage: BaseStorage,
    study_name: str,
    folds: list[Fold],
    columns: list[str],
    training: TrainingParameters,
    tuning: TuningParameters,
    number: int,
) -> None:
    """Run one trial; in a worker's process, if there are several jobs."""

    def judge(trial: Trial) -> float:
        chosen = {
            name: trial.suggest_int(name, int(searched.low), int(searched.high), log=searched.log)
            if ClassifierParameters.model_fields[name].annotation is int
            else trial.suggest_float(name, searched.low, searched.high, log=searched.log)
            for name, searched in tuning.search_space.items()
        }
        classifier = training.classifier.model_copy(update=chosen)
        parameters = training.model_copy(update={"classifier": classifier, "refit": False})
        losses: list[float] = []
        for fold, (past, later) in enumerate(folds, start=1):
            model = fit_gradient_boosting(past, later, columns, parameters)
            # The best log loss on the later flights: that is where training stops, too.
            losses.append(-model.named_steps["classify"].validation_score_.max())
            trial.set_user_attr(f"fold_{fold}", losses[-1])
            trial.report(float(np.mean(losses)), step=fold)
            if fold < len(folds) and trial.should_prune():
                raise optuna.TrialPruned
        return float(np.mean(losses))

    optuna.load_study(
        study_name=study_name,
        storage=storage,
        # A sampler of its own for each trial: a search that was interrupted goes on as it would
        # have without the interruption.
        sampler=TPESampler(
            seed=MAX_TRIALS * tuning.random_state + number,
            n_startup_trials=tuning.startup_trials,
            multivariate=True,
        ),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=tuning.startup_trials),
    ).optimize(judge, n_trials=1)
