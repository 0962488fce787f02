"""Raw tables -> typed tables -> one row of facts per flight; and what was wrong with them."""

import pandas as pd

from flight_delays.parameters import DataProcessingParameters, TargetParameters
from flight_delays.places.clocks import read_clock
from flight_delays.places.globe import compute_bearing
from flight_delays.schemas.raw import (
    RawAirlines,
    RawAirports,
    RawFlights,
    RawPlanes,
    RawTimetable,
    RawWeather,
)

from .clock_times import read_schedule, read_utc
from .findings import list_findings, tabulate
from .flights import add_flights_to_come, type_rows
from .outcomes import drop_contradictory_outcomes
from .plausibility import drop_implausible, list_gaps

WEATHER = {
    "origin": "origin",
    "temp": "temperature_f",
    "dewp": "dew_point_f",
    "humid": "humidity_percent",
    "wind_dir": "wind_direction_degrees",
    "wind_speed": "wind_speed_mph",
    "wind_gust": "wind_gust_mph",
    "precip": "precipitation_inches",
    "pressure": "pressure_hpa",
    "visib": "visibility_miles",
}
PLANES = {
    "tailnum": "tail_number",
    "year": "manufactured_year",
    "type": "aircraft_type",
    "manufacturer": "manufacturer",
    "model": "model",
    "engines": "engines",
    "seats": "seats",
    "engine": "engine_type",
}
AIRPORTS = {
    "faa": "airport",
    "name": "name",
    "lat": "latitude",
    "lon": "longitude",
    "tzone": "time_zone",
}


def type_flights(
    months: dict[str, pd.DataFrame],
    timetable: pd.DataFrame,
    airports: pd.DataFrame,
    parameters: DataProcessingParameters,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Put months and timetable together and give every column its type, unit and name.

    Args:
        months: Delivered flights by month.
        timetable: Flights to come as delivered; of one that a month has, the month counts.
        airports: The airports that are known.
        parameters: How much may be implausible.

    Returns:
        One row per flight, ordered by scheduled departure (`IntFlights`), and what was wrong with
        them (`DataQuality`).

    Raises:
        DataError: If a flight's airport is unknown or its time zone is missing, if a flight's
            `time_hour` is not the hour of its schedule, or if too much is implausible.
    """
    delivered = pd.concat(months.values(), ignore_index=True)
    flights, findings = type_rows(delivered, RawFlights, airports, parameters)
    flights, contradictions = drop_contradictory_outcomes(flights, delivered, parameters)
    findings = list_gaps(months, RawFlights) + findings + contradictions
    if not timetable.empty:  # there need not be one, so that there is none is nothing to tell
        to_come, of_timetable = type_rows(timetable, RawTimetable, airports, parameters)
        flights, findings = add_flights_to_come(flights, to_come), findings + of_timetable
    in_order = flights.sort_values(["scheduled_departure", "flight_id"], ignore_index=True)
    return in_order, tabulate(findings)


def type_weather(
    delivered: pd.DataFrame, airports: pd.DataFrame, parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Name the readings by their units; those that cannot be true are missing.

    Args:
        delivered: Hourly readings as delivered.
        airports: The airports with their time zones.
        parameters: How much may be implausible.

    Returns:
        One row per origin airport and hour (`IntWeather`), and what was wrong with them
        (`DataQuality`).

    Raises:
        DataError: If too much is implausible.
    """
    raw, findings = drop_implausible(delivered, RawWeather, parameters)
    observed_at = read_utc(raw["time_hour"])
    shown = read_clock(observed_at, raw["origin"].map(airports.set_index("airport")["time_zone"]))
    told = read_schedule(raw)
    both = shown.notna() & told.notna()
    # `time_hour` counts: tables in circulation have the hour of another time zone beside it.
    differs = {"is year, month, day and hour at the origin": both & (shown != told)}
    findings += list_findings(raw, RawWeather, "time_hour", differs, both)
    weather = raw[list(WEATHER)].rename(columns=WEATHER).assign(observed_at=observed_at)
    in_order = weather.sort_values(["origin", "observed_at"], ignore_index=True)
    return in_order, tabulate(findings)


def type_planes(
    delivered: pd.DataFrame, parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Name the columns of the aircraft register (`IntPlanes`); tell what was wrong in it.

    The cruising speed is left behind: 23 of 3,322 aircraft have one.
    """
    raw, findings = drop_implausible(delivered, RawPlanes, parameters)
    return raw[list(PLANES)].rename(columns=PLANES), tabulate(findings)


def type_airports(
    delivered: pd.DataFrame, parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Name the columns of the airports and add those the delivery lacks.

    Args:
        delivered: Airports as delivered; they win over the parameters.
        parameters: The airports to add, and how much may be implausible.

    Returns:
        One row per airport (`IntAirports`), and what was wrong with them (`DataQuality`).
    """
    raw, findings = drop_implausible(delivered, RawAirports, parameters)
    airports = raw[list(AIRPORTS)].rename(columns=AIRPORTS)
    places = parameters.extra_airports.items()
    extra = pd.DataFrame(
        [{"airport": code, **place.model_dump()} for code, place in places],
        columns=list(airports),
    ).astype(airports.dtypes.to_dict())
    both = pd.concat([airports, extra[~extra["airport"].isin(airports["airport"])]])
    return both.reset_index(drop=True), tabulate(findings)


def type_airlines(
    delivered: pd.DataFrame, parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Keep code and name of the airlines (`IntAirlines`); tell what was wrong with them."""
    raw, findings = drop_implausible(delivered, RawAirlines, parameters)
    return raw[["carrier", "name"]], tabulate(findings)


def build_flights(
    flights: pd.DataFrame,
    airports: pd.DataFrame,
    airlines: pd.DataFrame,
    planes: pd.DataFrame,
    target: TargetParameters,
) -> pd.DataFrame:
    """Join everything that is a fact about each flight.

    Args:
        flights: Typed flights (`IntFlights`).
        airports: Places and time zones.
        airlines: Names of the carriers.
        planes: The register of aircraft.
        target: When an arrival counts as late.

    Returns:
        One row per flight, in the order of `flights` (`PrmFlights`).
    """
    places = airports.set_index("airport")
    block = flights["scheduled_arrival"] - flights["scheduled_departure"]
    delay = flights["arrival_delay_minutes"].astype("Float64")
    models = flights["tail_number"].map(planes.set_index("tail_number")["model"])
    return flights.assign(
        carrier_name=flights["carrier"].map(airlines.set_index("carrier")["name"]).astype("str"),
        aircraft_model=models.astype("str"),
        destination_bearing_degrees=compute_bearing(
            flights["origin"], flights["destination"], places
        ),
        scheduled_block_minutes=block.dt.total_seconds() / 60,
        is_late=delay >= target.headline_minutes,
    )
