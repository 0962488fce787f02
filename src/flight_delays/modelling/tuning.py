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

from flight_delays.modelling.folds import Fold, score_fold, split_forward
from flight_delays.modelling.one_standard_error import apply_one_standard_error_rule
from flight_delays.parameters import ClassifierParameters, TrainingParameters, TuningParameters

MAX_TRIALS = 10_000  # of one random state: no two states draw the same
# Of what a trial keeps: change it with that, and a study without it is left behind.
FORMAT = "log loss by fold, daily losses, cost"
FINISHED = (TrialState.COMPLETE, TrialState.PRUNED)

optuna.logging.set_verbosity(optuna.logging.WARNING)


def name_study(
    flights: pd.DataFrame, training: TrainingParameters, tuning: TuningParameters
) -> str:
    """Name a study after all that its scores depend on.

    So a search goes on where it was as long as its scores can be compared, and begins anew after
    a change of the data, the folds, the search space, a parameter that is not searched,
    scikit-learn, or what a trial keeps.

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
    digest = hashlib.sha256(f"{fixed}{search}{list(flights)}{FORMAT}{sklearn.__version__}".encode())
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
        "pruned"), `log_loss` (the mean over the folds), `log_loss_fold_1` and so on (missing for
        folds not reached), `cost` (the mean over the folds of trees times leaves), `difference`
        and `standard_error` of the log loss against the best trial's, `chosen`, `seconds`, and a
        column for each hyperparameter. A pruned trial has neither a log loss nor a cost.
    """
    folds = [f"log_loss_fold_{fold}" for fold in range(1, parameters.folds + 1)]
    compared = ["difference", "standard_error", "chosen"]
    columns = ["study", "trial", "state", "log_loss", *folds, "cost", *compared, "seconds"]
    finished = study.get_trials(states=FINISHED)
    trials = pd.DataFrame(
        [_describe_trial(trial) for trial in finished], columns=[*columns, *parameters.search_space]
    ).assign(study=study.study_name, chosen=False)
    daily_losses = {
        row: trial.user_attrs["daily_losses"]
        for row, trial in enumerate(finished)
        if trial.state == TrialState.COMPLETE
    }
    if not daily_losses:
        return trials
    return apply_one_standard_error_rule(trials, pd.DataFrame(daily_losses))


def _describe_trial(trial: FrozenTrial) -> dict[str, object]:
    assert trial.duration is not None  # noqa: S101 - it is finished
    return {
        "trial": trial.number,
        "state": trial.state.name.lower(),
        # Optuna gives a pruned trial the value of its last fold.
        "log_loss": trial.value if trial.state == TrialState.COMPLETE else None,
        "seconds": round(trial.duration.total_seconds(), 1),
        **trial.user_attrs,
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
        suggested = {
            name: trial.suggest_int(name, int(searched.low), int(searched.high), log=searched.log)
            if ClassifierParameters.model_fields[name].annotation is int
            else trial.suggest_float(name, searched.low, searched.high, log=searched.log)
            for name, searched in tuning.search_space.items()
        }
        classifier = training.classifier.model_copy(update=suggested)
        parameters = training.model_copy(update={"classifier": classifier})
        daily_losses: list[float] = []
        costs: list[int] = []
        for step, fold in enumerate(folds, start=1):
            score = score_fold(fold, columns, parameters)
            trial.set_user_attr(f"log_loss_fold_{step}", np.mean(score["daily_losses"]))
            daily_losses += score["daily_losses"]
            costs.append(score["cost"])
            trial.report(float(np.mean(daily_losses)), step=step)
            if step < len(folds) and trial.should_prune():
                raise optuna.TrialPruned
        trial.set_user_attr("daily_losses", daily_losses)
        trial.set_user_attr("cost", np.mean(costs))
        return float(np.mean(daily_losses))

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
