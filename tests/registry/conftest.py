"""A registry with a few versions, in a store of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

NAME = "flight-delays"


@pytest.fixture
def client(tmp_path: Path, tracking_store: Path) -> Iterator[MlflowClient]:
    """The registry, with versions 1, 2 and 3 that have no model."""
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    client = MlflowClient()
    client.create_registered_model(NAME)
    for number in (1, 2, 3):
        client.create_model_version(NAME, source=str(tmp_path), description=f"Model {number}")
    yield client
    mlflow.set_tracking_uri(before)
