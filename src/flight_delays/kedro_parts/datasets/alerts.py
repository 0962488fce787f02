"""The alerts as a catalog entry."""

import logging
from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset

from flight_delays.monitoring.alerts.store import AlertStore
from flight_delays.monitoring.alerts.webhooks import Patience, Webhook, send_waiting
from flight_delays.schemas.alerts import Alert, Findings

logger = logging.getLogger(__name__)


class AlertsDataset(AbstractDataset[Findings, list[Alert]]):
    """Saving says what was found now: alerts are raised and resolved by it, and sent."""

    def __init__(
        self,
        filepath: str,
        webhooks: dict[str, dict[str, str]],
        retries: int,
        backoff_seconds: float,
        timeout_seconds: float,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Name the file, and those who are told.

        Args:
            filepath: The file, JSON.
            webhooks: By name the environment variables that hold the address, `url_from`, and, if
                messages are to be signed, the secret, `secret_from`.
            retries: How often a message is sent again that is not taken.
            backoff_seconds: Half the wait before the second of these; each doubles the last.
            timeout_seconds: For so long a receiver may say nothing.
            metadata: What Kedro-Viz shows.
        """
        self._path = Path(filepath)
        self._webhooks = [Webhook(name, **variables) for name, variables in webhooks.items()]
        self._patience = Patience(retries, backoff_seconds, timeout_seconds)
        self.store = AlertStore(self._path, webhooks)
        self.metadata = metadata

    def save(self, data: Findings) -> None:
        """Raise and resolve alerts by what was found, and send what has changed.

        A receiver that does not take it is told of in the log, and gets it later.

        Args:
            data: All that one look at a month has found.

        Raises:
            DataError: The file is damaged, or another process does not let go of it.
        """
        self.store.record(data)
        for failure in self.send():
            logger.warning(failure)

    def load(self) -> list[Alert]:
        """Read all alerts, the oldest one first.

        Raises:
            DataError: The file is damaged.
        """
        return self.store.read().alerts

    def send(self) -> list[str]:
        """Send what waits.

        Returns:
            A sentence for each webhook that has not got everything.
        """
        return send_waiting(self.store, self._webhooks, self._patience)

    def _exists(self) -> bool:
        return self._path.exists()

    def _describe(self) -> dict[str, Any]:
        return {"filepath": str(self._path)}
