"""Features in words. A new statistic gets its phrase here."""

import calendar
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pandas as pd

from flight_delays.features.entities import ENTITIES

WHOSE = {
    "network": "",
    "origin": " from {origin}",
    "carrier": " of {carrier}",
    "destination": " to {destination}",
    "sector": " towards {destination}",
    "sector_at_origin": " from {origin} towards {destination}",
    "sector_haul": " as far, towards {destination}",
    "carrier_at_origin": " of {carrier} from {origin}",
    "carrier_at_origin_hour": " of {carrier} from {origin} at this hour",
    "carrier_on_route": " of {carrier} from {origin} to {destination}",
    "carrier_on_route_hour": " of {carrier} from {origin} to {destination} at this hour",
    "flight_at_origin": " with this number from {origin}",
}

STATISTICS = {
    # schedule
    "scheduled_before": "{flights}{whose} scheduled in the {window} before it",
    "scheduled_after": "{flights}{whose} scheduled in the {window} after it",
    "scheduled_until": "{flights}{whose} scheduled until it leaves",
    "scheduled_same_day": "{flights}{whose} scheduled that day",
    "minutes_since_previous": "{number} minutes after the flight before{whose}",
    # traffic
    "departures_delay_mean": "departures{whose} {late} on average in the last {window}",
    "departures_late_share": "{percent} of departures{whose} late in the last {window}",
    "departures_early_share": "{percent} of departures{whose} early in the last {window}",
    "scheduled_late_share": "{percent} of flights{whose} due in the last {window} late",
    "landings_delay_mean": "landings{whose} {late} on average in the last {window}",
    "landings_added_delay_mean": "flights{whose} {gained} on the way in the last {window}",
    "landings_taxi_mean": "{number} minutes on the ground{whose} in the last {window}",
    "delay_with_waiting_mean": "flights{whose}, gone or waiting, {late} in the last {window}",
    "delay_accrued": "{number} minutes waited by flights{whose} in the last {window}",
    "delay_accrued_change": "flights{whose} waited {signed} minutes against {span} before",
    # backlog
    "waiting": "{flights}{whose} waiting past schedule",
    "waiting_change": "{more}{whose} waiting than {span} ago",
    "waiting_per_scheduled": "{precise} flights{whose} waiting per flight of the last {window}",
    "deficit": "{more}{whose} due than gone in the last {window}",
    "departed_per_scheduled": "{percent} of the flights{whose} due in the last {window} gone",
    "queue_excess": "{more}{whose} to leave before it than the last {window} allows",
    "queue_use": "{percent} of what the last {window} allows to leave{whose} before it",
    "airborne": "{flights}{whose} in the air",
    "overdue": "{flights}{whose} in the air past schedule",
    "overdue_share": "{percent} of the flights{whose} in the air past schedule",
    # history
    "landings_delay": "flights{whose} {late} on average in the last {window}",
    "landings_late": "{percent} of flights{whose} late in the last {window}",
    "landings_added_delay": "flights{whose} {gained} on the way in the last {window}",
    "days_delay": "flights{whose} {signed} minutes against others of the days, over {span}",
    "days_late": "flights{whose} late {points} often than others of the days, over {span}",
}
"""By what the name of a column says after the entity."""

READINGS = {
    "temperature_f": "temperature {number} °F {where}",
    "dew_point_f": "dew point {number} °F {where}",
    "humidity_percent": "humidity {number} % {where}",
    "wind_direction_degrees": "wind from {number}° {where}",
    "wind_speed_mph": "wind {number} mph {where}",
    "wind_gust_mph": "gusts {number} mph {where}",
    "precipitation_inches": "rain {precise} inches {where}",
    "pressure_hpa": "pressure {number} hPa {where}",
    "visibility_miles": "visibility {precise} miles {where}",
}
READ = {
    "": "",
    "_mean": " on average of the last {window}",
    "_change": " in the last {window}",
    "_minimum": " at the lowest",
}
"""A reading, and how it is taken."""

