"""A past day as the events that it was made of.

They are not validated once more: the tables have been held against their contracts.
"""

from collections import defaultdict
from typing import Any

import pandas as pd

from flight_delays.serving.facts.events import Departed, Landed, Reported, Scheduled, Told
from flight_delays.serving.facts.timetable import TimetableFlight


def list_timetable(flights: pd.DataFrame) -> list[Scheduled]:
    """List the timetable of flights (`SCHEDULE`), which is known from the start."""
    told = flights[[*TimetableFlight.model_fields]]
    told = told.assign(flight_date=told["flight_date"].dt.date)
    return [
        Scheduled.model_construct(**{name: _know(value) for name, value in flight.items()})
        for flight in _list_rows(told)
    ]


def list_events(
    flights: pd.DataFrame, weather: pd.DataFrame, known_after_minutes: int
) -> dict[pd.Timestamp, list[Told]]:
    """List what became known of flights and weather, by the minute when it did.

    Args:
        flights: Facts of flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        known_after_minutes: From a report's label until it is known.

    Returns:
        Events by minute in UTC, in order of time.
    """
    events: dict[pd.Timestamp, list[Told]] = defaultdict(list)
    for flight in _list_rows(flights):
        flight_id, left, landed = (
            flight[name] for name in ("flight_id", "actual_departure", "actual_arrival")
        )
        if not pd.isna(left):
            events[left.ceil("min")].append(Departed.model_construct(flight_id=flight_id, at=left))
        if not pd.isna(landed):
            landing = Landed.model_construct(
                flight_id=flight_id,
                at=landed,
                diverted=bool(pd.isna(flight["arrival_delay_minutes"])),
                arrival_delay_minutes=_know(flight["arrival_delay_minutes"]),
                air_time_minutes=_know(flight["air_time_minutes"]),
            )
            events[landed.ceil("min")].append(landing)
    for report in _list_rows(weather):
        origin, observed_at = report.pop("origin"), report.pop("observed_at")
        known = observed_at + pd.Timedelta(minutes=known_after_minutes)
        events[known].append(
            Reported.model_construct(
                origin=origin,
                observed_at=observed_at,
                readings={name: _know(value) for name, value in report.items()},
            )
        )
    return dict(sorted(events.items()))


def _know(value: Any) -> Any:
    return None if pd.isna(value) else value


def _list_rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict("records")
