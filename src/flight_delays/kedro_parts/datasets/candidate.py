"""The model that this project trained last: itself, its version, and where it comes from."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError
from sklearn.pipeline import Pipeline

from flight_delays.errors import DataError
from flight_delays.lineage.record import read_provenance
from flight_delays.registry.loading import load_model
from flight_delays.registry.store import read_version
from flight_delays.registry.versions import Candidate, Version

# Those that decide what the model says.
PACKAGES = ("flight_delays", "numpy", "pandas", "scikit-learn", "skops")
TAGS = ("git_commit", "git_dirty", "lock_sha256", "data_sha256")


class CandidateDataset(AbstractDataset[Candidate, Pipeline]):
    """The model that this project trained last: a version of a registered model.

    A file remembers which version that is, so that the evaluation scores the very model that was
    registered, in a later process and on a shared server too.
    """

    def __init__(
        self,
        filepath: str,
        name: str,
        trusted_types: list[str],
        pip_requirements: list[str],
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Name the registered model and the file that points to its version.

        Args:
            filepath: The file.
            name: The registered model.
            trusted_types: What the model may consist of, besides what skops trusts by itself.
            pip_requirements: What it takes to use the model.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self._name = name
        self._trusted_types = trusted_types
        self._pip_requirements = pip_requirements
        self.metadata = metadata

    def save(self, data: Candidate) -> None:
        """Log the model in the MLflow run, with signature and example, and register it.

        Args:
            data: The model.
        """
        logged = mlflow.sklearn.log_model(
            data.model,
            name="model",
            input_example=data.example,
            serialization_format="skops",
            skops_trusted_types=self._trusted_types,
            pyfunc_predict_fn="predict_proba",
            pip_requirements=self._pip_requirements,
        )
        with contextlib.redirect_stderr(io.StringIO()):  # MLflow reports its success there
            version = mlflow.register_model(logged.model_uri, self._name, tags=data.tags)
        mlflow.MlflowClient().update_model_version(self._name, version.version, data.description)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        pointer = {"version": int(version.version), "tracking_uri": mlflow.get_tracking_uri()}
        self._path.write_text(json.dumps(pointer))

    def load(self) -> Pipeline:
        """Load the model from the registry.

        Returns:
            The model.

        Raises:
            DataError: The registry has no such version, or the model is not to be trusted.
        """
        return load_model(self._name, read_pointer(self._path), self._trusted_types)

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "name": self._name}


class _CandidateViewDataset(AbstractDataset[NoReturn, Any]):
    """What is known of the version that `CandidateDataset` registered."""

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

    def save(self, data: NoReturn) -> None:
        """Refuse: a version is made by registering a model."""
        raise DatasetError("A version is made by registering a model.")

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "name": self._name}


class CandidateVersionDataset(_CandidateViewDataset):
    """What the registry says of the model that this project trained last."""

    def load(self) -> Version:
        """Read the version."""
        return read_version(mlflow.MlflowClient(), self._name, read_pointer(self._path))


class ProvenanceDataset(_CandidateViewDataset):
    """What the MLflow run that trained a version was made from."""

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
            "datasets": {
                read.dataset.name: read.dataset.digest
                for read in (run.inputs.dataset_inputs if run.inputs else ())
            },
        }


def read_pointer(path: Path) -> int:
    """Read which version a file points to.

    Args:
        path: The file that `CandidateDataset` writes.

    Returns:
        The number of the version.

    Raises:
        DataError: The version is in another tracking store than the one of this run.
    """
    pointer = json.loads(path.read_text())
    if pointer["tracking_uri"] != mlflow.get_tracking_uri():
        raise DataError(
            f"The model that was trained last is registered in {pointer['tracking_uri']}, and this "
            f"run tracks to {mlflow.get_tracking_uri()}: train it here, "
            "by `kedro run --pipeline=training` with this --env."
        )
    return int(pointer["version"])
