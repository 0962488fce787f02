"""All that is measured of a month's tables."""

from collections.abc import Iterator

import pandas as pd

from flight_delays.parameters import MonitoringParameters

from .measures import Measure
from .outcomes import OUTCOME, measure_open
from .past import part_by_period
from .timetable import measure_shift, measure_unseen, measure_volumes
from .values import measure_missing, measure_units
from .weather import measure_missing_hours, measure_stuck

WEATHER = [
    "temperature_f",
    "dew_point_f",
    "humidity_percent",
    "wind_direction_degrees",
    "wind_speed_mph",
    "wind_gust_mph",
    "precipitation_inches",
    "pressure_hpa",
    "visibility_miles",
]
PLANNED = ["tail_number", "aircraft_model", "distance_miles"]
FLOWN = ["departure_delay_minutes", "air_time_minutes"]
NUMBERS = ["distance_miles", "scheduled_block_minutes", *FLOWN, OUTCOME]
PLACES = ["origin", "destination"]


def measure_flights(
    flights: pd.DataFrame, period: str, parameters: MonitoringParameters
) -> Iterator[Measure]:
    """Measure the flights of a month by the local date of their origin.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        period: The month, as in "2013-11".
        parameters: How many months tell what is usual, and what is not.

    Yields:
        The measures.
    """
    limits, months = parameters.quality, parameters.usual_months
    parted = part_by_period("flights", flights, flights["flight_date"], period, months)
    arrived = parted._replace(
        past=parted.past.dropna(subset=OUTCOME), month=parted.month.dropna(subset=OUTCOME)
    )
    # Of a flight that has not arrived, nothing else need be known.
    yield from measure_missing(arrived, [*PLANNED, *FLOWN], limits)
    yield from measure_units(parted, NUMBERS, limits)
    # Of the first month nobody knows what is usual.
    if not (parted.past.empty or parted.month.empty):
        yield from measure_volumes(parted, limits)
        yield from measure_unseen(parted, ["carrier", *PLACES], limits)
        yield from measure_shift(parted, limits)
    if not arrived.month.empty:  # else no outcome has been delivered yet
        yield from measure_open(parted, PLACES, limits)


def measure_weather(
    weather: pd.DataFrame, flights: pd.DataFrame, period: str, parameters: MonitoringParameters
) -> Iterator[Measure]:
    """Measure the weather of a month in UTC.

    Args:
        weather: Hourly readings (`IntWeather`).
        flights: Facts of all flights: weather ought to be there until the month's last flight whose
            outcome is known was due to leave.
        period: The month, as in "2013-11".
        parameters: How many months tell what is usual, and what is not.

    Yields:
        The measures; none where no month has weather.
    """
    limits, months = parameters.quality, parameters.usual_months
    parted = part_by_period("weather", weather, weather["observed_at"], period, months)
    first = pd.Timestamp(period, tz="UTC")
    due = flights.loc[flights[OUTCOME].notna(), "scheduled_departure"]
    due = due[(due >= first) & (due < first + pd.offsets.MonthBegin())]
    if len(due):
        yield from measure_missing_hours(parted, first, due.max(), limits)
    yield from measure_missing(parted, WEATHER, limits)
    yield from measure_units(parted, WEATHER, limits)
    # Last, because in another unit the commonest value is one that nobody knows.
    yield from measure_stuck(parted, WEATHER, limits)
