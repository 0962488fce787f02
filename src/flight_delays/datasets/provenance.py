"""Where a registered model comes from, as the model card tells it."""

from pathlib import Path
from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError

from flight_delays.registry.store import read_version
from flight_delays.reproduction.record import read_provenance

from .registry import read_pointer

# Those that decide what the model says.
PACKAGES = ("flight_delays", "numpy", "pandas", "scikit-learn", "skops")
TAGS = ("git_commit", "git_dirty", "lock_sha256", "data_sha256")


class ProvenanceDataset(AbstractDataset[NoReturn, dict[str, Any]]):
    """What the MLflow run that trained a version was made from."""

    def __init__(self, filepath: str, name: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the registered model and the file that points to its version.

        Args:
            filepath: The file that `CandidateDataset` writes.
            name: The registered model.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self._name = name
        self.metadata = metadata

    def load(self) -> dict[str, Any]:
        """Follow the version to its run.

        Returns:
            `registered_model`, `version`, `run_id`, the tags of the code and the data as far as
            the run has them, `packages` by name and the digests of the `datasets` it read.
        """
        client = mlflow.MlflowClient()
        version = read_version(client, self._name, read_pointer(self._path))
        run = client.get_run(version.run_id)
        provenance = read_provenance(run)
        return {
            "registered_model": self._name,
            "version": str(version.number),
            "run_id": version.run_id,
            **{tag: run.data.tags[tag] for tag in TAGS if tag in run.data.tags},
            "packages": {
                "python": provenance.code["python_version"],
                **{name: provenance.packages[name] for name in PACKAGES},
            },
            "datasets": provenance.tables,
        }

    def save(self, data: NoReturn) -> None:
        """Refuse: the run itself writes where it comes from."""
        raise DatasetError("Provenance is written by the run.")

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "name": self._name}
