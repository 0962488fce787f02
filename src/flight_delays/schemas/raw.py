"""What the delivered tables must look like, and what may be wrong in them.

A column declared `Series[...]` identifies a row, schedules it or decides lateness: it must be there
and right. All others, `Series[...] | None`, may be missing, and a value that breaks their checks
becomes missing (`RoughTable`). What no contract names may be there and is not read.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import pandera.pandas as pa
from kedro.validation.exceptions import DataValidationError
from kedro.validation.pandera_validator import PanderaValidator
from pandera.typing import Series

from .contract import ZERO_IS_MISSING, RoughTable, join_texts

UNIQUENESS = "multiple_fields_uniqueness"
"""What Pandera calls the check of `Config.unique`."""
RAW_OUTCOMES = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]
"""The columns of flights that tell what became of them."""
AIRPORT = r"^[A-Z0-9]{3,4}$"
CARRIER = r"^[A-Z0-9]{2,3}$"
Text = pd.StringDtype


def _rough(lowest: float | None = None, highest: float | None = None, **options: Any) -> Any:
    """Describe a column that may be missing: in a range, both ends included, where it is given."""
    if lowest is not None:
        options["in_range"] = {"min_value": lowest, "max_value": highest}
    return pa.Field(nullable=True, **options)


class _Timed(RoughTable):
    time_hour: Series[str]

    # Without a name of its own: Pandera forgets it when a second model inherits the check. An
    # `error` it keeps.
    @pa.check("time_hour")
    def is_instant_in_utc(cls, time_hour: Series[str]) -> pd.Series:  # noqa: N805
        instant = pd.to_datetime(time_hour, utc=True, format="ISO8601", errors="coerce")
        return instant.notna() & time_hour.str.endswith(("Z", "+00:00"))


class RawFlights(_Timed):
    """One month of flights."""

    year: Series[int] = pa.Field(ge=1987, le=2100)
    month: Series[int] = pa.Field(ge=1, le=12)
    day: Series[int] = pa.Field(ge=1, le=31)
    dep_time: Series[float] | None = _rough()
    sched_dep_time: Series[int]
    dep_delay: Series[float] | None = _rough(-120, 4320)
    arr_time: Series[float] | None = _rough()
    sched_arr_time: Series[int]
    arr_delay: Series[float] = pa.Field(nullable=True, ge=-240, le=4320)
    carrier: Series[str] = pa.Field(str_matches=CARRIER)
    flight: Series[int] = pa.Field(ge=1, le=99999)
    tailnum: Series[Text] | None = _rough()
    origin: Series[str] = pa.Field(str_matches=AIRPORT)
    dest: Series[str] = pa.Field(str_matches=AIRPORT)
    air_time: Series[float] | None = _rough(1, 1440)
    distance: Series[float] | None = _rough(1, 12500)
    hour: Series[int] = pa.Field(ge=0, le=24)
    minute: Series[int] = pa.Field(ge=0, le=59)

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True
        unique = ("year", "month", "day", "carrier", "flight", "origin")

    @pa.check(
        "dep_time", "sched_dep_time", "arr_time", "sched_arr_time", error="is a clock time, hhmm"
    )
    def _is_clock_time(cls, hhmm: Series[float]) -> pd.Series:  # noqa: N805
        return hhmm.between(0, 2400) & (hhmm % 100 < 60)  # midnight is 0 or 2400

    @pa.dataframe_check(error="the month is empty: remove the file or have it delivered again")
    def _has_flights(cls, flights: pd.DataFrame) -> bool:  # noqa: N805
        return len(flights) > 0

    @pa.dataframe_check(error="year, month and day are a day of the calendar")
    def _is_date(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        return pd.to_datetime(flights[["year", "month", "day"]], errors="coerce").notna()

    @pa.dataframe_check(error="sched_dep_time agrees with hour and minute")
    def _schedule_agrees(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        difference = flights["sched_dep_time"] - (flights["hour"] * 100 + flights["minute"])
        return difference.fillna(0) == 0  # what is missing, another check reports

    @classmethod
    def name_rows(cls, table: pd.DataFrame) -> pd.Series:
        """Give flights their id: date, carrier, number and origin, as in 2013-01-01_UA_1545_EWR.

        Args:
            table: Flights as delivered, perhaps with wrong values in them.

        Returns:
            A text for each flight, on its index.
        """
        parts = table.reindex(columns=["year", "month", "day"])
        date = pd.to_datetime(parts, errors="coerce").dt.strftime("%Y-%m-%d")
        identified = table.assign(date=date)
        key = [name for name in ("date", "carrier", "flight", "origin") if name in identified]
        return join_texts(identified, key, "_")


class RawTimetable(RawFlights):
    """Flights to come: what a month's file would say of them without `RAW_OUTCOMES`."""

    @pa.dataframe_check()
    def _has_flights(cls, timetable: pd.DataFrame) -> bool:  # noqa: N805
        return True  # unlike an empty month, an empty timetable is nothing wrong

    @pa.dataframe_check(
        error=f"{', '.join(RAW_OUTCOMES)} are empty: what became of a flight belongs into "
        "flights/<month>.csv"
    )
    def _has_no_outcomes(cls, timetable: pd.DataFrame) -> pd.Series:  # noqa: N805
        return timetable.reindex(columns=RAW_OUTCOMES).isna().all(axis=1)

    @classmethod
    def to_schema(cls) -> pa.DataFrameSchema:
        """Get the schema: that of a month without the columns that tell what became of flights."""
        return super().to_schema().remove_columns(RAW_OUTCOMES)


