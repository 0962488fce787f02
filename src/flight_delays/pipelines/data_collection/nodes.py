"""Hand the delivered tables on as they are, flights cut into months."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import DataCollectionParameters


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
