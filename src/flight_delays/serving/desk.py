"""The live board at work: events are kept as they come, and every minute it ticks."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from .board import LiveBoard
from .champion import Champion
from .event_store import EventStore
from .events import Event, Told
from .prediction_log import PredictionLog

logger = logging.getLogger(__name__)

Clock = Callable[[], pd.Timestamp]
MINUTE = pd.Timedelta(minutes=1)


class Desk:
    """A live board with its events on disk, its prediction log and a clock.

    Any thread may tell events and look up answers; one thread, of its own, ticks.
    """

    def __init__(
        self,
        board: LiveBoard,
        store: EventStore,
        log: PredictionLog,
        clock: Clock,
        champion: Champion | None = None,
    ) -> None:
        """Take up what was told before.

        Args:
            board: The board.
            store: The events.
            log: Where the answers at checkpoints are kept.
            clock: The time, in UTC.
            champion: The version that is to answer; without it, that of the board.
        """
        self.board = board
        self.clock = clock
        self._champion = champion
        self._store, self._log = store, log
        self._incoming: deque[Event] = deque(store.read())
        self._telling = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick_by_the_minute, daemon=True)
        self._failure: str | None = None

    @property
    def version(self) -> int:
        """The version that answers."""
        return self.board.last.served.number

    def tell(self, events: Sequence[Told]) -> int:
        """Keep events; they count from the next tick on.

        Args:
            events: All are kept, or none.

        Returns:
            How many were new.

        Raises:
            StoreFullError: They could not be kept.
        """
        with self._telling:  # so that the board hears them in the order that the store has
            new = self._store.append(events)
            self._incoming.extend(events)
        return new

    def tick(self, now: pd.Timestamp) -> None:
        """Ask about all open flights anew, from all that has been told."""
        while self._incoming:
            self.board.apply([self._incoming.popleft()])
        self._log.add(self._ask(now))
        self._store.note_tick(now)
        self._log.close_days(now)

    def start(self) -> None:
        """Tick now, and from then on every whole minute."""
        self.tick(self.clock().floor("min"))
        self._thread.start()
        if self._champion:
            self._champion.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._champion:
            self._champion.stop()
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()

    def describe(self) -> dict[str, Any]:
        """Tell how it is: the version, the last tick and whether it failed, and the registry."""
        last = self.board.last
        age = (self.clock() - last.now) / pd.Timedelta(seconds=1)
        return {
            "version": last.served.number,
            "last_tick": last.now,
            "last_tick_age_seconds": age,
            "open_flights": len(last.flights),
            "failure": self._failure,
            **(self._champion.describe() if self._champion else {}),
        }

    def _ask(self, now: pd.Timestamp) -> pd.DataFrame:
        """Let the version that is to answer do so; if it cannot, the one before does."""
        if self._champion is None:
            return self.board.tick(now)
        before, served = self.board.served, self._champion.current
        self.board.take_up(served)
        try:
            checkpoints = self.board.tick(now)
        except Exception:
            if served is before:
                raise
            self.board.take_up(before)
            checkpoints = self.board.tick(now)  # if this fails as well, the version is not to blame
            self._champion.refuse(served)
            logger.exception("Version %d cannot answer, and is refused", served.number)
        else:
            self._champion.accept(served)
        return checkpoints

    def _tick_by_the_minute(self) -> None:
        while not self._ended.is_set():
            now = self.clock().floor("min")
            if now > self.board.last.now:  # a clock that is set back is waited for
                try:
                    self.tick(now)
                    self._failure = None
                except Exception as error:
                    # The last answers stand; the next minute tries again.
                    self._failure = type(error).__name__
                    logger.exception("The tick of %s failed", now)
            self._ended.wait(0.2)
