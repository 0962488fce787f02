"""Trials are kept in a file, and each new one becomes a child of the MLflow run."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import numpy as np
import optuna
import pandas as pd
import pytest
import yaml
from kedro.io import DataCatalog, DatasetError
from mlflow.entities import Run
from optuna.trial import TrialState

from flight_delays.kedro_parts.datasets.tuning import StudyStorageDataset
from tables import CONF

TRIALS = pd.DataFrame(
    {
        "study": ["a", "a", "a"],
        "trial": [0, 1, 2],
        "state": ["complete", "complete", "pruned"],
        "log_loss": [0.5, 0.45, np.nan],
        "log_loss_fold_1": [0.4, 0.45, 0.6],
        "log_loss_fold_2": [0.6, 0.45, np.nan],
        "cost": [30.0, 90.0, np.nan],
        "difference": [0.05, 0, np.nan],
        "standard_error": [0.02, 0, np.nan],
        "chosen": [False, True, False],
        "seconds": [10.5, 9.0, 4.0],
        "learning_rate": [0.2, 0.3, 0.4],
        "max_leaf_nodes": [3, 7, 15],
    }
)


@pytest.fixture
def run(tmp_path: Path, tracking_store: Path) -> Iterator[Run]:
    """An MLflow run in a store of its own."""
    uri = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    experiment = mlflow.create_experiment("tuning", artifact_location=str(tmp_path))
    with mlflow.start_run(experiment_id=experiment) as started:
        yield started
    mlflow.set_tracking_uri(uri)


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    """The table of trials as delivered, in an empty folder."""
    config = yaml.safe_load((CONF / "catalog_08_reporting.yml").read_text())["trials"]
    config["dataset"]["filepath"] = str(tmp_path / "trials.csv")
    return DataCatalog.from_config({"trials": config})


def list_children(parent: Run) -> list[Run]:
    query = f"tags.mlflow.parentRunId = '{parent.info.run_id}'"
    found: list[Run] = mlflow.search_runs(
        [parent.info.experiment_id],
        filter_string=query,
        order_by=["attributes.run_name"],
        output_format="list",
    )
    return found


def begin_run(earlier: Run) -> mlflow.ActiveRun:
    """Begin a run beside an earlier one, as the next search does.

    By name, because MLflow's active experiment is of the process and may be another store's.
    """
    return mlflow.start_run(experiment_id=earlier.info.experiment_id, nested=True)


def test_each_new_trial_is_a_child_of_the_run(run: Run, catalog: DataCatalog) -> None:
    for trials in range(4):
        catalog.save("trials", TRIALS.head(trials))
        assert len(list_children(run)) == trials
    _, complete, pruned = list_children(run)
    assert complete.info.run_name == "trial 1"
    assert complete.info.status == "FINISHED"
    assert complete.data.params == {"learning_rate": "0.3", "max_leaf_nodes": "7"}
    assert complete.data.metrics == {
        "log_loss": 0.45,
        "log_loss_fold_1": 0.45,
        "log_loss_fold_2": 0.45,
        "cost": 90.0,
        "seconds": 9.0,
    }
    assert complete.data.tags["trial_state"] == "complete"
    assert complete.data.tags["study"] == "a"
    assert complete.info.end_time - complete.info.start_time == 9000
    # It has no score of the fold that it did not reach, nor one over all folds.
    assert pruned.data.metrics == {"log_loss_fold_1": 0.6, "seconds": 4.0}
    assert pruned.data.params == {"learning_rate": "0.4", "max_leaf_nodes": "15"}
    assert pruned.data.tags["trial_state"] == "pruned"


def test_trials_of_an_earlier_run_are_not_tracked_again(run: Run, catalog: DataCatalog) -> None:
    catalog.save("trials", TRIALS.head(2))
    with begin_run(run) as later:
        catalog.save("trials", TRIALS)
        assert [child.info.run_name for child in list_children(later)] == ["trial 2"]


def test_of_two_searches_in_turn_each_trial_is_tracked_once(run: Run, catalog: DataCatalog) -> None:
    catalog.save("trials", TRIALS.head(2))
    catalog.save("trials", TRIALS.assign(study="b").head(1))
    assert list(catalog.load("trials")["study"]) == ["b"]
    catalog.save("trials", TRIALS)
    tracked = [(child.info.run_name, child.data.tags["study"]) for child in list_children(run)]
    assert sorted(tracked) == [
        ("trial 0", "a"),
        ("trial 0", "b"),
        ("trial 1", "a"),
        ("trial 2", "a"),
    ]


def test_a_trial_whose_tracking_was_killed_is_tracked_again(run: Run, catalog: DataCatalog) -> None:
    killed = mlflow.MlflowClient().create_run(
        run.info.experiment_id, run_name="trial 0", tags={"study": "a"}
    )
    catalog.save("trials", TRIALS.head(1))
    (child,) = list_children(run)
    assert child.info.run_id != killed.info.run_id
    assert child.data.metrics["log_loss"] == 0.5


def test_the_run_shows_the_best_log_loss_so_far(run: Run, catalog: DataCatalog) -> None:
    for trials in range(4):
        catalog.save("trials", TRIALS.head(trials))
    best = mlflow.MlflowClient().get_metric_history(run.info.run_id, "best_log_loss")
    assert [(each.step, each.value) for each in best] == [(1, 0.5), (2, 0.45), (3, 0.45)]


def test_the_table_holds_all_trials(run: Run, catalog: DataCatalog) -> None:
    catalog.save("trials", TRIALS.head(1))
    catalog.save("trials", TRIALS)
    pd.testing.assert_frame_equal(catalog.load("trials"), TRIALS, check_dtype=False)


def test_without_an_mlflow_run_the_table_is_written_all_the_same(catalog: DataCatalog) -> None:
    dataset = catalog["trials"]
    dataset._logging_activated = False  # as kedro-mlflow does where tracking is switched off
    dataset.save(TRIALS.head(1))
    dataset.save(TRIALS)
    assert len(dataset.load()) == 3


def test_a_study_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    dataset = StudyStorageDataset(filepath=str(tmp_path / "not" / "there" / "tuning.db"))
    storage = dataset.load()
    study = optuna.create_study(storage=storage, study_name="search")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    storage.create_new_trial(study._study_id)  # in which the process is killed
    again = optuna.load_study(storage=dataset.load(), study_name="search")
    assert [trial.state for trial in again.trials] == [TrialState.COMPLETE, TrialState.RUNNING]
    assert again.trials[0].params == study.trials[0].params


def test_a_study_is_not_saved_as_a_whole(tmp_path: Path) -> None:
    dataset = StudyStorageDataset(filepath=str(tmp_path / "tuning.db"))
    with pytest.raises(DatasetError, match="written by its trials"):
        dataset.save(object())  # type: ignore[arg-type]
