"""What the delivered tables must look like. Columns that nobody reads may be missing or extra."""

from collections.abc import Callable
from dataclasses import replace
from zoneinfo import available_timezones

import pandas as pd
import pandera.pandas as pa
from kedro.validation.exceptions import CheckFailure, DataValidationError
from kedro.validation.pandera_validator import PanderaValidator
from pandera.typing import Series

UNIQUENESS = "multiple_fields_uniqueness"
"""What Pandera calls the check of `Config.unique`."""


class _Timed(pa.DataFrameModel):
    time_hour: Series[str]

    # Without a name of its own: Pandera forgets it when a second model inherits the check.
    @pa.check("time_hour")
    def is_instant_in_utc(cls, time_hour: Series[str]) -> pd.Series:  # noqa: N805
        instant = pd.to_datetime(time_hour, utc=True, format="ISO8601", errors="coerce")
        return instant.notna() & time_hour.str.endswith(("Z", "+00:00"))


class RawFlights(_Timed):
    """One month of flights."""

    year: Series[int] = pa.Field(ge=1987, le=2100)
    month: Series[int] = pa.Field(ge=1, le=12)
    day: Series[int] = pa.Field(ge=1, le=31)
    dep_time: Series[float] = pa.Field(nullable=True)
    sched_dep_time: Series[int]
    dep_delay: Series[float] = pa.Field(nullable=True, ge=-120, le=4320)
    arr_time: Series[float] = pa.Field(nullable=True)
    sched_arr_time: Series[int]
    arr_delay: Series[float] = pa.Field(nullable=True, ge=-240, le=4320)
    carrier: Series[str] = pa.Field(str_matches=r"^[A-Z0-9]{2,3}$")
    flight: Series[int] = pa.Field(ge=1, le=99999)
    tailnum: Series[pd.StringDtype] = pa.Field(nullable=True)
    origin: Series[str] = pa.Field(str_matches=r"^[A-Z0-9]{3,4}$")
    dest: Series[str] = pa.Field(str_matches=r"^[A-Z0-9]{3,4}$")
    air_time: Series[float] = pa.Field(nullable=True, gt=0, le=1440)
    distance: Series[float] = pa.Field(gt=0, le=12500)
    hour: Series[int] = pa.Field(ge=0, le=24)
    minute: Series[int] = pa.Field(ge=0, le=59)

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True
        unique = ("year", "month", "day", "carrier", "flight", "origin")

    @pa.check(
        "dep_time", "sched_dep_time", "arr_time", "sched_arr_time", name="is a clock time, hhmm"
    )
    def _is_clock_time(cls, hhmm: Series[float]) -> pd.Series:  # noqa: N805
        return hhmm.between(0, 2400) & (hhmm % 100 < 60)  # midnight is 0 or 2400

    @pa.dataframe_check(name="the month is empty: remove the file or have it delivered again")
    def _has_flights(cls, flights: pd.DataFrame) -> bool:  # noqa: N805
        return len(flights) > 0

    @pa.dataframe_check(name="year, month and day are a day of the calendar")
    def _is_date(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        return pd.to_datetime(flights[["year", "month", "day"]], errors="coerce").notna()

    @pa.dataframe_check(name="dep_time and dep_delay are both there or both missing")
    def _departure_is_whole(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        return flights["dep_time"].isna() == flights["dep_delay"].isna()

    @pa.dataframe_check(name="sched_dep_time agrees with hour and minute")
    def _schedule_agrees(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        difference = flights["sched_dep_time"] - (flights["hour"] * 100 + flights["minute"])
        return difference.fillna(0) == 0  # what is missing, another check reports


class RawWeather(_Timed):
    """Hourly weather at the origin airports."""

    origin: Series[str] = pa.Field(str_matches=r"^[A-Z0-9]{3,4}$")
    temp: Series[float] = pa.Field(nullable=True, ge=-80, le=140)
    dewp: Series[float] = pa.Field(nullable=True, ge=-100, le=100)
    humid: Series[float] = pa.Field(nullable=True, ge=0, le=110)
    wind_dir: Series[float] = pa.Field(nullable=True, ge=0, le=360)
    wind_speed: Series[float] = pa.Field(nullable=True, ge=0)
    wind_gust: Series[float] = pa.Field(nullable=True, ge=0)
    precip: Series[float] = pa.Field(nullable=True, ge=0, le=20)
    pressure: Series[float] = pa.Field(nullable=True, ge=850, le=1100)
    visib: Series[float] = pa.Field(nullable=True, ge=0, le=100)

    class Config:
        """Local clock hours repeat when the clock goes back; `time_hour` does not."""

        coerce = True
        unique = ("origin", "time_hour")


class RawPlanes(pa.DataFrameModel):
    """The register of aircraft."""

    tailnum: Series[str] = pa.Field(unique=True)
    year: Series[float] = pa.Field(nullable=True, ge=1903, le=2100)
    type: Series[str]
    manufacturer: Series[str]
    model: Series[str]
    engines: Series[int] = pa.Field(ge=1, le=8)
    seats: Series[int] = pa.Field(ge=1, le=900)
    engine: Series[str]

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True


class RawAirports(pa.DataFrameModel):
    """Airports with their place and time zone."""

    faa: Series[str] = pa.Field(unique=True, str_matches=r"^[A-Z0-9]{3,4}$")
    name: Series[str]
    lat: Series[float] = pa.Field(ge=-90, le=90)
    lon: Series[float] = pa.Field(ge=-180, le=180)
    tzone: Series[str] = pa.Field(nullable=True)

    class Config:
        """Text from a CSV becomes the type declared here, or an error that shows it."""

        coerce = True

    @pa.check("tzone", name="is an IANA time zone")
    def _is_time_zone(cls, tzone: Series[str]) -> pd.Series:  # noqa: N805
        return tzone.isin(available_timezones())


class RawAirlines(pa.DataFrameModel):
    """Airlines by their two-letter code."""

    carrier: Series[str] = pa.Field(unique=True, str_matches=r"^[A-Z0-9]{2,3}$")
    name: Series[str]

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
        The typed tables, under the same keys.

    Raises:
        DataValidationError: If a month breaks the contract; every failure names the file.
    """
    validator = PanderaValidator(RawFlights)
    tables = {}
    for month, load in sorted(months.items()):
        try:
            tables[month] = validator.validate(load())
        except DataValidationError as error:
            error.failures = _name_file(f"{month}.csv", error.failures)
            raise
    return tables


def _name_file(file: str, failures: list[CheckFailure]) -> list[CheckFailure]:
    """Put the file before the column; of a check on whole rows keep the flight numbers.

    Pandera reports such a check once a column, which would hide the other failures.
    """
    on_rows = {check.name for check in RawFlights.to_schema().checks} | {UNIQUENESS}
    return [
        replace(failure, column=" ".join(filter(None, [file, failure.column])))
        for failure in failures
        if failure.check not in on_rows or failure.column in ("flight", RawFlights.__name__)
    ]
