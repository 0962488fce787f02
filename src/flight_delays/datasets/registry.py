"""The MLflow model registry as catalog entries."""

import contextlib
import io
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError
from sklearn.pipeline import Pipeline

from flight_delays.errors import DataError
from flight_delays.registry.loading import load_model
from flight_delays.registry.store import change_registry, read_registry, read_version
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    Candidate,
    Contender,
    Registry,
    RegistryChange,
    Version,
)

logger = logging.getLogger(__name__)


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


class CandidateVersionDataset(AbstractDataset[NoReturn, Version]):
    """What the registry says of the model that this project trained last."""

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

    def load(self) -> Version:
        """Read the version."""
        return read_version(mlflow.MlflowClient(), self._name, read_pointer(self._path))

    def save(self, data: NoReturn) -> None:
        """Refuse: a version is made by registering a model."""
        raise DatasetError("A version is made by registering a model.")

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "name": self._name}


class RegistryDataset(AbstractDataset[RegistryChange, Registry]):
    """The registered model: its versions and aliases, to read and to change."""

    def __init__(
        self, name: str, run_tag: str | None = None, metadata: dict[str, Any] | None = None
    ) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            run_tag: The tag that tells the MLflow run by which a version was changed.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self._run_tag = run_tag
        self.metadata = metadata

    def load(self) -> Registry:
        """Read all versions and aliases.

        Returns:
            The registered model.

        Raises:
            DataError: Nothing is registered under the name.
        """
        return read_registry(mlflow.MlflowClient(), self._name)

    def save(self, data: RegistryChange) -> None:
        """Write tags and descriptions, then move aliases.

        Args:
            data: What to write.

        Raises:
            DataError: The champion is not the one that the change was made for.
        """
        run = mlflow.active_run()
        run_id = run.info.run_id if run else "unknown"
        if self._run_tag:
            signature = {self._run_tag: run_id}
            signed = [replace(each, tags=each.tags | signature) for each in data.versions]
            data = replace(data, versions=signed)
        change_registry(mlflow.MlflowClient(), self._name, data, run_id)
        for version in data.versions:
            if version.alias:
                logger.info("Version %d of %s is %s", version.number, self._name, version.alias)

    def _exists(self) -> bool:
        return True  # where it does not, loading says what to do

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


class ContendersDataset(AbstractDataset[NoReturn, dict[str, Contender]]):
    """The challenger and the champion, each with its model."""

    def __init__(
        self, name: str, trusted_types: list[str], metadata: dict[str, Any] | None = None
    ) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            trusted_types: What its models may consist of.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self._trusted_types = trusted_types
        self.metadata = metadata

    def load(self) -> dict[str, Contender]:
        """Load the models.

        Returns:
            Contenders by alias. There may be no champion.

        Raises:
            DataError: There is no challenger, or a model is not to be trusted.
        """
        registry = read_registry(mlflow.MlflowClient(), self._name)
        if CHALLENGER not in registry.aliases:
            raise DataError(
                f"No version of {self._name} is {CHALLENGER}: none has been evaluated and passed "
                "the absolute gates. `kedro run` trains, registers and evaluates one."
            )
        return {
            alias: Contender(
                registry.versions[registry.aliases[alias]],
                load_model(self._name, registry.aliases[alias], self._trusted_types),
            )
            for alias in (CHALLENGER, CHAMPION)
            if alias in registry.aliases
        }

    def save(self, data: NoReturn) -> None:
        """Refuse: contenders are made by evaluation and promotion."""
        raise DatasetError("Contenders are made by evaluation and promotion.")

    def _exists(self) -> bool:
        return True  # where they do not, loading says what to do

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


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
