"""Models and artifacts are found again where a project was moved to."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline

from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.loading import load_model
from flight_delays.registry.relocation import relocate_artifacts

NAME = "flight-delays"
TRUSTED = ["flight_delays.modelling.lateness.LatenessClassifier"]


def open_store(project: Path) -> MlflowClient:
    mlflow.set_tracking_uri(f"sqlite:///{project / 'mlflow.db'}")
    return MlflowClient()


@pytest.fixture
def project(tmp_path: Path, tracking_store: Path) -> Iterator[Path]:
    """A project with a run, its artifact and its model; spaces have to be quoted in an address."""
    before = mlflow.get_tracking_uri()
    project = tmp_path / "my project"
    project.mkdir()
    shutil.copy(tracking_store, project / "mlflow.db")
    client = open_store(project)
    location = (project / "mlartifacts").as_uri()
    experiment = client.create_experiment(NAME, artifact_location=location)
    client.create_experiment("other", artifact_location=(tmp_path / "my project 2").as_uri())
    with mlflow.start_run(experiment_id=experiment):
        mlflow.log_text("kept", "note.txt")
        logged = mlflow.sklearn.log_model(
            LatenessClassifier([15], [make_pipeline(DummyClassifier()).fit([[0]], [0])]),
            name="model",
            serialization_format="skops",
            skops_trusted_types=TRUSTED,
            pip_requirements=["scikit-learn"],
        )
        mlflow.register_model(logged.model_uri, NAME)
    yield project
    mlflow.set_tracking_uri(before)


def relocate(project: Path) -> None:
    relocate_artifacts(project / "mlflow.db", NAME, project / "mlartifacts")


def test_artifacts_models_and_new_runs_move_along(project: Path) -> None:
    moved = project.rename(project.parent / "elsewhere")
    relocate(moved)
    client = open_store(moved)
    (experiment,) = client.search_experiments(filter_string=f"name = '{NAME}'")
    (run,) = client.search_runs([experiment.experiment_id])
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/note.txt") == "kept"
    assert load_model(NAME, 1, TRUSTED).headline.predict([[0]]) == [0]
    assert experiment.artifact_location == (moved / "mlartifacts").as_uri()


def test_a_copy_does_not_read_the_artifacts_of_the_original(project: Path) -> None:
    copy = shutil.copytree(project, project.parent / "copy")
    relocate(copy)
    shutil.rmtree(project)
    open_store(copy)
    assert load_model(NAME, 1, TRUSTED).headline.predict([[0]]) == [0]


def test_addresses_of_others_stay(project: Path) -> None:
    copy = shutil.copytree(project, project.parent / "copy")
    relocate(copy)
    (other,) = open_store(copy).search_experiments(filter_string="name = 'other'")
    assert other.artifact_location == (project.parent / "my project 2").as_uri()


def test_an_experiment_that_lies_in_no_folder_or_is_not_there_yet_stays(project: Path) -> None:
    client = open_store(project)
    client.create_experiment("remote", artifact_location="s3://bucket/remote")
    for name in ("remote", "unheard of"):
        relocate_artifacts(project / "mlflow.db", name, project / "mlartifacts")
    (remote,) = client.search_experiments(filter_string="name = 'remote'")
    assert remote.artifact_location == "s3://bucket/remote"


def test_without_artifacts_and_without_a_database_nothing_happens(project: Path) -> None:
    lonely = project.parent / "lonely"
    relocate(lonely)
    assert not lonely.exists()
    lonely.mkdir()
    shutil.copy(project / "mlflow.db", lonely)
    before = (lonely / "mlflow.db").read_bytes()
    relocate(lonely)
    assert (lonely / "mlflow.db").read_bytes() == before
