"""The model that this project trained last, on its way into the registry and back."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import mlflow
from kedro.io import AbstractDataset
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature

import flight_delays
from flight_delays.errors import DataError
from flight_delays.lineage.record import read_provenance
from flight_delays.registry import flavor
from flight_delays.registry.loading import load_metadata, load_model
from flight_delays.registry.store import read_version
from flight_delays.registry.versions import LAST_DELIVERY, Candidate, RegisteredCandidate, Version

# Those that decide what the model says.
PACKAGES = ("flight_delays", "numpy", "pandas", "scikit-learn", "skops")
TAGS = ("git_commit", "git_dirty", "lock_sha256", "data_sha256")


class CandidateDataset(AbstractDataset[Candidate, RegisteredCandidate]):
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
        logged = mlflow.models.Model.log(
            artifact_path=None,
            name="model",
            flavor=flavor,
            sk_model=data.model,
            reference=data.reference,
            input_example=data.example,
            signature=infer_signature(data.example, data.model.predict_lateness(data.example)),
            serialization_format="skops",
            skops_trusted_types=self._trusted_types,
            # For whoever loads it without this project, as MLflow's server does.
            code_paths=[str(Path(flight_delays.__file__).parent)],
            pip_requirements=self._pip_requirements,
            metadata=data.metadata,
        )
        with contextlib.redirect_stderr(io.StringIO()):  # MLflow reports its success there
            version = mlflow.register_model(logged.model_uri, self._name, tags=data.tags)
        mlflow.MlflowClient().update_model_version(self._name, version.version, data.description)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        pointer = {"version": int(version.version), "run_id": version.run_id}
        self._path.write_text(json.dumps(pointer))

    def load(self) -> RegisteredCandidate:
        """Load the model from the registry, and read what is known of its version.

        Returns:
            The model, its version and what the version was made from.

        Raises:
            DataError: The model is registered in another store, or is not to be trusted.
        """
        client = mlflow.MlflowClient()
        version = find_version(client, self._name, self._path)
        return RegisteredCandidate(
            model=load_model(self._name, version.number, self._trusted_types),
            version=version,
            provenance=describe_provenance(self._name, version, client.get_run(version.run_id)),
            metadata=load_metadata(self._name, version.number),
        )

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "name": self._name}


def describe_provenance(name: str, version: Version, run: Run) -> dict[str, Any]:
    """Describe what a version was made from.

    Args:
        name: The registered model.
        version: The version.
        run: The MLflow run that trained it.

    Returns:
        `registered_model`, `version`, `run_id`, the tags of the code and the data as far as the
        run has them, `last_delivery` where it learnt from any, `packages` by name and the digests
        of the `datasets` it read.
    """
    provenance = read_provenance(run)
    return {
        "registered_model": name,
        "version": str(version.number),
        "run_id": version.run_id,
        **{tag: run.data.tags[tag] for tag in TAGS if tag in run.data.tags},
        **{tag: version.tags[tag] for tag in (LAST_DELIVERY,) if tag in version.tags},
        "packages": {
            "python": provenance.code["python_version"],
            **{package: provenance.packages[package] for package in PACKAGES},
        },
        "datasets": {
            read.dataset.name: read.dataset.digest
            for read in (run.inputs.dataset_inputs if run.inputs else ())
        },
    }


def find_version(client: mlflow.MlflowClient, name: str, path: Path) -> Version:
    """Find the version that a file points to.

    Args:
        client: The registry.
        name: The registered model.
        path: The file that `CandidateDataset` writes.

    Returns:
        The version.

    Raises:
        DataError: It is not in this registry.
    """
    pointer = json.loads(path.read_text())
    try:
        version = read_version(client, name, pointer["version"])
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        version = None
    # Numbers begin at 1 in each registry; the run is told from all others.
    if version is None or version.run_id != pointer["run_id"]:
        raise DataError(
            f"The model that was trained last, version {pointer['version']} of {name} by run "
            f"{pointer['run_id']}, is not registered in {mlflow.get_tracking_uri()}, where this "
            "run tracks to: train it here, by `kedro run --pipeline=training` with this --env."
        )
    return version
