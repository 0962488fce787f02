"""What the files of a delivery must look like: tables as in 01_raw, whole to their last line."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pandas as pd
from kedro.validation.exceptions import DataValidationError
from kedro.validation.pandera_validator import PanderaValidator

from flight_delays.errors import DataError

from .contract import RoughTable
from .raw import RawAirlines, RawAirports, RawFlights, RawPlanes, RawWeather

MONTH = r"flights/(\d{4}-(?:0[1-9]|1[0-2]))\.csv"
"""The name of a month's file, below its delivery."""
TABLES: dict[str, type[RoughTable]] = {
    "weather": RawWeather,
    "planes": RawPlanes,
    "airports": RawAirports,
    "airlines": RawAirlines,
}


def check_whole(name: str, content: bytes) -> None:
    """Check that a delivered file has its last line whole.

    Args:
        name: Its name, for the message.
        content: What is in it.

    Raises:
        DataError: It may have been cut off.
    """
    if not content.endswith((b"\n", b"\r")):
        raise DataError(
            f"{name} does not end with a line break, so its last line may be cut off: have it "
            "delivered again, whole."
        )


def read_table(name: str, content: bytes) -> pd.DataFrame:
    """Read a delivered file as the catalog reads 01_raw.

    Args:
        name: Its name, for the message.
        content: What is in it.

    Returns:
        The table, not held against its contract.

    Raises:
        DataError: It is no table.
    """
    try:
        return pd.read_csv(BytesIO(content), low_memory=False, dtype={"tailnum": str})
    except ValueError as error:  # of pandas' parser, and of what is not UTF-8
        raise DataError(f"{name} cannot be read as a table: {error}") from None


def check_table(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Hold a delivered table against its contract.

    Args:
        name: The name of its file, below the delivery: `flights/2013-11.csv` or `weather.csv`.
        table: The table.

    Returns:
        The table; what must be right in it is, and has its type.

    Raises:
        DataError: It breaks the contract.
    """
    model = TABLES.get(name.removesuffix(".csv"), RawFlights)
    try:
        checked: pd.DataFrame = PanderaValidator(model).validate(table)
    except DataValidationError as error:
        raise DataError(f"{name} breaks its contract. {error}") from None
    return checked


def validate_deliveries(
    deliveries: dict[str, Callable[[], bytes]],
) -> dict[str, Callable[[], pd.DataFrame]]:
    """Give what was delivered as checked tables, each read when it is asked for.

    Args:
        deliveries: A loader for each file, keyed `<id>/flights/2013-11.csv`.

    Returns:
        Loaders of tables under the same keys.
    """
    return {key: partial(_load, key, load) for key, load in deliveries.items()}


def _load(key: str, load: Callable[[], bytes]) -> pd.DataFrame:
    _, _, name = key.partition("/")
    return check_table(name, read_table(key, load()))
