"""A delivery is checked whole before any of it is kept."""

import logging
import re
from collections.abc import Callable

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.lineage.provenance import digest_files
from flight_delays.parameters import DataProcessingParameters
from flight_delays.schemas.deliveries import MONTH, TABLES, check_table, check_whole, read_table
from flight_delays.schemas.raw import RawFlights

from .delivered_tables import check_tables

FLIGHTS_TOLD = 5

Files = dict[str, bytes]
Loaders = dict[str, Callable[[], bytes]]

logger = logging.getLogger(__name__)


def check_delivery(
    delivery: Loaders,
    kept: Loaders,
    raw_airports: pd.DataFrame,
    may_lack_flights: bool,
    processing: DataProcessingParameters,
) -> Files:
    """Check a delivery by all that data_processing asks of its tables, and against what is there.

    Args:
        delivery: A loader for each file of the delivered folder, keyed by its path in there.
        kept: Likewise of 01_raw, earlier deliveries among them.
        raw_airports: The airports as first delivered.
        may_lack_flights: Whether a month may lack flights that it had.
        processing: How much may be implausible, and more airports.

    Returns:
        The files as they are; none where the same files have been delivered before.

    Raises:
        DataError: A file is unknown, half-written or breaks a contract, or a month lacks flights
            that the one it would replace has.
    """
    files = {name: load() for name, load in delivery.items()}
    check_names(files)
    if same := find_same(files, kept):
        logger.info("These files were delivered before, as %s: nothing has been changed", same)
        return {}
    for name, content in files.items():
        check_whole(name, content)
    tables = {name: read_table(name, content) for name, content in files.items()}
    check_tables(tables, select_deliveries(kept), raw_airports, processing)
    for name, table in tables.items():
        if re.fullmatch(MONTH, name):
            compare_with_older(name, table, kept, may_lack_flights)
    return files


def check_names(files: Files) -> None:
    """Check that there are files, and that each bears the name of a table.

    Args:
        files: The contents of the files by name.

    Raises:
        DataError: There are none, or one has another name.
    """
    known = [f"{table}.csv" for table in TABLES]
    asked = f"flights/<year-month>.csv, {', '.join(known)}"
    if not files:
        raise DataError(
            "no files are there. The parameter data_collection.delivery names the folder on the "
            f"command line, as no file of conf can; in it are some of {asked}."
        )
    unknown = [name for name in files if name not in known and not re.fullmatch(MONTH, name)]
    if unknown:
        raise DataError(
            f"no table is called {', '.join(unknown)}. A delivery has some of {asked}, and nothing "
            "that is still being written: mend the name, or take the file out."
        )


def find_same(files: Files, kept: Loaders) -> str | None:
    """Find the id of the delivery that has the very same files."""
    digest = digest_files(files)
    ids = {key.partition("/")[0] for key in select_deliveries(kept)}
    return next((each for each in ids if each.endswith(f"-{digest}")), None)


def select_deliveries(kept: Loaders) -> Loaders:
    """Select what was delivered later from all that is in 01_raw, keyed `<id>/<file>`."""
    return {
        key.removeprefix("deliveries/"): load
        for key, load in kept.items()
        if key.startswith("deliveries/")
    }


def compare_with_older(
    name: str, table: pd.DataFrame, kept: Loaders, may_lack_flights: bool
) -> None:
    """Check that a month has the flights of the one that it replaces, and tell what is new.

    Args:
        name: The name of its file.
        table: The delivered flights.
        kept: What is in 01_raw.
        may_lack_flights: Whether flights may be lacking.

    Raises:
        DataError: Flights are lacking, or the older file is damaged.
    """
    # The names of deliveries come in order, so the last one is the newest.
    newer = [key for key in sorted(kept) if re.fullmatch(rf"deliveries/[^/]+/{name}", key)]
    older_ones = [*([name] if name in kept else []), *newer]
    if not older_ones:
        return
    replaced = older_ones[-1]
    place = f"data/01_raw/{replaced}"
    older = check_table(place, read_table(place, kept[replaced]()))
    had, has = (each["arr_delay"].set_axis(RawFlights.name_rows(each)) for each in (older, table))
    lacking = had.index.difference(has.index)
    if len(lacking) and not may_lack_flights:
        raise DataError(
            f"{name} lacks {len(lacking):,} of the {len(had):,} flights that {replaced} has "
            f"({', '.join(lacking[:FLIGHTS_TOLD])}), so it may be half-written. Have it delivered "
            "again, whole; or if they are meant to go, add data_collection.may_lack_flights=true "
            "to --params."
        )
    both = had.index.intersection(has.index)
    before, now = had[both], has[both]
    changed = (before != now) & ~(before.isna() & now.isna())
    logger.info(
        "%s: %d flights, %d of them new; arr_delay of %d differs from that in %s",
        name,
        len(has),
        len(has) - len(both),
        changed.sum(),
        replaced,
    )
