"""What drift of the champion is told by."""

from typing import Any, NoReturn

import mlflow
from kedro.io import AbstractDataset, DatasetError

from flight_delays.errors import DataError
from flight_delays.registry.loading import load_reference
from flight_delays.registry.store import find_champion
from flight_delays.registry.versions import CHAMPION, Reference


class ChampionReferenceDataset(AbstractDataset[NoReturn, Reference]):
    """The reference that was kept with the champion, without its model."""

    def __init__(self, name: str, metadata: dict[str, Any] | None = None) -> None:
        """Name the registered model.

        Args:
            name: The registered model.
            metadata: What Kedro-Viz shows.
        """
        self._name = name
        self.metadata = metadata

    def load(self) -> Reference:
        """Load it from the registry.

        Returns:
            The champion's number and its reference, without rows where none was kept.

        Raises:
            DataError: There is no champion.
        """
        number = find_champion(mlflow.MlflowClient(), self._name)
        if number is None:
            raise DataError(
                f"No version of {self._name} is {CHAMPION}: `kedro run --pipeline=promotion` "
                "decides on the challenger."
            )
        return Reference(number, load_reference(self._name, number))

    def save(self, data: NoReturn) -> None:
        """Refuse: it is kept when a model is registered."""
        raise DatasetError("The reference is kept when a model is registered.")

    def _exists(self) -> bool:
        return True  # where it does not, loading says what to do

    def _describe(self) -> dict[str, Any]:
        return {"name": self._name}
