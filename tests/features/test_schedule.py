"""What the timetable says about a flight that is due at noon of the tenth, asked about at 10:00."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import ask_one, at, make_flight
from flight_delays.features.schedule import make_schedule_features
from flight_delays.parameters import ScheduleFeatures

PARAMETERS = ScheduleFeatures(
    departures_before=[60],
    departures_after=[60],
    departures_until=["network", "origin", "carrier"],
    departures_same_day=["carrier_at_origin", "destination"],
    since_previous=["destination"],
)


def describe(*known: dict[str, Any], **asked: Any) -> dict[str, Any]:
    columns = make_schedule_features(*ask_one(*known, **asked), PARAMETERS)
    return {name: np.asarray(values).item() for name, values in columns.items()}


def test_the_flight_alone() -> None:
    """The tenth of March 2020 was a Tuesday; 750 miles at 7.5 a minute take 100 of 120 minutes."""
    assert describe(distance_miles=750.0, block=120) == {
        "lead_minutes": 120,
        "carrier": "AA",
        "scheduled_departure_local_minute": 720,
        "weekday": 1,
        "block_reserve_minutes": 20,
        "origin_scheduled_before_1h": 0,
        "origin_scheduled_after_1h": 0,
        "network_scheduled_until": 0,
        "origin_scheduled_until": 0,
        "carrier_scheduled_until": 0,
        "carrier_at_origin_scheduled_same_day": 1,
        "destination_scheduled_same_day": 1,
        "destination_minutes_since_previous": pytest.approx(np.nan, nan_ok=True),
    }


def test_clock_and_weekday_are_local() -> None:
    """Half past one in the night of the tenth in UTC is the evening before in New York."""
    local = pd.Timestamp("2020-03-09 21:30")
    flight = describe(scheduled="10 01:30", scheduled_departure_local=local)
    assert flight["scheduled_departure_local_minute"] == 21 * 60 + 30
    assert flight["weekday"] == 0


@pytest.mark.parametrize(
    ("column", "first", "last"),
    [
        ("origin_scheduled_before_1h", "11:00", "11:59"),
        ("origin_scheduled_after_1h", "12:01", "13:00"),
        ("origin_scheduled_until", "10:01", "11:59"),
    ],
)
def test_counts_run_from_minute_to_minute(column: str, first: str, last: str) -> None:
    """Whether a flight left or not; those of the flight's own minute are left out."""
    begin, end, minute = at(f"10 {first}"), at(f"10 {last}"), timedelta(minutes=1)
    around = [begin - minute, begin, end, end + minute]
    counts = [describe(make_flight(instant, delay=None))[column] for instant in around]
    assert counts == [0, 1, 1, 0]


def test_counts_are_of_the_entity_in_the_name() -> None:
    same = {"scheduled": "10 11:30", "delay": None}
    others = [
        make_flight(**same),
        make_flight(**same, origin="EWR"),
        make_flight(**same, origin="EWR", carrier="UA", destination="LAX"),
    ]
    counts = describe(*others)
    assert counts["network_scheduled_until"] == 3
    assert counts["carrier_scheduled_until"] == 2
    assert counts["origin_scheduled_until"] == counts["origin_scheduled_before_1h"] == 1
    assert counts["carrier_at_origin_scheduled_same_day"] == 1 + 1
    assert counts["destination_scheduled_same_day"] == 1 + 2


def test_the_day_is_the_local_date() -> None:
    date = pd.Timestamp("2020-03-10")
    others = [
        make_flight("11 02:00", flight_date=date),
        make_flight("10 02:00", flight_date=date - timedelta(days=1)),
    ]
    assert describe(*others)["destination_scheduled_same_day"] == 1 + 1


@pytest.mark.parametrize(
    ("others", "minutes"),
    [
        (["10 11:59", "10 11:00"], 1),
        (["10 12:00", "10 11:00"], 60),
        (["8 12:00", "10 12:01"], 2880),
    ],
    ids=["the minute before", "not the same minute", "days ago"],
)
def test_minutes_since_the_previous_flight(others: list[str], minutes: int) -> None:
    flights = map(make_flight, others)
    assert describe(*flights)["destination_minutes_since_previous"] == minutes
