"""What the past played again leaves behind: stored candidates, and versions in a registry."""

from pathlib import Path
from typing import Any, NoReturn

import mlflow
import pandas as pd
from kedro.io import AbstractDataset, DatasetError

from flight_delays.errors import DataError
from flight_delays.monitoring.backtest.history import PlayedVersion

PLAYED = "played"  # the tag of a registered model whose versions may be replaced
WHAT_IT_IS = (
    "The past played again by `kedro run --pipeline=backtest`: who used which version when. There "
    "are no models in it; each version leads to the tables of the run."
)


class StoredCandidatesDataset(AbstractDataset[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]):
    """What candidates have said, a Parquet file for each: saving adds to it, loading gives all.

    A file is there whole or not at all, so a run that was stopped has lost nothing but the fits
    that were under way.
    """

    def __init__(self, path: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the folder.

        Args:
            path: The folder.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(path)
        self.metadata = metadata

    def save(self, data: dict[str, pd.DataFrame]) -> None:
        """Write candidates, each in place of an older one of its name.

        Args:
            data: What candidates say, by name.
        """
        self._path.mkdir(parents=True, exist_ok=True)
        for name, said in data.items():
            part = self._path / f"{name}.part"
            said.to_parquet(part, index=False)
            part.replace(part.with_suffix(".parquet"))

    def load(self) -> dict[str, pd.DataFrame]:
        """Read what is there, perhaps nothing."""
        return {file.stem: pd.read_parquet(file) for file in sorted(self._path.glob("*.parquet"))}

    def _exists(self) -> bool:
        return True  # an empty one is a beginning

    def _describe(self) -> dict[str, Any]:
        return {"path": str(self._path)}


class PlayedVersionsDataset(AbstractDataset[list[PlayedVersion], NoReturn]):
    """The champions of the past played again, in a registered model of their own.

    Its versions have no models: what they said is in the files of the run that they lead to. It
    tells of the last time the past was played; each run keeps its own tables.
    """

    def __init__(self, name: str, source: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            source: The artifacts of the run that the versions lead to.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self._source = source
        self.metadata = metadata

    def save(self, data: list[PlayedVersion]) -> None:
        """Register the versions in place of those of an earlier run.

        Args:
            data: The versions, in the order of their numbers.

        Raises:
            DataError: The registered model holds other versions than those of a backtest.
        """
        run, client = mlflow.active_run(), mlflow.MlflowClient()
        if not run:  # tracking is switched off
            return
        for found in client.search_registered_models(f"name = '{self._name}'"):
            if PLAYED not in found.tags:
                raise DataError(
                    f"The registered model {self._name} is not one of the past played again, whose "
                    "versions are replaced each time: give the entry played_versions in "
                    "conf/base/catalog_06_models.yml a name of its own."
                )
            client.delete_registered_model(self._name)
        client.create_registered_model(self._name, tags={PLAYED: "yes"}, description=WHAT_IT_IS)
        source, run_id = f"runs:/{run.info.run_id}/{self._source}", run.info.run_id
        for version in data:
            created = client.create_model_version(
                self._name, source, run_id, version.tags, description=version.description
            )
            for alias in version.aliases:
                client.set_registered_model_alias(self._name, alias, created.version)

    def load(self) -> NoReturn:
        """Refuse: they are there to be looked at."""
        raise DatasetError("What was played is in 08_reporting/backtest.")

    def _exists(self) -> bool:
        return bool(mlflow.MlflowClient().search_registered_models(f"name = '{self._name}'"))

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}
