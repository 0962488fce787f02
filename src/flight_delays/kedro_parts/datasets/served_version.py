"""What the live board asks of the registry again and again, and what it keeps of it."""

import json
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError

from flight_delays.errors import DataError
from flight_delays.registry.loading import load_trusted
from flight_delays.registry.store import find_champion
from flight_delays.registry.versions import Contender, Version


class ChampionNumberDataset(AbstractDataset[NoReturn, int | None]):
    """Which version is champion now: one request, for who asks often."""

    def __init__(self, name: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self.metadata = metadata

    def load(self) -> int | None:
        """Ask the registry.

        Returns:
            The version's number, None if there is no champion.
        """
        return find_champion(mlflow.MlflowClient(), self._name)

    def save(self, data: NoReturn) -> None:
        """Refuse: the champion is made by promotion and rollback."""
        raise DatasetError("The champion is made by promotion and rollback.")

    def _exists(self) -> bool:
        return True  # where it does not, loading says so

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}


class LastServedVersionDataset(AbstractDataset[Contender, Contender]):
    """The version that answered last, with all that it carries, in a file of skops.

    The live board begins with it where the registry cannot be asked.
    """

    def __init__(
        self, filepath: str, trusted_types: list[str], metadata: dict[str, Any] | None = None
    ) -> None:
        """Name the file.

        Args:
            filepath: The file.
            trusted_types: What the model may consist of.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self._trusted_types = trusted_types
        self.metadata = metadata

    def save(self, data: Contender) -> None:
        """Keep a version in place of the one before: whole, or not at all.

        Args:
            data: The version.
        """
        import skops.io

        carried = {
            "registry": name_registry(),
            "version": asdict(data.version),
            "metadata": data.metadata,
        }
        self._path.parent.mkdir(parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("wb") as opened:
            skops.io.dump({"model": data.model, "carried": json.dumps(carried)}, opened)
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(self._path)

    def load(self) -> Contender:
        """Load what was kept.

        Returns:
            The version together with its model.

        Raises:
            DataError: The file is damaged or not to be trusted, or what it holds comes from another
                registry, where the number means another model.
        """
        subject = f"What {self._path} keeps of the version that answered last"
        kept = load_trusted(self._path, self._trusted_types, subject)
        try:
            carried = json.loads(kept["carried"])
            registry, metadata = carried["registry"], carried["metadata"]
            contender = Contender(Version(**carried["version"]), kept["model"], metadata)
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"{subject} is refused: it was written otherwise ({error}).") from None
        if registry != name_registry():
            raise DataError(
                f"{subject} is refused: it comes from the registry {registry}, not from "
                f"{name_registry()}."
            )
        return contender

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path)}


def name_registry() -> str:
    """Name the registry in use by its address, without a login that may stand in it."""
    return re.sub("//[^/]*@", "//", mlflow.get_tracking_uri())
