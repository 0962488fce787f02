"""Events on disk: what has been acknowledged is there, whatever happens afterwards.

Beside them stands until when all has been asked about, so that the next board can go on from there.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from flight_delays.errors import DataError

from .events import Told

FORMAT = 2
WAIT_SECONDS = 10.0
_told: TypeAdapter[Told] = TypeAdapter(Told)


class StoreFullError(Exception):
    """Nothing can be written; the events were not taken."""


class EventStore:
    """Events in a SQLite file, in the order in which they came; of a key and a revision the first.

    Several threads may use it: each call has a connection of its own.
    """

    def __init__(self, path: Path, keep_days: int) -> None:
        """Open the file, or make it.

        Args:
            path: The file.
            keep_days: For so long events are kept after they came.

        Raises:
            DataError: It is no such file, is damaged, or was written by a newer version.
        """
        self._path = path
        self._keep_days = keep_days
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._connect() as database:
                self._check(database)
        except sqlite3.DatabaseError as error:
            raise DataError(
                f"The event store {path} cannot be read ({error}): put its last backup in its "
                "place, or move it away, and the events are lost that are only there."
            ) from None

    def append(self, events: Sequence[Told]) -> list[bool]:
        """Keep events. Once this returns, neither a kill nor a power cut loses them.

        Args:
            events: All are kept, or none.

        Returns:
            Which of them were new: the others were there with the same key and revision.

        Raises:
            StoreFullError: The disk is full or the file cannot be written.
        """
        rows = [(repr(event.key), event.revision, event.model_dump_json()) for event in events]
        try:
            with self._connect() as database, database:
                database.execute("BEGIN IMMEDIATE")
                insert = (
                    "INSERT OR IGNORE INTO events (key, revision, event, came) "
                    "VALUES (?, ?, ?, datetime('now'))"
                )
                return [database.execute(insert, row).rowcount == 1 for row in rows]
        except sqlite3.OperationalError as error:
            raise StoreFullError(f"The event store {self._path} takes nothing: {error}") from error

    def read(self) -> list[Told]:
        """Read all events, in the order in which they came.

        Raises:
            DataError: One of them means nothing to this version.
        """
        with self._connect() as database:
            rows = database.execute("SELECT event FROM events ORDER BY id").fetchall()
        try:
            return [_told.validate_json(event) for (event,) in rows]
        except ValidationError as error:
            raise DataError(
                f"The event store {self._path} holds an event that cannot be read ({error}): put "
                "its last backup in its place, or run the version of this project that wrote it."
            ) from None

    def note_tick(self, now: pd.Timestamp) -> None:
        """Note that all until a moment has been asked about; once a day forget what is too old.

        Raises:
            StoreFullError: The disk is full or the file cannot be written.
        """
        try:
            with self._connect() as database, database:
                database.execute("BEGIN IMMEDIATE")
                before = _select_last_tick(database)
                if before is None or before.date() != now.date():
                    since = f"-{self._keep_days} days"
                    database.execute("DELETE FROM events WHERE came < datetime('now', ?)", (since,))
                database.execute("INSERT OR REPLACE INTO ticks VALUES (0, ?)", (now.isoformat(),))
        except sqlite3.OperationalError as error:
            raise StoreFullError(f"The event store {self._path} takes nothing: {error}") from error

    def read_last_tick(self) -> pd.Timestamp | None:
        """Read the moment that `note_tick` noted last, None if there was none."""
        with self._connect() as database:
            return _select_last_tick(database)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=WAIT_SECONDS, isolation_level=None)
        with closing(connection) as database:
            database.execute("PRAGMA synchronous = FULL")  # what is committed outlives a power cut
            yield database

    def _check(self, database: sqlite3.Connection) -> None:
        (written,) = database.execute("PRAGMA user_version").fetchone()
        if written > FORMAT:
            raise DataError(
                f"The event store {self._path} was written by a newer version of this project "
                f"(format {written}, this one knows {FORMAT}): run that version."
            )
        (state,) = database.execute("PRAGMA quick_check").fetchone()
        if state != "ok":
            raise sqlite3.DatabaseError(state)
        database.execute("PRAGMA journal_mode = WAL")  # who reads need not wait for who writes
        database.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, key TEXT NOT NULL, "
            "revision INTEGER NOT NULL, event TEXT NOT NULL, came TEXT, UNIQUE (key, revision))"
        )
        if written == 1:  # which did not say when events came
            database.execute("ALTER TABLE events ADD COLUMN came TEXT")
            database.execute("UPDATE events SET came = datetime('now')")
        database.execute("CREATE TABLE IF NOT EXISTS ticks (id INTEGER PRIMARY KEY, until TEXT)")
        database.execute(f"PRAGMA user_version = {FORMAT}")


def _select_last_tick(database: sqlite3.Connection) -> pd.Timestamp | None:
    row = database.execute("SELECT until FROM ticks").fetchone()
    return pd.Timestamp(row[0]) if row else None
