"""A registry with a few versions, in a store of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from servers import TrackingServer

NAME = "flight-delays"


@pytest.fixture
def client(tmp_path: Path, tracking_store: Path) -> Iterator[MlflowClient]:
    """The registry, with versions 1, 2 and 3 that have no model."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    yield fill(MlflowClient())
    mlflow.set_tracking_uri(before)


@pytest.fixture
def client_of_server(tracking_server: TrackingServer) -> Iterator[MlflowClient]:
    """The same registry on a server."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(tracking_server.uri)
    with tracking_server.open_client() as client:
        run = client.create_run("0").info  # a server asks where a version is from
        yield fill(client, run.artifact_uri, run.run_id)
        client.delete_registered_model(NAME)
    mlflow.set_tracking_uri(before)


def fill(
    client: MlflowClient, source: str = "mlflow-artifacts:/none", run_id: str | None = None
) -> MlflowClient:
    """Register the versions."""
    client.create_registered_model(NAME)
    for number in (1, 2, 3):
        client.create_model_version(NAME, source, run_id, description=f"Model {number}")
    return client
