"""Play a past day again: tell a board what happened then, minute by minute, as any client would."""

import logging
import threading
from collections.abc import Mapping, Sequence

import httpx
import pandas as pd

from .events import Told

logger = logging.getLogger(__name__)

MINUTE = pd.Timedelta(minutes=1)
BATCH = 1000
# The server may still be starting; the waits between these grow to a minute altogether.
CONNECT_RETRIES = 7
TIMEOUT_SECONDS = 60.0


class Player:
    """Tells events over HTTP, and the time of the day that is played.

    Its clock goes on to a minute only when all that became known until then has been acknowledged,
    so that the board knows at each moment what was known then.
    """

    def __init__(
        self, events: Mapping[pd.Timestamp, Sequence[Told]], start: pd.Timestamp, speed: float
    ) -> None:
        """Load what happened.

        Args:
            events: By minute in UTC, in order of time (`list_events`).
            start: The minute to begin at; nothing of before is told.
            speed: How many minutes go by in one.
        """
        self._events = events
        self._now = start
        self._last = max(events, default=start)
        self._wait = MINUTE / pd.Timedelta(seconds=1) / speed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._client = httpx.Client()

    def read_clock(self) -> pd.Timestamp:
        """Tell the time of the day that is played, in UTC."""
        return self._now

    def start(self, url: str, key: str | None) -> None:
        """Begin to tell.

        Args:
            url: Where the API is.
            key: A key that may tell; None where none is needed.
        """
        self._client = httpx.Client(
            base_url=url,
            headers={"X-API-Key": key} if key else {},
            transport=httpx.HTTPTransport(retries=CONNECT_RETRIES),
            timeout=TIMEOUT_SECONDS,
        )
        self._thread.start()

    def stop(self) -> None:
        """Tell no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.close()

    def _play(self) -> None:
        try:
            while self._now < self._last and not self._ended.wait(self._wait):
                self._tell(self._now + MINUTE)
        except httpx.HTTPError as error:
            logger.error("The past day stands still at %s: %s", self._now, error)

    def _tell(self, minute: pd.Timestamp) -> None:
        events = self._events.get(minute, [])
        for first in range(0, len(events), BATCH):
            told = [event.model_dump(mode="json") for event in events[first : first + BATCH]]
            self._client.post("/events", json={"events": told}).raise_for_status()
        self._now = minute
