"""Hand-made tables as the datasets give them: raw ones as read from CSV, and those made of them.

One keyword or dictionary is one deviation from an ordinary row.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import yaml
from kedro.validation import DataValidationError, PanderaValidator

from flight_delays.parameters import (
    DataProcessingParameters,
    EvaluationParameters,
    Group,
    TargetParameters,
)
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from flight_delays.schemas.raw import RAW_OUTCOMES, RawFlights, RawWeather

CONF = Path(__file__).parents[1] / "conf" / "base"
NEW_YORK = ZoneInfo("America/New_York")
# A flight from New York that never left.
CANCELLED: dict[str, Any] = dict.fromkeys(
    ("dep_time", "dep_delay", "arr_time", "arr_delay", "air_time", "tailnum")
)

# A miss costs three false alarms: alerts from a probability of 1/4 on.
EVALUATION = EvaluationParameters(
    headline_lead_minutes=120,
    costs_by_threshold={},
    miss_cost=3,
    false_alarm_cost=1,
    calibration_bins=2,
    block_days=1,
    bootstrap_resamples=200,
    confidence_level=0.9,
    importance_questions=2,
    random_state=7,
)


def read_parameters(pipeline: str) -> dict[str, Any]:
    """The parameters of a pipeline as they are delivered."""
    text = (CONF / f"parameters_{pipeline}.yml").read_text()
    parameters: dict[str, Any] = yaml.safe_load(text)[pipeline]
    return parameters


def make_raw_flight(**changes: Any) -> dict[str, Any]:
    """The first flight of 2013; hour, minute and UTC hour follow from its date and schedule."""
    flight = {
        "year": 2013,
        "month": 1,
        "day": 1,
        "dep_time": 517,
        "sched_dep_time": 515,
        "dep_delay": 2,
        "arr_time": 830,
        "sched_arr_time": 819,
        "arr_delay": 11,
        "carrier": "UA",
        "flight": 1545,
        "tailnum": "N14228",
        "origin": "EWR",
        "dest": "IAH",
        "air_time": 227,
        "distance": 1400,
    } | changes
    hour, minute = divmod(flight["sched_dep_time"], 100)
    day = datetime(flight["year"], flight["month"], flight["day"], tzinfo=NEW_YORK)
    in_utc = (day + timedelta(hours=hour)).astimezone(ZoneInfo("UTC"))
    return flight | {
        "hour": changes.get("hour", hour),
        "minute": changes.get("minute", minute),
        "time_hour": changes.get("time_hour", f"{in_utc:%Y-%m-%dT%H:%M:%SZ}"),
    }


def make_raw_flights(*changes: dict[str, Any]) -> pd.DataFrame:
    """A month of raw flights, numbered 1, 2, 3."""
    return pd.DataFrame(
        [make_raw_flight(**{"flight": row} | change) for row, change in enumerate(changes, start=1)]
    )


def make_raw_timetable(*changes: dict[str, Any]) -> pd.DataFrame:
    """A timetable of flights to come, numbered 1, 2, 3; without any it has its columns."""
    one_more = make_raw_flights(*changes, {})
    return one_more.drop(columns=RAW_OUTCOMES).head(len(changes))


def make_raw_weather(*changes: dict[str, Any]) -> pd.DataFrame:
    """Raw weather at Newark, one report an hour from 06:00 UTC on the first day."""
    reading = {
        "origin": "EWR",
        "temp": 39.02,
        "dewp": 26.06,
        "humid": 59.37,
        "wind_dir": 270.0,
        "wind_speed": 10.35702,
        "wind_gust": float("nan"),
        "precip": 0.0,
        "pressure": 1012.0,
        "visib": 10.0,
    }
    return pd.DataFrame(
        [
            reading | {"time_hour": f"2013-01-01T{hour:02}:00:00Z"} | change
            for hour, change in enumerate(changes, start=6)
        ]
    )


def make_raw_planes() -> pd.DataFrame:
    plane = {
        "tailnum": "N14228",
        "year": 1999.0,
        "type": "Fixed wing multi engine",
        "manufacturer": "BOEING",
        "model": "737-824",
        "engines": 2,
        "seats": 149,
        "speed": None,
        "engine": "Turbo-fan",
    }
    return pd.DataFrame([plane, plane | {"tailnum": "N24211", "year": None, "speed": 126.0}])


def make_raw_airports() -> pd.DataFrame:
    """Three origins and destinations in three time zones, to two decimals."""
    return pd.DataFrame(
        [
            ("EWR", "Newark Liberty Intl", 40.69, -74.17, "America/New_York"),
            ("JFK", "John F Kennedy Intl", 40.64, -73.78, "America/New_York"),
            ("LGA", "La Guardia", 40.78, -73.87, "America/New_York"),
            ("IAH", "George Bush Intercontinental", 29.98, -95.34, "America/Chicago"),
            ("LAX", "Los Angeles Intl", 33.94, -118.41, "America/Los_Angeles"),
            ("BOS", "General Edward Lawrence Logan Intl", 42.36, -71.01, "America/New_York"),
            ("HNL", "Honolulu Intl", 21.32, -157.92, "Pacific/Honolulu"),
        ],
        columns=["faa", "name", "lat", "lon", "tzone"],
    )


def make_raw_airlines() -> pd.DataFrame:
    return pd.DataFrame({"carrier": ["UA"], "name": ["United Air Lines Inc."]})


def make_parameters(**changes: Any) -> DataProcessingParameters:
    return DataProcessingParameters(**read_parameters("data_processing") | changes)


def make_int_airports(**parameters: Any) -> pd.DataFrame:
    return type_airports(make_raw_airports(), make_parameters(**parameters))[0]


def make_int_weather(*changes: dict[str, Any], **parameters: Any) -> pd.DataFrame:
    """The typed table of some raw weather."""
    raw = RawWeather.validate(make_raw_weather(*changes))
    return type_weather(raw, make_int_airports(), make_parameters(**parameters))[0]


def make_int_flights(*changes: dict[str, Any], **parameters: Any) -> pd.DataFrame:
    """The typed table of some raw flights."""
    months = {"2013-01": RawFlights.validate(make_raw_flights(*changes))}
    airports = make_int_airports(**parameters)
    processing = make_parameters(**parameters)
    return type_flights(months, make_raw_timetable(), airports, processing)[0]


def make_target(*late_thresholds_minutes: int, min_flights: int = 1) -> TargetParameters:
    return TargetParameters(
        late_thresholds_minutes=list(late_thresholds_minutes), min_flights=min_flights
    )


def make_prm_flights(
    *changes: dict[str, Any], late_thresholds_minutes: tuple[int, ...] = (15,), **parameters: Any
) -> pd.DataFrame:
    """The facts about some raw flights."""
    processing = make_parameters(**parameters)
    return build_flights(
        make_int_flights(*changes, **parameters),
        make_int_airports(**parameters),
        type_airlines(make_raw_airlines(), processing)[0],
        type_planes(make_raw_planes(), processing)[0],
        make_target(*late_thresholds_minutes),
    )


def make_model_input(rows: int, seed: int) -> pd.DataFrame:
    """Flights with features of three groups; late is who has little slack, or flies with UA."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "carrier": random.choice(["AA", "B6", "UA"], rows),
            "local_minute": random.integers(300, 1400, rows).astype(np.float32),
            "wind": np.where(random.random(rows) < 0.1, np.nan, random.random(rows)),
            "aircraft_model": random.choice(["737-824", "A320-232", None], rows),
            "slack": random.normal(0, 30, rows).astype(np.float32),
        }
    ).astype({"aircraft_model": "str", "wind": np.float32})
    odds = (table["carrier"] == "UA") - table["slack"] / 20 + random.logistic(size=rows)
    delay = np.select([odds > 3, odds > 1], [60.0, 15.0], -5.0)
    flight_id = [f"flight {row}" for row in range(rows)]
    lead = np.full(rows, 120, dtype=np.float32)
    return table.assign(
        flight_id=flight_id, lead_minutes=lead, arrival_delay_minutes=delay, is_late=odds > 1
    )


FEATURE_GROUPS: dict[Group, list[str]] = {
    "schedule": ["carrier", "local_minute"],
    "weather": ["wind"],
    "aircraft": ["aircraft_model", "slack"],
}


def find_failures(model: type, table: pd.DataFrame) -> set[tuple[str | None, str | None]]:
    """The column and the check of all that is wrong with a table."""
    try:
        PanderaValidator(model).validate(table)
    except DataValidationError as error:
        return {(failure.column, failure.check) for failure in error.failures}
    return set()
