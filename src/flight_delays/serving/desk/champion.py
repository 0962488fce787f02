"""The version that is to answer: the champion, and where it cannot, the last one that could."""

import logging
import threading
from collections.abc import Callable
from textwrap import shorten
from typing import Any, NamedTuple

from kedro.io import AbstractDataset, DatasetError

from flight_delays.errors import DataError, TrackingError
from flight_delays.registry.versions import Contender
from flight_delays.serving.board.served_model import ServedModel

logger = logging.getLogger(__name__)

MESSAGE_LENGTH = 250


class _Loaded(NamedTuple):
    contender: Contender
    served: ServedModel


class Champion:
    """The champion as the registry had it last; a thread of its own looks for another one.

    Who answers asks by `current`, and then says whether that went well: `accept` or `refuse`. What
    has answered is kept on disk, for a start without the registry.
    """

    def __init__(
        self,
        number: AbstractDataset[Any, int | None],
        version: AbstractDataset[Any, Contender],
        kept: AbstractDataset[Contender, Contender],
        read: Callable[[Contender], ServedModel],
        poll_seconds: float,
    ) -> None:
        """Load the champion, or what was kept of the last one.

        Args:
            number: Which version is champion, None if there is none.
            version: The champion.
            kept: What is kept of the version that answered last.
            read: Makes of a version one that can be asked.
            poll_seconds: From one look at the registry to the next.

        Raises:
            DataError: There is no champion or it cannot be served, and none that was kept can.
            TrackingError: The registry cannot be asked, and no version that was kept can be served.
        """
        self._number, self._version, self._kept = number, version, kept
        self._read, self._poll_seconds = read, poll_seconds
        self._is_reachable = True
        self._found: int | None = None  # the champion that was dealt with last
        self._on_disk: _Loaded | None = None
        try:
            self._current = self._load(version)
            self._found = self._current.served.number
        except (DataError, TrackingError) as error:
            self._is_reachable = isinstance(error, DataError)
            self._current = self._load_kept(error)
        self._good = self._current
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def current(self) -> ServedModel:
        """The version that is to answer."""
        return self._current.served

    def accept(self, served: ServedModel) -> None:
        """Take down that a version has answered."""
        if served is self._current.served:
            self._good = self._current

    def refuse(self, served: ServedModel) -> None:
        """Take down that a version could not answer: the last one that could is to answer again."""
        if served is self._current.served:
            self._current = self._good

    def start(self) -> None:
        """Look at the registry now, and again and again."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more. A request that is under way is not waited for."""
        self._ended.set()

    def look(self) -> None:
        """Look which version is champion, and load it if it is another one."""
        try:
            number = self._find()
            if number != self._found:
                self._turn_to(number)
        except TrackingError as error:
            if self._is_reachable:
                logger.warning("%s Version %d goes on answering.", error, self.current.number)
            self._is_reachable = False
            return
        if not self._is_reachable:
            logger.warning("The model registry can be asked again.")
        self._is_reachable = True

    def keep(self) -> None:
        """Keep the version that answered last on disk, unless that is done or was tried."""
        good = self._good
        if good is not self._on_disk:
            self._on_disk = good
            try:
                self._kept.save(good.contender)
            except DatasetError as error:
                logger.error("Version %d could not be kept: %s", good.served.number, error)

    def describe(self) -> dict[str, Any]:
        """Tell whether the registry could be asked last, and which champion is refused."""
        is_refused = self._found != self.current.number
        return {
            "tracking": "reachable" if self._is_reachable else "unreachable",
            "refused_champion": self._found if is_refused else None,
        }

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                self.look()
                self.keep()
            except Exception:
                logger.exception("The look at the model registry failed")
            self._ended.wait(self._poll_seconds)

    def _find(self) -> int | None:
        try:
            return self._number.load()
        except DatasetError as error:
            raise _explain(error) from error

    def _turn_to(self, number: int | None) -> None:
        if number is None:
            logger.warning("There is no champion: version %d goes on.", self.current.number)
        elif number != self.current.number:
            try:
                self._current = self._load(self._version)
                logger.info("Version %d is champion, and answers from now on", self.current.number)
            except DataError as error:
                logger.error("%s Version %d goes on answering.", error, self.current.number)
        self._found = number

    def _load(self, version: AbstractDataset[Any, Contender]) -> _Loaded:
        try:
            contender = version.load()
            return _Loaded(contender, self._read(contender))
        except DatasetError as error:
            raise _explain(error) from error
        except DataError:
            raise
        except Exception as error:  # what a version carries may be damaged in any way
            raise DataError(
                f"What version {contender.version.number} carries cannot be read "
                f"({type(error).__name__}: {error})."
            ) from error

    def _load_kept(self, reason: DataError | TrackingError) -> _Loaded:
        """Load what was kept; the reason is told, or raised if nothing was kept that can serve."""
        if not self._kept.exists():
            raise reason
        try:
            kept = self._load(self._kept)
        except (DataError, TrackingError) as error:
            raise type(reason)(f"{reason} {error}") from error
        logger.warning("%s Version %d, which answered last, answers.", reason, kept.served.number)
        return kept


def _explain(error: DatasetError) -> DataError | TrackingError:
    """Find what a catalog entry failed by: the version, or the way to the registry."""
    cause = error.__cause__ or error
    if isinstance(cause, DataError | TrackingError):
        return cause
    return TrackingError(
        f"The model registry cannot be asked ({shorten(str(cause), MESSAGE_LENGTH)})."
    )
