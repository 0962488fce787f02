"""The file of alerts, changed by one process at a time."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout
from pydantic import ValidationError

from flight_delays.errors import DataError
from flight_delays.schemas.alerts import Alert, AlertsFile, Findings, Message, Waiting

from .rule import Changes, acknowledge, follow

WAIT_SECONDS = 60.0  # a change takes milliseconds

logger = logging.getLogger(__name__)


class AlertStore:
    """Alerts and the messages about them in one file, so that no kill parts them.

    It is written whole or not at all, and by one process at a time.
    """

    def __init__(self, path: Path, webhooks: Iterable[str]) -> None:
        """Name the file; it is made with the first change.

        Args:
            path: The file, JSON.
            webhooks: The names of those that are told of each change.
        """
        self._path = path
        self._webhooks = list(webhooks)

    def read(self) -> AlertsFile:
        """Read the file.

        Raises:
            DataError: It is damaged.
        """
        try:
            return AlertsFile.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return AlertsFile()
        except ValidationError as error:
            raise DataError(
                f"The file of alerts {self._path} is damaged ({error.errors()[0]['msg']}): put its "
                "last backup in its place, or move it away, and what is still wrong is raised anew."
            ) from None

    def record(self, found: Findings) -> None:
        """Raise and resolve alerts by what was found, and put a message about each in the outbox.

        Args:
            found: All that one look at a month has found.

        Raises:
            DataError: The file is damaged, or another process does not let go of it.
        """
        now = datetime.now(UTC)
        with self._lock():
            file = self.read()
            alerts, changes = follow(file.alerts, found, now)
            if alerts != file.alerts:
                self._write(file, alerts, changes, now)
        for change, alert in changes:
            _tell(change, alert)

    def acknowledge(self, number: int, by: str, why: str) -> None:
        """Note that somebody has taken note of an alert.

        Args:
            number: Its id.
            by: Who.
            why: What they say about it.

        Raises:
            DataError: It is not open, the file is damaged, or another process does not let go.
        """
        now = datetime.now(UTC)
        with self._lock():
            file = self.read()
            self._write(file, *acknowledge(file.alerts, number, by, why, now), now)

    def note_sent(self, message: str, webhook: str) -> None:
        """Note that a webhook has a message; once all have it, it leaves the outbox.

        Args:
            message: Its id.
            webhook: The name.

        Raises:
            DataError: The file is damaged, or another process does not let go of it.
        """
        with self._lock():
            file = self.read()
            outbox = []
            for waiting in file.outbox:
                left = [
                    name
                    for name in waiting.webhooks
                    if (waiting.message.id, name) != (message, webhook)
                ]
                if left:
                    outbox.append(Waiting(message=waiting.message, webhooks=left))
            self._replace(AlertsFile(alerts=file.alerts, outbox=outbox))

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._path.with_suffix(".lock"), timeout=WAIT_SECONDS):
                yield
        except Timeout:
            raise DataError(
                f"The file of alerts {self._path} is being changed by another process for more "
                f"than {WAIT_SECONDS:g} seconds: see that it ends, and try again."
            ) from None

    def _write(
        self, file: AlertsFile, alerts: list[Alert], changes: Changes, now: datetime
    ) -> None:
        messages = [
            Message(id=f"msg_{uuid4().hex}", type=change, timestamp=now, data=alert)
            for change, alert in changes
            if self._webhooks
        ]
        new = [Waiting(message=message, webhooks=self._webhooks) for message in messages]
        self._replace(AlertsFile(alerts=alerts, outbox=[*file.outbox, *new]))

    def _replace(self, file: AlertsFile) -> None:
        part = self._path.with_suffix(".part")
        with part.open("w") as opened:
            opened.write(file.model_dump_json(indent=2))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(self._path)


def _tell(change: str, alert: Alert) -> None:
    told = f"{alert.kind.replace('_', ' ')}, {alert.subject}: {alert.message}"
    if change == "alert.resolved":
        logger.info("Alert %d is resolved (%s)", alert.id, told)
    elif alert.severity == "warning":
        logger.warning("Warning %d: %s", alert.id, told)
    else:
        logger.error("Alert %d: %s", alert.id, told)
