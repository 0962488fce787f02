"""What MLflow knows of the champion and of the run that asks, and no version tells."""

from datetime import UTC, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

import mlflow
from kedro.io import AbstractDataset, DatasetError
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from flight_delays.registry.store import find_champion, read_version

# The tags of a version that tell which run made it champion.
MADE_CHAMPION = ("decided_by_run", "rollback_run")


class TrackingFactsDataset(AbstractDataset[NoReturn, dict[str, str | None]]):
    """Since when the champion is in use, and where this run is shown."""

    def __init__(self, name: str, viewer: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            viewer: Where `make mlflow` shows a store that is no server.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self._viewer = viewer
        self.metadata = metadata

    def load(self) -> dict[str, str | None]:
        """Ask MLflow.

        Returns:
            `champion_since`, a day as in 2013-11-30; `run_id`, `run_url` and `run_at`, a moment in
            UTC. What is not known is None.
        """
        client, run = MlflowClient(), mlflow.active_run()
        number = find_champion(client, self._name)
        tags = read_version(client, self._name, number).tags if number else {}
        starts = [_find_start(tags[tag]) for tag in MADE_CHAMPION if tag in tags]
        facts: dict[str, str | None] = {
            "champion_since": max((f"{start:%Y-%m-%d}" for start in starts if start), default=None),
            "run_id": None,
            "run_url": None,
            "run_at": None,
        }
        if run:
            uri = mlflow.get_tracking_uri()
            server = uri if urlsplit(uri).scheme in ("http", "https") else self._viewer
            facts["run_id"] = run.info.run_id
            facts["run_url"] = (
                f"{server}/#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"
            )
            facts["run_at"] = f"{_read(run.info.start_time):%Y-%m-%d %H:%M}"
        return facts

    def save(self, data: NoReturn) -> None:
        """Refuse: MLflow writes them."""
        raise DatasetError("What MLflow knows is not saved here.")

    def _exists(self) -> bool:
        return True

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


def _find_start(run_id: str) -> datetime | None:
    try:
        return _read(MlflowClient().get_run(run_id).info.start_time)
    except MlflowException:
        return None  # it was deleted


def _read(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
