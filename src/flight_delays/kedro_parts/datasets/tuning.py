"""Where the trials of a search are kept, and how each becomes an MLflow run."""

import time
import warnings
from pathlib import Path
from typing import Any, NoReturn

import mlflow
import pandas as pd
from kedro.io import AbstractDataset, DatasetError
from kedro_datasets.pandas import CSVDataset
from mlflow.entities import Metric, Param, Run
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
from optuna.exceptions import ExperimentalWarning
from optuna.storages import RDBStorage

HEARTBEAT_SECONDS = 60
# What is neither score nor hyperparameter, and what depends on the trials after it.
NEITHER = ["study", "trial", "state", "difference", "standard_error", "chosen"]


class StudyStorageDataset(AbstractDataset[NoReturn, RDBStorage]):
    """A SQLite file that Optuna keeps its studies in."""

    def __init__(self, filepath: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the file; it is made when it is first loaded.

        Args:
            filepath: The path of the file.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self.metadata = metadata

    def load(self) -> RDBStorage:
        """Open the storage.

        Returns:
            The storage. It notices trials of a process that was killed by their missing heartbeat.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        warnings.filterwarnings("ignore", category=ExperimentalWarning)  # of the heartbeat
        return RDBStorage(f"sqlite:///{self._path}", heartbeat_interval=HEARTBEAT_SECONDS)

    def save(self, data: NoReturn) -> None:
        """Refuse: Optuna itself writes, trial by trial."""
        raise DatasetError("A study is written by its trials.")

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path)}


class TrackedTrialsDataset(CSVDataset):  # type: ignore[misc]
    """A table of trials; each one that comes in becomes a child of the MLflow run.

    The run itself shows the best log loss so far.

    A search saves the table again after every trial. MLflow knows which trials have their child
    run: in this run, or in an earlier one that was interrupted.
    """

    def save(self, data: pd.DataFrame) -> None:
        """Track the trials that are not tracked yet, then write the table.

        Args:
            data: One row per trial of a study: `study`, `trial`, `state`, columns that begin with
                `log_loss`, `cost`, how it compares with the other trials, `seconds`, and the
                hyperparameters.
        """
        run = mlflow.active_run()
        if run and len(data):  # without a run, tracking is switched off
            _track_trials(run, data)
        super().save(data)


def _track_trials(parent: Run, trials: pd.DataFrame) -> None:
    children = mlflow.search_runs(
        [parent.info.experiment_id],
        f"tags.study = '{trials['study'].iloc[0]}' and attributes.status = 'FINISHED'",
        output_format="list",
    )
    tracked = {child.info.run_name for child in children}
    for _, trial in trials.iterrows():
        if f"trial {trial['trial']}" not in tracked:
            _track_trial(parent, trial)
    if trials["log_loss"].notna().any():
        mlflow.log_metric("best_log_loss", trials["log_loss"].min(), step=len(trials))


def _track_trial(parent: Run, trial: pd.Series) -> None:
    client = mlflow.MlflowClient()
    now = int(1000 * time.time())
    scores = trial.filter(regex="^(log_loss|cost|seconds)").dropna()
    parameters = trial.drop([*NEITHER, *scores.index]).dropna()
    run = client.create_run(
        parent.info.experiment_id,
        start_time=now - int(1000 * trial["seconds"]),
        run_name=f"trial {trial['trial']}",
        tags={
            MLFLOW_PARENT_RUN_ID: parent.info.run_id,
            "study": trial["study"],
            "trial_state": trial["state"],
        },
    )
    client.log_batch(
        run.info.run_id,
        metrics=[Metric(str(name), float(score), now, 0) for name, score in scores.items()],
        params=[Param(str(name), str(value)) for name, value in parameters.items()],
    )
    client.set_terminated(run.info.run_id, end_time=now)
