"""What was said of flights, kept by UTC day: open days in SQLite, closed ones in Parquet."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from flight_delays.errors import DataError

from .logged_rows import from_bytes, merge_rows, part_by_day, to_bytes

WAIT_SECONDS = 60.0  # to write the test months of a year takes some seconds


class PredictionLog:
    """Predictions with their features; of each flight, prediction time and version the newest row.

    Several processes may write, and be killed at any moment: changes are made under SQLite's lock,
    a file gets its name when it is whole, and rows leave SQLite when the files that have them are
    there.
    """

    def __init__(self, folder: Path, keep_days: int) -> None:
        """Name the folder; it is made when something is written.

        Args:
            folder: Where the days lie: `2013-11-15.parquet`, and `open.db` of those not closed yet.
            keep_days: How many days before the newest one are kept.
        """
        self._folder = folder
        self._database = folder / "open.db"
        self._keep_days = keep_days

    def add(self, predictions: pd.DataFrame) -> None:
        """Keep predictions of a day that is not over yet. Once this returns, no kill loses them.

        Args:
            predictions: Rows of the log (`LoggedPredictions`).

        Raises:
            DataError: Another process does not finish its own change.
        """
        parts = part_by_day(predictions)
        with self._change() as database:
            database.executemany(
                "INSERT INTO batches (day, feather) VALUES (?, ?)",
                [(str(day), to_bytes(rows)) for day, rows in parts.items()],
            )

    def close_days(self, before: pd.Timestamp) -> None:
        """Move the rows of earlier days into files, and remove what is too old.

        Args:
            before: A moment of the first UTC day that stays open.

        Raises:
            DataError: Another process does not finish its own change.
        """
        first_open = before.tz_convert("UTC").date()
        with self._change() as database:
            open_days = _list_open_days(database)
            self._file(database, {day: [] for day in open_days if day < first_open})

    def write(self, predictions: pd.DataFrame) -> None:
        """Write predictions into the files of their days, and remove what is too old.

        Args:
            predictions: Rows of the log (`LoggedPredictions`).

        Raises:
            DataError: Another process does not finish its own change.
        """
        parts = part_by_day(predictions)
        with self._change() as database:
            self._file(database, {day: [rows] for day, rows in parts.items()})

    def read(self, first: date | None = None, last: date | None = None) -> pd.DataFrame:
        """Read what was said on some days.

        Args:
            first: The first UTC day of prediction times; without it, that of the log.
            last: The last one, likewise.

        Returns:
            The rows, as `merge_rows` puts them together.

        Raises:
            DataError: There are none.
        """
        first, last = first or date.min, last or date.max
        # Before the files: what is moved into a file meanwhile is read twice, rather than never.
        batches = self._read_batches(first, last)
        files = [parquet.read_table(file) for file in self._list_files(first, last).values()]
        if not files and not batches:
            raise DataError(self._explain_nothing(first, last))
        return merge_rows([*files, *batches])

    def list_days(self) -> list[date]:
        """List the UTC days of which there is something, the first one first."""
        days = {*self._list_files()}
        if self._database.exists():
            with self._connect() as database:
                days.update(_list_open_days(database))
        return sorted(days)

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        # A connection for each use: threads share none. Transactions are begun by hand, which is
        # what no isolation level means.
        connection = sqlite3.connect(self._database, timeout=WAIT_SECONDS, isolation_level=None)
        try:
            with closing(connection) as database:
                database.execute("PRAGMA journal_mode = WAL")  # readers need not wait for a writer
                database.execute(
                    "PRAGMA synchronous = FULL"
                )  # what is committed outlives a power cut
                database.execute(
                    "CREATE TABLE IF NOT EXISTS batches "
                    "(id INTEGER PRIMARY KEY, day TEXT NOT NULL, feather BLOB NOT NULL)"
                )
                yield database
        except sqlite3.DatabaseError as error:
            if type(error) is not sqlite3.DatabaseError:  # the file is in order
                raise
            raise DataError(
                f"The prediction log {self._database} is damaged ({error}): put its last backup in "
                "its place, or move it away, and what was said on days that are not closed is lost."
            ) from None

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Lock the log for a change that is made whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._connect() as database, database:  # the second commits, or rolls back
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                raise DataError(
                    f"The prediction log {self._folder} is being changed by another process for "
                    f"more than {WAIT_SECONDS:g} seconds: see that it ends, and try again."
                ) from None
            yield database

    def _file(self, database: sqlite3.Connection, days: dict[date, list[pa.Table]]) -> None:
        """Write the files of days: what they had, what SQLite has, and then what is new."""
        for day, new in days.items():
            had = [parquet.read_table(file) for file in self._list_files(day, day).values()]
            rows = merge_rows([*had, *_select_batches(database, day, day), *new])
            _replace(self._folder / f"{day}.parquet", rows)
        _sync(self._folder)
        kept = {*self._list_files(), *_list_open_days(database)}
        for day, file in self._list_files().items():
            if (max(kept) - day).days > self._keep_days:
                file.unlink()
        database.executemany("DELETE FROM batches WHERE day = ?", [(str(day),) for day in days])

    def _list_files(self, first: date = date.min, last: date = date.max) -> dict[date, Path]:
        files = {date.fromisoformat(file.stem): file for file in self._folder.glob("*.parquet")}
        return {day: files[day] for day in sorted(files) if first <= day <= last}

    def _read_batches(self, first: date, last: date) -> list[pa.Table]:
        if not self._database.exists():
            return []
        with self._connect() as database:
            return _select_batches(database, first, last)

    def _explain_nothing(self, first: date, last: date) -> str:
        if days := self.list_days():
            return (
                f"The prediction log {self._folder} has nothing from {first} to {last}: its days "
                f"are from {days[0]} to {days[-1]}, so ask for some of these."
            )
        return (
            f"The prediction log {self._folder} is empty: `kedro run --pipeline=evaluation` writes "
            "the test months into it, and `kedro run --pipeline=inference` a batch."
        )


def _list_open_days(database: sqlite3.Connection) -> list[date]:
    days = database.execute("SELECT DISTINCT day FROM batches ORDER BY day")
    return [date.fromisoformat(day) for (day,) in days]


def _select_batches(database: sqlite3.Connection, first: date, last: date) -> list[pa.Table]:
    """Select the rows that SQLite has of some days, in the order in which they were added."""
    selected = database.execute(
        "SELECT feather FROM batches WHERE day BETWEEN ? AND ? ORDER BY id", (str(first), str(last))
    )
    try:
        return [from_bytes(feather) for (feather,) in selected]
    except pa.ArrowException as error:
        raise sqlite3.DatabaseError(str(error)) from None


def _replace(file: Path, rows: pd.DataFrame) -> None:
    """Write a file that has its name only once it is whole."""
    part = file.with_suffix(".part")
    with part.open("wb") as opened:
        rows.to_parquet(opened, index=False)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)


def _sync(folder: Path) -> None:
    """See that the names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
