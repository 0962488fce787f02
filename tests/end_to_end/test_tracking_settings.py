"""Each tracking setting, chosen by `--env` alone, with the real store behind it."""

import time
from pathlib import Path

import pytest
from mlflow import MlflowClient

from projects import Project
from servers import TrackingServer, find_free_port, listen_in_silence, set_address

pytestmark = pytest.mark.slow
STORES = ("mlflow.db", "mlruns", "mlartifacts")


@pytest.fixture
def clone(tmp_path: Path, tracking_server: TrackingServer) -> Project:
    """A clone that uses the server, without data."""
    project = Project.clone(tmp_path / "project")
    tracking_server.configure(project)
    return project


def list_stores(project: Project) -> list[str]:
    """List what MLflow has made in a project."""
    return [name for name in STORES if (project.path / name).exists()]


def test_local_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way; the rest of a model's life is in test_model_life.py."""
    project = Project.clone(tmp_path / "project")
    parameters = (project.path / "conf/test/parameters.yml").read_bytes()
    (project.path / "conf/local_files/parameters.yml").write_bytes(parameters)
    done = project.kedro("run", "--env=local_files")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert "WARNING" not in done.stdout
    assert list_stores(project) == ["mlruns"]

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient((project.path / "mlruns").as_uri())
    experiment = client.get_experiment_by_name("flight-delays")
    (run,) = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'full'")
    assert run.info.status == "FINISHED"
    assert "roc_auc" in run.data.metrics
    (output,) = client.get_run(run.info.run_id).outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    assert logged.artifact_location.startswith((project.path / "mlruns").as_uri())


def test_server(clone: Project, tracking_server: TrackingServer) -> None:
    """All is on the server, and the artifacts go through it."""
    done = clone.kedro("run", "--env=server", "--pipeline=data_collection")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert tracking_server.password not in done.stdout
    assert list_stores(clone) == []

    run_line = done.stdout.splitlines()[-1]
    run_id = run_line.partition("(")[2].partition(")")[0]
    with tracking_server.open_client() as client:
        run = client.get_run(run_id)
        assert (run.info.run_name, run.info.status) == ("data_collection", "FINISHED")
        experiment = client.get_experiment(run.info.experiment_id)
        assert experiment.artifact_location.startswith("mlflow-artifacts:/")
        assert tracking_server.password not in f"{run.data.params} {run.data.tags}"
        client.log_text(run_id, "sent", "proof.txt")
    (proof,) = (tracking_server.folder / "artifacts").rglob(f"{run_id}/**/proof.txt")
    assert proof.read_text() == "sent"


def fail(project: Project, address: str) -> str:
    """Type a `kedro run --env=server` that must fail early and soon; return its message."""
    start = time.monotonic()
    done = project.kedro("run", "--env=server", "--pipeline=data_collection")
    seconds = time.monotonic() - start
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"Error: The tracking server {address} ")
    assert done.stderr.count("\n") == 1
    assert list_stores(project) == []
    assert not (project.path / "data").exists()
    assert seconds < 15
    return done.stderr


def test_wrong_password(clone: Project, tracking_server: TrackingServer) -> None:
    credentials = clone.path / "conf/local/credentials.yml"
    right = credentials.read_text()
    credentials.write_text(right.replace(tracking_server.password, "something else"))
    message = fail(clone, tracking_server.uri)
    assert "refuses the login: set MLFLOW_TRACKING_USERNAME" in message
    assert "something else" not in message


def test_no_login(clone: Project, tracking_server: TrackingServer) -> None:
    (clone.path / "conf/local/credentials.yml").unlink()
    assert "refuses the login" in fail(clone, tracking_server.uri)


def test_stopped_server(clone: Project) -> None:
    address = f"http://127.0.0.1:{find_free_port()}"
    set_address(clone, address)
    assert "Start it with `make mlflow-server`" in fail(clone, address)


def test_silent_server(clone: Project) -> None:
    with listen_in_silence() as address:
        set_address(clone, address)
        assert "does not answer in 4 seconds" in fail(clone, address)
