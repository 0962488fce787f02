"""One row per flight, everything about it that is a fact."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from .intermediate import Utc, _Table


class PrmFlights(_Table):
    """Flights with their instants, places and aircraft; outcomes missing where none came."""

    flight_id: Series[str] = pa.Field(unique=True)
    flight_date: Series[pa.DateTime]
    carrier: Series[str]
    carrier_name: Series[str] = pa.Field(nullable=True)
    flight_number: Series[int]
    tail_number: Series[str] = pa.Field(nullable=True)
    aircraft_model: Series[str] = pa.Field(nullable=True)
    origin: Series[str]
    destination: Series[str]
    distance_miles: Series[float] = pa.Field(nullable=True, gt=0)
    destination_bearing_degrees: Series[float] = pa.Field(nullable=True, ge=0, lt=360)
    scheduled_departure: Series[Utc]
    scheduled_departure_local: Series[pa.DateTime]
    scheduled_arrival: Series[Utc]
    scheduled_block_minutes: Series[float] = pa.Field(gt=0, lt=1000)
    actual_departure: Series[Utc] = pa.Field(nullable=True)
    actual_arrival: Series[Utc] = pa.Field(nullable=True)
    departure_delay_minutes: Series[float] = pa.Field(nullable=True)
    arrival_delay_minutes: Series[float] = pa.Field(nullable=True)
    air_time_minutes: Series[float] = pa.Field(nullable=True)
    is_late: Series[pd.BooleanDtype] = pa.Field(nullable=True)

    @pa.dataframe_check(name="a flight lands after it left")
    def _lands_after_departure(cls, flights: pd.DataFrame) -> pd.Series:  # noqa: N805
        is_known = flights[["actual_departure", "actual_arrival"]].notna().all(axis=1)
        return ~is_known | (flights["actual_arrival"] > flights["actual_departure"])
