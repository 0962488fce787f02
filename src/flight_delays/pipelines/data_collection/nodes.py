"""Hand the delivered tables on as they are, flights cut into months; check what comes later."""

from collections.abc import Callable

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import DataCollectionParameters, DataProcessingParameters

Loaders = dict[str, Callable[[], bytes]]


def cut_flights_by_month(
    flights: pd.DataFrame, parameters: DataCollectionParameters
) -> dict[str, pd.DataFrame]:
    """Cut the delivered flights into one table a month, as a new month would arrive later.

    Args:
        flights: The delivered table, every value as text.
        parameters: The source, and the months to collect.

    Returns:
        Flights by month, keyed "2013-01"; none where the tables in 01_raw are one's own.

    Raises:
        DataError: If the delivery has no flights in a month asked for.
    """
    if parameters.source == "own":
        return {}
    month = flights["year"] + "-" + flights["month"].str.zfill(2)
    by_month = {str(name): table for name, table in flights.groupby(month)}
    missing = sorted(set(parameters.months) - set(by_month))
    if missing:
        raise DataError(
            f"Parameter data_collection.months asks for {', '.join(missing)}, but the delivered "
            f"flights cover {min(by_month)} to {max(by_month)}: change the parameter."
        )
    return {name: by_month[name] for name in parameters.months}


def collect_table(delivered: pd.DataFrame, parameters: DataCollectionParameters) -> pd.DataFrame:
    """Hand a delivered table on as it is.

    Args:
        delivered: The table, every value as text.
        parameters: The source.

    Returns:
        The table; one without columns, which is not written, where those in 01_raw are one's own.
    """
    return pd.DataFrame() if parameters.source == "own" else delivered


def accept_delivery(
    delivery: Loaders,
    kept: Loaders,
    raw_airports: pd.DataFrame,
    parameters: DataCollectionParameters,
    processing: DataProcessingParameters,
) -> dict[str, bytes]:
    """Check a delivery whole, before any of it is kept.

    Args:
        delivery: A loader for each file of the delivered folder, keyed by its path in there.
        kept: Likewise of 01_raw, earlier deliveries among them.
        raw_airports: The airports as first delivered.
        parameters: The folder, and whether a month may lack flights that it had.
        processing: How much may be implausible, and more airports.

    Returns:
        What to keep: the files as they are; none where no delivery is named, or where the same
        files have been delivered before.

    Raises:
        DataError: The delivery is refused.
    """
    if parameters.delivery is None:
        return {}
    # Only here, because it imports data_processing, which takes a second.
    from .delivery import check_delivery

    try:
        return check_delivery(delivery, kept, raw_airports, parameters.may_lack_flights, processing)
    except DataError as error:
        raise DataError(
            f"The delivery {parameters.delivery} is refused, and nothing of it is kept: {error}"
        ) from None