COLUMNS = {
    "lead_minutes": "{number} minutes to go",
    "carrier": "flown by {value}",
    "scheduled_departure_local_minute": "due to leave at {clock}",
    "weekday": "on a {weekday}",
    "block_reserve_minutes": "{number} minutes of its schedule for more than the cruise",
    "aircraft_model": "its aircraft is of model {value}",
    "aircraft_hours_since_departure": "its aircraft left here {number} hours before",
    "aircraft_inbound_slack_minutes": "its aircraft can be back {spare} it is due to leave",
    "aircraft_rotation_slack_minutes": "its aircraft is expected ready {spare} it is due to leave",
    "aircraft_rotation_shortfall_minutes": "its aircraft is ready {number} minutes too late",
    "aircraft_previous_delay_minutes": "its aircraft {late} on the flight before",
    "aircraft_previous_landing_delay_minutes": "its aircraft lands {late} from the flight before",
}

UNITS = {"m": "minute", "h": "hour", "d": "day"}
_longest_first = sorted(ENTITIES, key=len, reverse=True)
NAME = re.compile(
    rf"(?P<entity>{'|'.join(_longest_first)})_(?P<statistic>.+?)(_(?P<size>\d+)(?P<unit>[mhd]))?"
)


def has_words(column: str) -> bool:
    """Tell whether a feature can be put in words."""
    return _find_phrase(column) is not None


def put_in_words(column: str, value: Any, flight: Mapping[Any, Any]) -> str | None:
    """Put a feature of a flight in words.

    Args:
        column: The feature.
        value: What it is.
        flight: `origin`, `destination` and `carrier` at least.

    Returns:
        The words, None where the value is missing or there are none.
    """
    phrase = _find_phrase(column)
    if phrase is None or pd.isna(value):
        return None
    return phrase.format_map({**flight, "value": value, **_write_number(value)})


@cache
def _find_phrase(column: str) -> str | None:
    found = NAME.fullmatch(column)
    if column in COLUMNS or found is None:
        return COLUMNS.get(column)
    entity, statistic, size, unit = found.group("entity", "statistic", "size", "unit")
    span = _count(int(size), UNITS[unit]) if size else ""
    words = {
        "{whose}": WHOSE[entity],
        "{where}": "over all airports" if entity == "network" else "at {origin}",
        "{span}": span,
        "{window}": span.removeprefix("1 "),
    }
    phrase = STATISTICS.get(statistic) or _find_reading(statistic)
    for field, text in words.items():
        phrase = phrase and phrase.replace(field, text)
    return phrase


def _find_reading(statistic: str) -> str | None:
    for reading, text in READINGS.items():
        how = statistic.removeprefix(reading)
        if statistic.startswith(reading) and how in READ:
            if how == "_change":
                text = re.sub("{(number|precise)}", "{signed}", text)
            return text + READ[how]
    return None


def _write_number(value: Any) -> dict[str, str]:
    """Write a number in every way that a phrase may ask for."""
    if isinstance(value, str):
        return {}
    whole = round(float(value))
    minutes = _count(abs(whole), "minute")
    return {
        "number": f"{whole}",
        "precise": f"{value:.1f}",
        "signed": f"{value:+.1f}" if abs(value) < 10 and value != whole else f"{whole:+d}",
        "percent": f"{value:.0%}".replace("%", " %"),
        "points": f"{abs(value):.0%} {'more' if value > 0 else 'less'}".replace("%", " points"),
        "flights": _count(whole, "flight"),
        "more": f"{abs(whole)} {'more' if whole > 0 else 'fewer'} flights",
        "gained": f"{'lost' if whole > 0 else 'gained'} {minutes}",
        "late": "on time" if not whole else f"{minutes} {'late' if whole > 0 else 'early'}",
        "spare": f"{minutes} {'before' if whole > 0 else 'after'}" if whole else "when",
        "clock": f"{whole // 60 % 24:02d}:{whole % 60:02d}",
        "weekday": calendar.day_name[whole % 7],
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
