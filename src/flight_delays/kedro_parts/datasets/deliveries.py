"""Deliveries of raw tables, each kept for ever in a folder of its own."""

import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset

from flight_delays.lineage.provenance import digest_files

MOMENT = "%Y%m%dT%H%M%S.%fZ"

logger = logging.getLogger(__name__)


class DeliveriesDataset(AbstractDataset[dict[str, bytes], dict[str, Callable[[], bytes]]]):
    """The files below a folder as they are, and deliveries added to it.

    A delivery is a folder `<moment>-<digest>`. It gets that name when it is whole, so that a kill
    leaves nothing that counts, and is never changed. Their names in order are the order in which
    they came.
    """

    def __init__(
        self,
        path: str | None,
        filename_suffix: str = "",
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Name the folder.

        Args:
            path: The folder, or None for one without files.
            filename_suffix: How the names of the files end that count.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(path) if path else None
        self._suffix = filename_suffix
        self.metadata = metadata

    def load(self) -> dict[str, Callable[[], bytes]]:
        """List the files, but for hidden ones.

        Returns:
            For each its loader, keyed by its path below the folder, in order.
        """
        if self._path is None:
            return {}
        files = (file for file in self._path.rglob(f"*{self._suffix}") if file.is_file())
        names = {file.relative_to(self._path): file.read_bytes for file in files}
        return {
            name.as_posix(): read
            for name, read in sorted(names.items())
            if not any(part.startswith(".") for part in name.parts)
        }

    def save(self, data: dict[str, bytes]) -> None:
        """Keep a delivery, whole or not at all.

        Args:
            data: The contents of its files by their names below it; without files it is none.
        """
        if not data or self._path is None:
            return
        self._path.mkdir(parents=True, exist_ok=True)
        name = f"{self._choose_moment():{MOMENT}}-{digest_files(data)}"
        # Beside the folder and hidden: what lies below the folder counts.
        part = self._path.parent / f".{name}"
        for file, content in data.items():
            _write(part / file, content)
        for folder in [part, *(path for path in part.rglob("*") if path.is_dir())]:
            _sync(folder)
        part.rename(self._path / name)
        _sync(self._path)
        logger.info("Kept as delivery %s: %s", name, ", ".join(data))

    def _choose_moment(self) -> datetime:
        """Choose a moment after that of the last delivery, whatever the clock shows."""
        assert self._path is not None  # noqa: S101 - save has asked
        names = sorted(folder.name for folder in self._path.iterdir() if folder.is_dir())
        now = datetime.now(UTC)
        if not names:
            return now
        last = datetime.strptime(names[-1].partition("-")[0], MOMENT).replace(tzinfo=UTC)
        return max(now, last + timedelta(microseconds=1))

    def _exists(self) -> bool:
        return True  # that there is none is nothing missing

    def _describe(self) -> dict[str, Any]:
        return {"path": str(self._path)}


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """See that the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
