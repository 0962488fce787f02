"""One row of facts per flight, in UTC, in the order that time allows."""

from typing import Any

import pandas as pd
import pytest

from flight_delays.schemas.primary import PrmFlights
from tables import CANCELLED, find_failures, make_prm_flights

DIVERTED = {"arr_time": None, "arr_delay": None, "air_time": None}
LANDS = "a flight lands after it left"


@pytest.fixture
def flights() -> pd.DataFrame:
    return make_prm_flights({}, CANCELLED, DIVERTED)


def test_a_good_table_passes(flights: pd.DataFrame) -> None:
    assert find_failures(PrmFlights, flights) == set()


def test_what_is_not_known_may_be_missing_in_every_flight(flights: pd.DataFrame) -> None:
    cancelled = flights[1:2].assign(carrier_name=None)
    assert find_failures(PrmFlights, cancelled.astype({"carrier_name": "str"})) == set()


def test_a_column_too_many_or_too_few_is_noticed(flights: pd.DataFrame) -> None:
    name = PrmFlights.__name__
    assert find_failures(PrmFlights, flights.assign(x=1)) == {(name, "column_in_schema")}
    assert (name, "column_in_dataframe") in find_failures(PrmFlights, flights.iloc[:, 1:])


def test_a_flight_twice_is_noticed(flights: pd.DataFrame) -> None:
    twice = pd.concat([flights, flights[:1]])
    assert find_failures(PrmFlights, twice) == {("flight_id", "field_uniqueness")}


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("distance_miles", 0.0, "greater_than(0)"),
        ("destination_bearing_degrees", 360.0, "less_than(360)"),
        ("scheduled_block_minutes", 0.0, "greater_than(0)"),
        ("scheduled_block_minutes", 1000.0, "less_than(1000)"),
        ("scheduled_arrival", pd.NaT, "not_nullable"),
        ("origin", None, "not_nullable"),
    ],
)
def test_a_bad_value(flights: pd.DataFrame, column: str, value: Any, check: str) -> None:
    flights.loc[0, column] = value
    assert (column, check) in find_failures(PrmFlights, flights)


@pytest.mark.parametrize(
    "column", ["scheduled_departure", "scheduled_arrival", "actual_departure", "actual_arrival"]
)
def test_an_instant_in_another_time_zone(flights: pd.DataFrame, column: str) -> None:
    flights[column] = flights[column].dt.tz_convert("America/New_York")
    assert find_failures(PrmFlights, flights) == {(column, "dtype('datetime64[us, UTC]')")}


def test_the_target_is_a_nullable_boolean(flights: pd.DataFrame) -> None:
    failures = find_failures(PrmFlights, flights.astype({"is_late": "Float64"}))
    assert failures == {("is_late", "dtype('boolean')")}


@pytest.mark.parametrize("minutes", [0, -1])
def test_no_flight_lands_before_it_left(flights: pd.DataFrame, minutes: int) -> None:
    left = flights.loc[0, "actual_departure"]
    flights.loc[0, "actual_arrival"] = left + pd.Timedelta(minutes=minutes)
    assert find_failures(PrmFlights, flights) == {("PrmFlights", LANDS)}
