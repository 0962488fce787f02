"""What has to be right about the flights' places and hours, or the run stops."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.places.clocks import read_clock
from flight_delays.schemas.contract import RoughTable

from .clock_times import read_schedule, read_utc

ROWS_TOLD = 5


def check_airports(flights: pd.DataFrame, airports: pd.DataFrame) -> None:
    """Check that every airport that flights use is known, and its time zone.

    Args:
        flights: Flights as delivered.
        airports: The airports that are known.

    Raises:
        DataError: Some are not.
    """
    used = pd.concat([flights["origin"], flights["dest"]]).value_counts()
    known = pd.Index(airports.loc[airports["time_zone"].notna(), "airport"])
    unknown = used.index.difference(known)
    if len(unknown):
        listed = ", ".join(f"{code} ({used[code]} flights)" for code in unknown)
        raise DataError(
            f"Flights use airports that have no row or no time zone in airports.csv: {listed}. Add "
            "them to airports.csv or to the parameter data_processing.extra_airports."
        )


def check_hours(flights: pd.DataFrame, model: type[RoughTable], time_zones: pd.Series) -> None:
    """Check that `time_hour` is the instant at which the origin's clock shows date and hour.

    Args:
        flights: Flights as delivered.
        model: The contract of their table.
        time_zones: The time zone of each flight's origin.

    Raises:
        DataError: It is another.
    """
    shown = read_clock(read_utc(flights["time_hour"]), time_zones)
    wrong = flights[shown != read_schedule(flights)]
    if len(wrong):
        first = ", ".join(model.name_rows(wrong.head(ROWS_TOLD)))
        raise DataError(
            f"In the table {model.get_table_name()}, time_hour of {len(wrong):,} flights is not "
            f"year, month, day and hour in the time zone of the origin ({first}): mend time_hour, "
            "or the time zone in airports.csv, in the delivered tables."
        )
