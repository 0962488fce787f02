"""The live board at work: events are kept as they come, and every minute it ticks."""

import logging
import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import pandas as pd

from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.board.snapshot import Snapshot
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.events import Told
from flight_delays.serving.facts.names import CODES_ALONE, Names
from flight_delays.serving.log.prediction_log import PredictionLog

from .champion import Champion

logger = logging.getLogger(__name__)

Clock = Callable[[], pd.Timestamp]


@dataclass
class Done:
    """What a desk has done since it was opened."""

    ticks: int = 0
    tick_seconds: float = 0
    last_tick_seconds: float = 0
    failed_ticks: int = 0
    new_events: int = 0
    known_events: int = 0


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
        names: Names = CODES_ALONE,
        speed: float = 1,
    ) -> None:
        """Take up what was told before.

        Args:
            board: The board.
            store: The events.
            log: Where the answers at checkpoints are kept.
            clock: The time, in UTC.
            champion: The version that is to answer; without it, that of the board.
            names: What its airports and airlines are called.
            speed: How many minutes go by on its clock in one.
        """
        self.board = board
        self.clock = clock
        self.done = Done()
        self._champion = champion
        self.names = names
        self._speed = speed
        self._store, self._log = store, log
        self._incoming: dict[Hashable, Told] = {}
        self._telling = threading.Lock()
        self._take_in(store.read())
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tick_by_the_minute, daemon=True)
        self._failure: str | None = None
        self._explained: Snapshot | None = None

    @property
    def version(self) -> int:
        """The version that answers."""
        return self.board.last.served.number

    def tell(self, events: Sequence[Told]) -> list[bool]:
        """Keep events; they count from the next tick on.

        Args:
            events: All are kept, or none.

        Returns:
            Which of them were new.

        Raises:
            StoreFullError: They could not be kept.
        """
        with self._telling:  # so that the board hears them in the order that the store has
            new = self._store.append(events)
            self._take_in(events)
            self.done.new_events += sum(new)
            self.done.known_events += len(new) - sum(new)
        return new

    def tick(self, now: pd.Timestamp) -> None:
        """Ask about all open flights anew, from all that has been told."""
        began = perf_counter()
        with self._telling:
            incoming, self._incoming = self._incoming, {}
        self.board.apply(incoming.values())
        self._log.add(self._ask(now))
        self._store.note_tick(now)
        self._log.close_days(now)
        seconds = perf_counter() - began
        self.done.ticks += 1
        self.done.tick_seconds += seconds
        self.done.last_tick_seconds = seconds

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
        """Tell how it is: the version, how old tick and facts are, what failed, the registry."""
        last, now = self.board.last, self.clock()
        return {
            "version": last.served.number,
            "last_tick": last.now,
            # Of the world, so that of a day that goes by quickly nothing is old at once.
            "last_tick_age_seconds": (now - last.now) / pd.Timedelta(seconds=self._speed),
            "flights_age_seconds": _count_seconds(last.newest["flights"], now),
            "weather_age_seconds": _count_seconds(last.newest["weather"], now),
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

    def _take_in(self, events: Iterable[Told]) -> None:
        """Keep the highest revision of each key for the next tick, which then takes no longer."""
        for event in events:
            known = self._incoming.get(event.key)
            if known is None or event.revision > known.revision:
                self._incoming[event.key] = event

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
                    self.done.failed_ticks += 1
                    logger.exception("The tick of %s failed", now)
            self._explain_alerts()
            self._ended.wait(0.2)

    def _explain_alerts(self) -> None:
        """Explain the alerts of the last tick, until the next one is due."""
        last = self.board.last
        if last is self._explained:
            return
        try:
            for _ in last.explain_alerts():
                if self._ended.is_set() or self.clock().floor("min") > last.now:
                    break
        except Exception:
            logger.exception("The alerts of %s could not be explained", last.now)
        self._explained = last


def _count_seconds(start: pd.Timestamp, end: pd.Timestamp) -> float | None:
    return None if pd.isna(start) else (end - start) / pd.Timedelta(seconds=1)
