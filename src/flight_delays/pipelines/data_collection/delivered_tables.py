"""The tables of a delivery are checked by all that data_processing asks of them."""

import logging
import re
from collections.abc import Callable

import pandas as pd
from kedro.validation.exceptions import DataValidationError
from kedro.validation.pandera_validator import PanderaValidator

from flight_delays.errors import DataError
from flight_delays.parameters import DataProcessingParameters
from flight_delays.pipelines.data_processing.findings import report_data_quality
from flight_delays.pipelines.data_processing.newest import choose_rows
from flight_delays.pipelines.data_processing.nodes import (
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from flight_delays.schemas.contract import Table
from flight_delays.schemas.deliveries import MONTH, TABLES, check_table, validate_deliveries
from flight_delays.schemas.intermediate import (
    IntAirlines,
    IntAirports,
    IntFlights,
    IntPlanes,
    IntWeather,
)
from flight_delays.schemas.raw import RawFlights

FLIGHTS_TOLD = 5
OTHERS = {
    "planes.csv": (type_planes, IntPlanes),
    "airports.csv": (type_airports, IntAirports),
    "airlines.csv": (type_airlines, IntAirlines),
}

logger = logging.getLogger(__name__)


def check_tables(
    tables: dict[str, pd.DataFrame],
    deliveries: dict[str, Callable[[], bytes]],
    raw_airports: pd.DataFrame,
    parameters: DataProcessingParameters,
) -> None:
    """Hold each table against its contract, and make of it what data_processing will.

    Args:
        tables: The tables by the name of their file.
        deliveries: What was delivered before.
        raw_airports: The airports as first delivered.
        parameters: How much may be implausible, and more airports.

    Raises:
        DataError: Something is wrong; the message names the file.
    """
    for name, table in tables.items():
        if table.empty:
            raise DataError(f"{name} has no rows: have it delivered again, or take it out.")
    checked = {name: check_table(name, table) for name, table in tables.items()}
    later = validate_deliveries(deliveries)
    if "airports.csv" in checked:
        later["~/airports.csv"] = lambda: checked["airports.csv"]  # later than all of them
    airports, _ = type_airports(choose_rows(raw_airports, later, "airports"), parameters)
    qualities = [
        check_processing(name, table, airports, parameters) for name, table in checked.items()
    ]
    report_data_quality(*qualities)


def check_processing(
    name: str, table: pd.DataFrame, airports: pd.DataFrame, parameters: DataProcessingParameters
) -> pd.DataFrame:
    """Check that data_processing will take a table, and tell what it will not read.

    Args:
        name: The name of its file.
        table: The table, as its contract asks for.
        airports: The airports that are known (`IntAirports`).
        parameters: How much may be implausible.

    Returns:
        What would be set to missing (`DataQuality`).

    Raises:
        DataError: It will not.
    """
    month = re.fullmatch(MONTH, name)
    model = RawFlights if month else TABLES[name.removesuffix(".csv")]
    if unread := table.columns.difference(list(model.to_schema().columns), sort=False).tolist():
        logger.info("%s: no contract names %s: kept, and not read", name, ", ".join(unread))
    try:
        if month:
            check_month(table, month[1])
            made = type_flights({month[1]: table}, pd.DataFrame(), airports, parameters)
            contract: type[Table] = IntFlights
        elif name == "weather.csv":
            made, contract = type_weather(table, airports, parameters), IntWeather
        else:
            type_table, contract = OTHERS[name]
            made = type_table(table, parameters)
        typed, quality = made
        PanderaValidator(contract).validate(typed)
    except (DataError, DataValidationError) as error:
        raise DataError(f"{name}: {error}") from None
    return quality


def check_month(flights: pd.DataFrame, month: str) -> None:
    """Check that all flights of a month's file are of that month.

    Args:
        flights: The flights.
        month: The month, as its file is called.

    Raises:
        DataError: Some are of another.
    """
    of = flights["year"].astype(str) + "-" + flights["month"].astype(str).str.zfill(2)
    others = flights[of != month]
    if len(others):
        first = ", ".join(RawFlights.name_rows(others.head(FLIGHTS_TOLD)))
        raise DataError(
            f"{len(others):,} flights are not of {month} ({first}): put them into "
            "the file of their month."
        )
