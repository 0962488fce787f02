"""Raw tables -> typed tables -> one row of facts per flight."""

import numpy as np
import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import DataProcessingParameters, TargetParameters

from .clock_times import find_next_instant, parse_clock


def type_flights(months: dict[str, pd.DataFrame], airports: pd.DataFrame) -> pd.DataFrame:
    """Put the months together and give every column its type, unit and name.

    Args:
        months: Delivered flights by month.
        airports: The airports that are known.

    Returns:
        One row per flight, ordered by scheduled departure (`IntFlights`).

    Raises:
        DataError: If a flight's airport is unknown or its time zone is missing.
    """
    raw = pd.concat(months.values(), ignore_index=True)
    _check_airports(pd.concat([raw["origin"], raw["dest"]]), airports)
    date = pd.to_datetime(raw[["year", "month", "day"]]).astype("datetime64[us]")
    # `time_hour` is the UTC hour of the scheduled departure, `hour` and `minute` its local clock.
    to_minute = pd.to_timedelta(raw["minute"], unit="min")
    flights = pd.DataFrame(
        {
            "flight_id": date.dt.strftime("%Y-%m-%d")
            + "_"
            + raw["carrier"]
            + "_"
            + raw["flight"].astype(str)
            + "_"
            + raw["origin"],
            "flight_date": date,
            "carrier": raw["carrier"],
            "flight_number": raw["flight"],
            "tail_number": raw["tailnum"].astype(object).astype("str"),
            "origin": raw["origin"],
            "destination": raw["dest"],
            "distance_miles": raw["distance"],
            "scheduled_departure": _read_utc(raw["time_hour"]) + to_minute,
            "scheduled_departure_local": date + pd.to_timedelta(raw["hour"], unit="h") + to_minute,
            "scheduled_arrival_clock_minute": parse_clock(raw["sched_arr_time"]),
            "arrival_clock_minute": parse_clock(raw["arr_time"]),
            "departure_delay_minutes": raw["dep_delay"],
            "arrival_delay_minutes": raw["arr_delay"],
            "air_time_minutes": raw["air_time"],
        }
    )
    return flights.sort_values(["scheduled_departure", "flight_id"], ignore_index=True)


def type_weather(raw: pd.DataFrame, parameters: DataProcessingParameters) -> pd.DataFrame:
    """Name the readings by their units and set impossible winds to missing.

    Args:
        raw: Hourly readings as delivered.
        parameters: The strongest wind that is believed.

    Returns:
        One row per origin airport and hour (`IntWeather`).
    """
    weather = pd.DataFrame(
        {
            "origin": raw["origin"],
            "observed_at": _read_utc(raw["time_hour"]),
            "temperature_f": raw["temp"],
            "dew_point_f": raw["dewp"],
            "humidity_percent": raw["humid"],
            "wind_direction_degrees": raw["wind_dir"],
            "wind_speed_mph": _drop_above(raw["wind_speed"], parameters.max_wind_speed_mph),
            "wind_gust_mph": _drop_above(raw["wind_gust"], parameters.max_wind_speed_mph),
            "precipitation_inches": raw["precip"],
            "pressure_hpa": raw["pressure"],
            "visibility_miles": raw["visib"],
        }
    )
    return weather.sort_values(["origin", "observed_at"], ignore_index=True)


def type_planes(raw: pd.DataFrame) -> pd.DataFrame:
    """Name the columns of the aircraft register (`IntPlanes`).

    The cruising speed is left behind: 23 of 3,322 aircraft have one.
    """
    names = {
        "tailnum": "tail_number",
        "year": "manufactured_year",
        "type": "aircraft_type",
        "manufacturer": "manufacturer",
        "model": "model",
        "engines": "engines",
        "seats": "seats",
        "engine": "engine_type",
    }
    return raw[list(names)].rename(columns=names)


def type_airports(raw: pd.DataFrame, parameters: DataProcessingParameters) -> pd.DataFrame:
    """Name the columns of the airports and add those the delivery lacks (`IntAirports`).

    Args:
        raw: Airports as delivered; they win over the parameters.
        parameters: The airports to add.
    """
    names = {
        "faa": "airport",
        "name": "name",
        "lat": "latitude",
        "lon": "longitude",
        "tzone": "time_zone",
    }
    extra = pd.DataFrame(
        [
            {"airport": code, **place.model_dump()}
            for code, place in parameters.extra_airports.items()
        ],
        columns=list(names.values()),
    ).astype({"latitude": float, "longitude": float})
    delivered = raw[list(names)].rename(columns=names)
    airports = pd.concat([delivered, extra[~extra["airport"].isin(delivered["airport"])]])
    return airports.astype({"time_zone": "str"}).reset_index(drop=True)


def type_airlines(raw: pd.DataFrame) -> pd.DataFrame:
    """Keep code and name of the airlines (`IntAirlines`)."""
    return raw[["carrier", "name"]]


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
    zones = flights["destination"].map(places["time_zone"])
    departure = flights["scheduled_departure"]
    arrival = find_next_instant(flights["scheduled_arrival_clock_minute"], departure, zones)
    actual_departure = departure + _minutes(flights["departure_delay_minutes"])
    # A diverted flight that reached its destination in the end has a clock time but no delay.
    actual_arrival = (arrival + _minutes(flights["arrival_delay_minutes"])).fillna(
        find_next_instant(flights["arrival_clock_minute"], actual_departure, zones)
    )
    delay = flights["arrival_delay_minutes"].astype("Float64")
    facts = flights.drop(columns=["scheduled_arrival_clock_minute", "arrival_clock_minute"]).assign(
        carrier_name=flights["carrier"].map(airlines.set_index("carrier")["name"]),
        aircraft_model=flights["tail_number"].map(planes.set_index("tail_number")["model"]),
        destination_bearing_degrees=_bearing(flights["origin"], flights["destination"], places),
        scheduled_arrival=arrival,
        scheduled_block_minutes=(arrival - departure).dt.total_seconds() / 60,
        actual_departure=actual_departure,
        actual_arrival=actual_arrival,
        is_late=delay >= target.late_threshold_minutes,
    )
    return facts


def _read_utc(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, utc=True, format="ISO8601").astype("datetime64[us, UTC]")


def _minutes(minutes: pd.Series) -> pd.Series:
    return pd.to_timedelta(minutes, unit="min")


def _drop_above(readings: pd.Series, limit: float) -> pd.Series:
    return readings.where(readings <= limit)


def _check_airports(used: pd.Series, airports: pd.DataFrame) -> None:
    flights = used.value_counts()
    known = pd.Index(airports.loc[airports["time_zone"].notna(), "airport"])
    unknown = flights.index.difference(known)
    if len(unknown):
        listed = ", ".join(f"{code} ({flights[code]} flights)" for code in unknown)
        raise DataError(
            f"Flights use airports that have no row or no time zone in airports.csv: {listed}. Add "
            "them to data/01_raw/airports.csv or to the parameter data_processing.extra_airports."
        )


def _bearing(origin: pd.Series, destination: pd.Series, places: pd.DataFrame) -> pd.Series:
    """Initial bearing of the great circle, degrees clockwise from north.

    Source: Williams, Aviation Formulary, "Course between points".
    """
    radians = places[["latitude", "longitude"]].apply(np.radians)
    lat1, lat2 = (airport.map(radians["latitude"]) for airport in (origin, destination))
    lon1, lon2 = (airport.map(radians["longitude"]) for airport in (origin, destination))
    east = np.sin(lon2 - lon1) * np.cos(lat2)
    north = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    bearing: pd.Series = np.degrees(np.arctan2(east, north)) % 360
    return bearing
