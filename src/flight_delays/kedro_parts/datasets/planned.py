"""Parameters that a node has chosen, for nodes of a later process."""

from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset
from kedro.utils import load_obj

from flight_delays.parameters.base import Parameters


class PlannedParametersDataset(AbstractDataset[Parameters, Parameters]):
    """A Pydantic model of parameters in a file of JSON."""

    def __init__(self, filepath: str, model: str) -> None:
        """Name the file and what is in it.

        Args:
            filepath: The file.
            model: The class of the parameters, with its module.
        """
        self._path = Path(filepath)
        self._model: type[Parameters] = load_obj(model)

    def save(self, data: Parameters) -> None:
        """Write them.

        Args:
            data: The parameters.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(data.model_dump_json(indent=2))

    def load(self) -> Parameters:
        """Read and check them.

        Returns:
            The parameters, as they were saved.

        Raises:
            DatasetError: The file holds something else.
        """
        return self._model.model_validate_json(self._path.read_text())

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path), "model": self._model.__name__}
