"""The prediction log as a catalog entry."""

from pathlib import Path
from typing import Any

import pandas as pd
from kedro.io import AbstractDataset

from flight_delays.serving.log.prediction_log import PredictionLog


class PredictionLogDataset(AbstractDataset[pd.DataFrame, pd.DataFrame]):
    """What was said of flights: saving adds to it, loading gives all of it."""

    def __init__(self, path: str, keep_days: int, metadata: dict[str, Any] | None = None) -> None:
        """Name the folder.

        Args:
            path: The folder.
            keep_days: How many days before the newest one are kept.
            metadata: What Kedro-Viz shows.
        """
        self._path = path
        self._log = PredictionLog(Path(path), keep_days)
        self.metadata = metadata

    @property
    def log(self) -> PredictionLog:
        """The log, for who adds to it by the minute."""
        return self._log

    def save(self, data: pd.DataFrame) -> None:
        """Write predictions into the files of their days, beside what these have.

        Args:
            data: Rows of the log (`LoggedPredictions`).

        Raises:
            DataError: Another process does not finish its own change.
        """
        self._log.write(data)

    def load(self) -> pd.DataFrame:
        """Read all days, the one that is not over yet included.

        Returns:
            The rows, by prediction time, flight and version.

        Raises:
            DataError: There are none.
        """
        return self._log.read()

    def _exists(self) -> bool:
        return bool(self._log.list_days())

    def _describe(self) -> dict[str, Any]:
        return {"path": self._path}
