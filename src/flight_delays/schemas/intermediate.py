"""The delivered tables after typing and repair: units in the names, instants in UTC."""

from typing import Annotated

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from .contract import Table

Utc = Annotated[pd.DatetimeTZDtype, "us", "UTC"]


class _Table(Table):
    class Config:
        """No column comes or goes unnoticed."""

        strict = True


class IntFlights(_Table):
    """One row per flight; an outcome that is not known, or contradicts itself, is missing."""

    flight_id: Series[str] = pa.Field(unique=True)
    flight_date: Series[pa.DateTime]
    carrier: Series[str]
    flight_number: Series[int]
    tail_number: Series[str] = pa.Field(nullable=True)
    origin: Series[str]
    destination: Series[str]
    distance_miles: Series[float] = pa.Field(nullable=True, gt=0)
    scheduled_departure: Series[Utc]
    scheduled_departure_local: Series[pa.DateTime]
    scheduled_arrival: Series[Utc]
    actual_departure: Series[Utc] = pa.Field(nullable=True)
    actual_arrival: Series[Utc] = pa.Field(nullable=True)
    departure_delay_minutes: Series[float] = pa.Field(nullable=True)
    arrival_delay_minutes: Series[float] = pa.Field(nullable=True)
    air_time_minutes: Series[float] = pa.Field(nullable=True, gt=0)


class IntWeather(_Table):
    """One row per origin airport and hour."""

    origin: Series[str]
    observed_at: Series[Utc]
    temperature_f: Series[float] = pa.Field(nullable=True)
    dew_point_f: Series[float] = pa.Field(nullable=True)
    humidity_percent: Series[float] = pa.Field(nullable=True)
    wind_direction_degrees: Series[float] = pa.Field(nullable=True, ge=0, le=360)
    wind_speed_mph: Series[float] = pa.Field(nullable=True, ge=0)
    wind_gust_mph: Series[float] = pa.Field(nullable=True, ge=0)
    precipitation_inches: Series[float] = pa.Field(nullable=True, ge=0)
    pressure_hpa: Series[float] = pa.Field(nullable=True)
    visibility_miles: Series[float] = pa.Field(nullable=True, ge=0)

    class Config:
        """One reading an hour."""

        unique = ("origin", "observed_at")


class IntPlanes(_Table):
    """One row per aircraft."""

    tail_number: Series[str] = pa.Field(unique=True)
    manufactured_year: Series[float] = pa.Field(nullable=True)
    aircraft_type: Series[str] = pa.Field(nullable=True)
    manufacturer: Series[str] = pa.Field(nullable=True)
    model: Series[str] = pa.Field(nullable=True)
    engines: Series[float] = pa.Field(nullable=True, gt=0)
    seats: Series[float] = pa.Field(nullable=True, gt=0)
    engine_type: Series[str] = pa.Field(nullable=True)


class IntAirports(_Table):
    """One row per airport, those the delivery lacks included."""

    airport: Series[str] = pa.Field(unique=True)
    name: Series[str] = pa.Field(nullable=True)
    latitude: Series[float] = pa.Field(nullable=True, ge=-90, le=90)
    longitude: Series[float] = pa.Field(nullable=True, ge=-180, le=180)
    time_zone: Series[str] = pa.Field(nullable=True)


class IntAirlines(_Table):
    """One row per airline."""

    carrier: Series[str] = pa.Field(unique=True)
    name: Series[str] = pa.Field(nullable=True)