class RawWeather(_Timed):
    """Hourly weather at the origin airports."""

    origin: Series[str] = pa.Field(str_matches=AIRPORT)
    year: Series[float] | None = _rough(1987, 2100)
    month: Series[float] | None = _rough(1, 12)
    day: Series[float] | None = _rough(1, 31)
    hour: Series[float] | None = _rough(0, 24)
    temp: Series[float] | None = _rough(-80, 140)
    dewp: Series[float] | None = _rough(-100, 100)
    humid: Series[float] | None = _rough(0, 110)
    wind_dir: Series[float] | None = _rough(0, 360)
    # The strongest wind ever measured at the ground was 253 mph.
    wind_speed: Series[float] | None = _rough(0, 253)
    wind_gust: Series[float] | None = _rough(0, 253)
    precip: Series[float] | None = _rough(0, 20)
    pressure: Series[float] | None = _rough(850, 1100)
    visib: Series[float] | None = _rough(0, 100)

    class Config:
        """Local clock hours repeat when the clock goes back; `time_hour` does not."""

        coerce = True
        unique = ("origin", "time_hour")


class RawPlanes(RoughTable):
    """The register of aircraft."""

    tailnum: Series[str] = pa.Field(unique=True)
    year: Series[float] | None = _rough(1903, 2100, metadata=ZERO_IS_MISSING)
    type: Series[Text] | None = _rough()
    manufacturer: Series[Text] | None = _rough()
    model: Series[Text] | None = _rough()
    engines: Series[float] | None = _rough(1, 8)
    seats: Series[float] | None = _rough(1, 900, metadata=ZERO_IS_MISSING)
    engine: Series[Text] | None = _rough()

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True


class RawAirports(RoughTable):
    """Airports with their place and time zone.

    Without its time zone an airport can be in the table, but not in a flight: `type_flights`.
    """

    faa: Series[str] = pa.Field(unique=True, str_matches=AIRPORT)
    name: Series[Text] | None = _rough()
    lat: Series[float] | None = _rough(-90, 90)
    lon: Series[float] | None = _rough(-180, 180)
    tzone: Series[Text] | None = _rough()

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True

    @pa.check("tzone", name="is an IANA time zone")
    def _is_time_zone(cls, tzone: Series[str]) -> pd.Series:  # noqa: N805
        return tzone.isin(available_timezones())


class RawAirlines(RoughTable):
    """Airlines by their two-letter code."""

    carrier: Series[str] = pa.Field(unique=True, str_matches=CARRIER)
    name: Series[Text] | None = _rough()

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True


def validate_flight_months(
    months: dict[str, Callable[[], pd.DataFrame]],
) -> dict[str, pd.DataFrame]:
    """Read every month of `raw_flights` and hold it against `RawFlights`.

    Args:
        months: A loader for each file in data/01_raw/flights, keyed "2013-01".

    Returns:
        The tables, under the same keys; what must be right in them is, and has its type.

    Raises:
        DataValidationError: If a month breaks the contract; every failure names the file.
    """
    validator = PanderaValidator(RawFlights)
    tables = {}
    for month, load in sorted(months.items()):
        try:
            tables[month] = validator.validate(load())
        except DataValidationError as error:
            error.failures = [
                replace(failure, column=" ".join(filter(None, [f"{month}.csv", failure.column])))
                for failure in error.failures
            ]
            raise
    return tables
