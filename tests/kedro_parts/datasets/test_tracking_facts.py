"""Since when the champion is in use, and where its run is shown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from kedro.io import DatasetError
from mlflow import MlflowClient

from flight_delays.kedro_parts.datasets.tracking_facts import TrackingFactsDataset

NAME = "flight-delays"
DAY = 24 * 3600 * 1000


@pytest.fixture
def client(tmp_path: Path, tracking_store: Path) -> Iterator[MlflowClient]:
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    client = MlflowClient()
    client.create_registered_model(NAME)
    client.create_model_version(NAME, "mlflow-artifacts:/none")
    yield client
    mlflow.set_tracking_uri(before)


def test_champion_is_one_since_the_last_run_that_made_it(client: MlflowClient) -> None:
    facts = TrackingFactsDataset(NAME, "http://viewer")
    assert facts.load() == dict.fromkeys(["champion_since", "run_id", "run_url", "run_at"])
    client.set_registered_model_alias(NAME, "champion", "1")
    assert facts.load()["champion_since"] is None
    for tag, day in (("decided_by_run", 3), ("rollback_run", 5)):
        run = client.create_run("0", start_time=day * DAY)
        client.set_model_version_tag(NAME, "1", tag, run.info.run_id)
        assert facts.load()["champion_since"] == f"1970-01-0{day + 1}"
    client.set_model_version_tag(NAME, "1", "rollback_run", "0" * 32)  # was deleted
    assert facts.load()["champion_since"] == "1970-01-04"


def test_run_is_shown_by_the_viewer(client: MlflowClient, monkeypatch: pytest.MonkeyPatch) -> None:
    # What a test before this one has chosen.
    monkeypatch.setattr("mlflow.tracking.fluent._active_experiment_id", None)
    begun = client.create_run("0", start_time=10 * DAY)
    with mlflow.start_run(begun.info.run_id) as run:
        facts = TrackingFactsDataset(NAME, "http://viewer").load()
    assert facts["run_id"] == run.info.run_id
    assert facts["run_url"] == f"http://viewer/#/experiments/0/runs/{run.info.run_id}"
    assert facts["run_at"] == "1970-01-11 00:00"


def test_facts_are_not_saved() -> None:
    with pytest.raises(DatasetError, match="not saved here"):
        TrackingFactsDataset(NAME, "http://viewer").save({})  # type: ignore[arg-type]
