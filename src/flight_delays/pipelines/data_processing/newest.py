"""Of what was delivered again the newest counts."""

import re
from collections.abc import Callable

import pandas as pd

from flight_delays.schemas.deliveries import MONTH, TABLES

from .clock_times import read_utc

Loaders = dict[str, Callable[[], pd.DataFrame]]


def choose_months(
    raw_flights: dict[str, pd.DataFrame], raw_deliveries: Loaders
) -> dict[str, pd.DataFrame]:
    """Choose of each month the newest delivery, whole.

    Args:
        raw_flights: Flights by month as first delivered.
        raw_deliveries: A loader for each table delivered later, keyed `<id>/<file>`.

    Returns:
        Flights by month, in order.
    """
    newest = {}
    for key in sorted(raw_deliveries):
        _, _, file = key.partition("/")
        if month := re.fullmatch(MONTH, file):
            newest[month[1]] = raw_deliveries[key]
    delivered = {month: load() for month, load in newest.items()}
    return dict(sorted((raw_flights | delivered).items()))


def choose_others(
    raw_deliveries: Loaders,
    weather: pd.DataFrame,
    planes: pd.DataFrame,
    airports: pd.DataFrame,
    airlines: pd.DataFrame,
) -> list[pd.DataFrame]:
    """Choose of the tables other than flights the newest delivery of each row.

    Args:
        raw_deliveries: As `choose_months` takes them.
        weather: As first delivered.
        planes: Likewise.
        airports: Likewise.
        airlines: Likewise.

    Returns:
        The four in this order, from `choose_rows`.
    """
    tables = {"weather": weather, "planes": planes, "airports": airports, "airlines": airlines}
    return [choose_rows(table, raw_deliveries, name) for name, table in tables.items()]


def choose_rows(raw: pd.DataFrame, raw_deliveries: Loaders, table: str) -> pd.DataFrame:
    """Choose of each row of a table the newest delivery; a row that it lacks stays.

    Args:
        raw: The table as first delivered.
        raw_deliveries: As `choose_months` takes them.
        table: Its name.

    Returns:
        The table, its rows numbered.
    """
    later = [
        raw_deliveries[key]() for key in sorted(raw_deliveries) if key.endswith(f"/{table}.csv")
    ]
    if not later:
        return raw
    # One that is absent has no rows, and its columns no types.
    rows = pd.concat([raw, *later] if len(raw) else later, ignore_index=True)
    schema = TABLES[table].to_schema()
    unique = [name for name, column in schema.columns.items() if column.unique]
    key = rows[list(schema.unique or unique)]
    if "time_hour" in key:  # one instant can be written in several ways
        key = key.assign(time_hour=read_utc(key["time_hour"]))
    return rows[~key.duplicated(keep="last")].reset_index(drop=True)


def list_deliveries(raw_deliveries: Loaders) -> list[str]:
    """List the ids of the deliveries that the tables are made from, the newest last."""
    return sorted({key.partition("/")[0] for key in raw_deliveries})
