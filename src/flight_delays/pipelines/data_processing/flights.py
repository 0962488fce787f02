"""Delivered rows become typed flights, those of the months and those of the timetable alike."""

import logging

import pandas as pd

from flight_delays.parameters import DataProcessingParameters
from flight_delays.schemas.raw import RAW_OUTCOMES, RawFlights

from .checks import check_airports, check_hours
from .clock_times import read_date, read_schedule, read_utc
from .findings import Finding
from .outcomes import find_instants
from .plausibility import drop_implausible

logger = logging.getLogger(__name__)


def type_rows(
    delivered: pd.DataFrame,
    model: type[RawFlights],
    airports: pd.DataFrame,
    parameters: DataProcessingParameters,
) -> tuple[pd.DataFrame, list[Finding]]:
    """Give every column of flights its type, unit and name.

    Args:
        delivered: Flights as delivered, numbered.
        model: The contract of their table; without outcomes in it, they have none.
        airports: The airports that are known.
        parameters: How much may be implausible.

    Returns:
        One row per flight, in the same order and on the same index (`IntFlights`); and what was
        found.

    Raises:
        DataError: If an airport is unknown or its time zone is missing, if a `time_hour` is not the
            hour of its schedule, or if too much is implausible.
    """
    check_airports(delivered, airports)
    zones = airports.set_index("airport")["time_zone"]
    check_hours(delivered, model, delivered["origin"].map(zones))
    raw, findings = drop_implausible(delivered, model, parameters)
    absent = [name for name in RAW_OUTCOMES if name not in model.to_schema().columns]
    raw = raw.assign(**dict.fromkeys(absent, float("nan")))
    # `time_hour` is the UTC hour of the scheduled departure, `hour` and `minute` its local clock.
    to_minute = pd.to_timedelta(raw["minute"], unit="min")
    flights = pd.DataFrame(
        {
            "flight_id": model.name_rows(raw),
            "flight_date": read_date(raw),
            "carrier": raw["carrier"],
            "flight_number": raw["flight"],
            "tail_number": raw["tailnum"],
            "origin": raw["origin"],
            "destination": raw["dest"],
            "distance_miles": raw["distance"],
            "scheduled_departure": read_utc(raw["time_hour"]) + to_minute,
            "scheduled_departure_local": read_schedule(raw) + to_minute,
            "departure_delay_minutes": raw["dep_delay"],
            "arrival_delay_minutes": raw["arr_delay"],
            "air_time_minutes": raw["air_time"],
        }
    )
    return find_instants(flights, raw, raw["dest"].map(zones)), findings


def add_flights_to_come(flights: pd.DataFrame, timetable: pd.DataFrame) -> pd.DataFrame:
    """Add the flights of the timetable that no month has: a month is delivered later.

    Args:
        flights: Typed flights of the months.
        timetable: Typed flights of the timetable.

    Returns:
        Both (`IntFlights`); the log tells how many of the timetable were in a month.
    """
    is_delivered = timetable["flight_id"].isin(flights["flight_id"])
    if is_delivered.any():
        logger.info(
            "%d of the %d flights in timetable.csv stand in flights/<month>.csv too, which counts",
            is_delivered.sum(),
            len(timetable),
        )
    return pd.concat([flights, timetable[~is_delivered]], ignore_index=True)
