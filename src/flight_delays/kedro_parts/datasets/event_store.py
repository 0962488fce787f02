"""The events that were told to the live board, as a catalog entry."""

from pathlib import Path
from typing import Any, NoReturn

from kedro.io import AbstractDataset, DatasetError

from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.events import Told


class EventStoreDataset(AbstractDataset[NoReturn, EventStore]):
    """The store of events, to append to and to read."""

    def __init__(
        self, filepath: str, keep_days: int, metadata: dict[str, Any] | None = None
    ) -> None:
        """Name the file.

        Args:
            filepath: The file.
            keep_days: For so long events are kept after they came.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self._keep_days = keep_days
        self.metadata = metadata

    def load(self) -> EventStore:
        """Open the store; the file is made if it is not there.

        Raises:
            DataError: The file cannot be read.
        """
        return EventStore(self._path, self._keep_days)

    def save(self, data: NoReturn) -> None:
        """Refuse: events come one by one."""
        raise DatasetError("Events are appended to the store that is loaded, by `kedro serve`.")

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path)}


class ToldEventsDataset(EventStoreDataset):
    """The events of the store, for who only reads them: none where there is no store yet."""

    def load(self) -> list[Told]:  # type: ignore[override]
        """Read the events, in the order in which they came.

        Raises:
            DataError: The file or an event in it cannot be read.
        """
        return super().load().read() if self._path.exists() else []

    def _exists(self) -> bool:
        return True  # nothing told is an answer too
