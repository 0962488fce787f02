"""Play a past day again: tell a board what happened then, minute by minute, as any client would."""

import logging
import threading
from collections.abc import Mapping, Sequence

import httpx
import pandas as pd

from flight_delays.serving.facts.events import Told

logger = logging.getLogger(__name__)

MINUTE = pd.Timedelta(minutes=1)
BATCH = 1000
SOME_REFUSED, ALL_REFUSED = 207, 422


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
        self.events = events
        self._now = start
        self._last = max(events, default=start)
        self._wait = MINUTE / pd.Timedelta(seconds=1) / speed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)

    def read_clock(self) -> pd.Timestamp:
        """Tell the time of the day that is played, in UTC."""
        return self._now

    def connect(self, client: httpx.Client) -> None:
        """Tell what happens to an API, by a client that names a key if one is needed."""
        self._client = client

    def start(self) -> None:
        """Begin to tell."""
        self._thread.start()

    def stop(self) -> None:
        """Tell no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        self._client.close()

    def play_minute(self) -> None:
        """Tell what became known by the next minute, then let the clock go on to it.

        Raises:
            httpx.HTTPError: It is not acknowledged.
        """
        minute = self._now + MINUTE
        events = self.events.get(minute, [])
        for first in range(0, len(events), BATCH):
            told = [event.model_dump(mode="json") for event in events[first : first + BATCH]]
            answer = self._client.post("/events", json={"events": told})
            if answer.status_code in (SOME_REFUSED, ALL_REFUSED):
                logger.warning("At %s not all was taken: %s", minute, answer.text)
            else:
                answer.raise_for_status()
        self._now = minute

    def _play(self) -> None:
        try:
            while self._now < self._last and not self._ended.wait(self._wait):
                self.play_minute()
        except httpx.HTTPError as error:
            logger.error("The past day stands still at %s: %s", self._now, error)
