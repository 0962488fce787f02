"""The registered model of MLflow as catalog entries."""

import logging
from dataclasses import replace
from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.connection import check_server
from flight_delays.registry.loading import load_metadata, load_model
from flight_delays.registry.store import change_registered_model, read_registered_model
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    Contender,
    RegisteredModel,
    RegisteredModelChange,
)

logger = logging.getLogger(__name__)


class _ChangeableDataset(AbstractDataset[RegisteredModelChange, Any]):
    """A registered model to write on; what loading gives is left to others."""

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

    def save(self, data: RegisteredModelChange) -> None:
        """Log metrics, write tags and descriptions, then move aliases.

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
        for version in data.versions:
            if run and version.metrics:
                model = mlflow.models.get_model_info(f"models:/{self._name}/{version.number}")
                mlflow.log_metrics(version.metrics, model_id=model.model_id)
        change_registered_model(mlflow.MlflowClient(), self._name, data, run_id)
        for version in data.versions:
            if version.alias:
                logger.info("Version %d of %s is %s", version.number, self._name, version.alias)

    def _exists(self) -> bool:
        return True  # where it does not, loading says what to do

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


class RegisteredModelDataset(_ChangeableDataset):
    """The registered model: its versions and aliases, to read and to change."""

    def load(self) -> RegisteredModel:
        """Read all versions and aliases.

        Returns:
            The registered model, without any where nothing is registered under the name.
        """
        return read_registered_model(mlflow.MlflowClient(), self._name)


class ContendersDataset(_ChangeableDataset):
    """Challenger and champion, each with its model, and the change that makes them so."""

    def __init__(
        self,
        name: str,
        trusted_types: list[str],
        run_tag: str | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            trusted_types: What its models may consist of.
            run_tag: The tag that tells the MLflow run by which a version was changed.
            metadata: What Kedro-Viz shows.
        """
        super().__init__(name, run_tag, metadata)
        self._trusted_types = trusted_types

    def load(self) -> dict[str, Contender]:
        """Load the models.

        Returns:
            Contenders by alias. There may be neither.

        Raises:
            DataError: Nothing is registered under the name, or a model is not to be trusted.
        """
        registered_model = read_registered_model(mlflow.MlflowClient(), self._name)
        if not registered_model.versions:
            raise DataError(
                f"No model is registered as {self._name}: `kedro run` trains, registers and "
                "evaluates one."
            )
        return {
            alias: Contender(
                registered_model.versions[number],
                load_model(self._name, number, self._trusted_types),
                load_metadata(self._name, number),
            )
            for alias in (CHALLENGER, CHAMPION)
            if (number := registered_model.aliases.get(alias))
        }


class ServedVersionDataset(AbstractDataset[NoReturn, Contender]):
    """The champion: its version, its model, and what MLflow keeps with that."""

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

    def load(self) -> Contender:
        """Load the champion.

        Returns:
            The version together with its model.

        Raises:
            DataError: There is no champion, or it is not to be trusted.
            TrackingError: The tracking server does not answer or refuses the login.
        """
        check_server(mlflow.get_tracking_uri())  # in a notebook no run has done it
        registered_model = read_registered_model(mlflow.MlflowClient(), self._name)
        if CHAMPION not in registered_model.aliases:
            raise DataError(
                f"No version of {self._name} is {CHAMPION}: `kedro run` trains and evaluates one, "
                "and `kedro run --pipeline=promotion` decides on it."
            )
        number = registered_model.aliases[CHAMPION]
        return Contender(
            registered_model.versions[number],
            load_model(self._name, number, self._trusted_types),
            load_metadata(self._name, number),
        )

    def save(self, data: NoReturn) -> None:
        """Refuse: the champion is made by promotion and rollback."""
        raise DatasetError("The champion is made by promotion and rollback.")

    def _exists(self) -> bool:
        return True  # where it does not, loading says what to do

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


class ChampionDataset(ServedVersionDataset):
    """The model in use, as one asks for it in a notebook."""

    def load(self) -> LatenessClassifier:
        """Load the champion.

        Returns:
            The model.

        Raises:
            DataError: There is no champion, or it is not to be trusted.
            TrackingError: The tracking server does not answer or refuses the login.
        """
        return super().load().model
