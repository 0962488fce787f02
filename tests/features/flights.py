"""A hand-made table of facts, one keyword a deviation from an uneventful flight."""

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from flight_delays.features.build import make_features
from flight_delays.features.events import FlightEvents, Rules
from flight_delays.features.questions import Asked
from flight_delays.parameters import FeatureEngineeringParameters

CONF = Path(__file__).parents[2] / "conf/base/parameters_feature_engineering.yml"
PARAMETERS = FeatureEngineeringParameters(**yaml.safe_load(CONF.read_text())["feature_engineering"])
# A report is about the hour from its label on. Said here too, since conf is what is tested.
WEATHER_KNOWN_AFTER = pd.Timedelta(minutes=60)
RULES = Rules(late_minutes=15, given_up_minutes=300, lost_minutes=720)


def at(text: str) -> pd.Timestamp:
    """The instant "12:30" on the first day, or "3 12:30" on the third."""
    day, clock = text.split() if " " in text else ("1", text)
    return pd.Timestamp(f"2020-03-{int(day):02} {clock}", tz="UTC").as_unit("us")


def make_flight(scheduled: str | pd.Timestamp, **changes: Any) -> dict[str, Any]:
    """One flight, on time and two hours long unless told otherwise.

    `delay` and `arrival_delay` are in minutes; None stands for a flight that did not leave or has
    not landed. Time zone of the origin is UTC.
    """
    departure = at(scheduled) if isinstance(scheduled, str) else scheduled
    delay = changes.pop("delay", 0)
    arrival_delay = changes.pop("arrival_delay", delay)
    arrival = departure + pd.Timedelta(minutes=changes.pop("block", 120))
    flight = {
        "flight_date": departure.normalize().tz_localize(None),
        "carrier": "AA",
        "flight_number": 1,
        "tail_number": None,
        "aircraft_model": None,
        "origin": "JFK",
        "destination": "BOS",
        "distance_miles": 750.0,
        "destination_bearing_degrees": 0.0,
        "scheduled_departure": departure,
        "scheduled_departure_local": departure.tz_localize(None),
        "scheduled_arrival": arrival,
        "actual_departure": _shift(departure, delay),
        "actual_arrival": _shift(arrival, arrival_delay),
        "arrival_delay_minutes": arrival_delay,
        "air_time_minutes": 90.0,
    } | changes
    if flight["actual_arrival"] is pd.NaT:
        flight["arrival_delay_minutes"] = flight["air_time_minutes"] = None
    return flight


def make_flights(*flights: dict[str, Any]) -> pd.DataFrame:
    """The table of some flights, with ids in their order, unless they are told by all of them."""
    table = pd.DataFrame(flights)
    if "flight_id" not in table:
        table.insert(0, "flight_id", [f"flight-{row}" for row in range(len(table))])
    types: dict[str, Any] = dict.fromkeys(("tail_number", "aircraft_model"), "str")
    table = table.astype(
        types | dict.fromkeys(("arrival_delay_minutes", "air_time_minutes"), float)
    )
    for outcome in ("actual_departure", "actual_arrival"):
        table[outcome] = _to_utc(table[outcome])
    return table


def make_weather(*reports: dict[str, Any]) -> pd.DataFrame:
    """The table of some weather reports; readings not given are missing."""
    calm = {
        "origin": "JFK",
        "temperature_f": None,
        "wind_direction_degrees": None,
        "wind_speed_mph": None,
        "pressure_hpa": None,
        "visibility_miles": None,
    }
    types: dict[str, Any] = dict.fromkeys(list(calm)[1:], float)
    columns = ["observed_at", *calm]
    table = pd.DataFrame([calm | report for report in reports], columns=columns)
    return table.assign(observed_at=_to_utc(table["observed_at"])).astype(types)


def ask(flights: pd.DataFrame, lead_minutes: int = 120) -> pd.DataFrame:
    """The flights with their prediction time."""
    lead = pd.Timedelta(minutes=lead_minutes)
    return flights.assign(prediction_time=flights["scheduled_departure"] - lead)


def describe(
    asked: pd.DataFrame, known: pd.DataFrame, weather: pd.DataFrame, *more: pd.DataFrame
) -> pd.DataFrame:
    """The features of flights with a prediction time, from one layer of facts or several."""
    layers = [FlightEvents(flights, RULES) for flights in (known, *more)]
    features, _ = make_features(layers, Asked(asked), weather, PARAMETERS)
    return features


def cut(
    flights: pd.DataFrame, weather: pd.DataFrame, moment: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blank out what was not known at a moment; the schedule is known from the start."""
    left, landed = flights["actual_departure"] <= moment, flights["actual_arrival"] <= moment
    return (
        flights.assign(
            actual_departure=flights["actual_departure"].where(left),
            actual_arrival=flights["actual_arrival"].where(landed),
            arrival_delay_minutes=flights["arrival_delay_minutes"].where(landed),
            air_time_minutes=flights["air_time_minutes"].where(landed),
        ),
        weather[weather["observed_at"] + WEATHER_KNOWN_AFTER <= moment],
    )


def ask_one(
    *known: dict[str, Any], lead_minutes: int = 120, **asked: Any
) -> tuple[list[FlightEvents], Asked]:
    """The facts and a question about one flight, at noon on the tenth unless told otherwise.

    At the usual lead it is asked at 10:00.
    """
    asked = {"scheduled": "10 12:00", "delay": None} | asked
    flights = make_flights(make_flight(**asked), *known)
    return [FlightEvents(flights, RULES)], Asked(ask(flights.iloc[:1], lead_minutes))


def _shift(instant: pd.Timestamp, minutes: float | None) -> Any:
    return pd.NaT if minutes is None else instant + pd.Timedelta(minutes=minutes)


def _to_utc(instants: pd.Series) -> pd.Series:
    return pd.to_datetime(instants, utc=True).astype("datetime64[us, UTC]")
