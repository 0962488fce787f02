"""Typed tables: no column unnoticed, one row per key, instants in UTC, clocks within the day."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from flight_delays.pipelines.data_processing import nodes
from flight_delays.schemas import intermediate
from tables import (
    CANCELLED,
    find_failures,
    make_int_airports,
    make_int_flights,
    make_int_weather,
    make_parameters,
    make_raw_airlines,
    make_raw_planes,
)

MAKE: dict[str, Callable[[], pd.DataFrame]] = {
    "IntFlights": lambda: make_int_flights({}, CANCELLED),
    "IntWeather": lambda: make_int_weather({}, {}),
    "IntPlanes": lambda: nodes.type_planes(make_raw_planes(), make_parameters())[0],
    "IntAirports": make_int_airports,
    "IntAirlines": lambda: nodes.type_airlines(make_raw_airlines(), make_parameters())[0],
}


@pytest.mark.parametrize("model", MAKE)
def test_a_good_table_passes(model: str) -> None:
    assert find_failures(getattr(intermediate, model), MAKE[model]()) == set()


@pytest.mark.parametrize("model", MAKE)
def test_a_column_too_many_or_too_few_is_noticed(model: str) -> None:
    table, schema = MAKE[model](), getattr(intermediate, model)
    assert find_failures(schema, table.assign(x=1)) == {(model, "column_in_schema")}
    assert (model, "column_in_dataframe") in find_failures(schema, table.iloc[:, 1:])


@pytest.mark.parametrize("model", MAKE)
def test_a_row_twice_is_noticed(model: str) -> None:
    twice = pd.concat([MAKE[model]()] * 2, ignore_index=True)
    checks = {check for _, check in find_failures(getattr(intermediate, model), twice)}
    assert checks & {"field_uniqueness", "multiple_fields_uniqueness"}


@pytest.mark.parametrize(
    ("model", "column", "value", "check"),
    [
        ("IntFlights", "scheduled_arrival", pd.NaT, "not_nullable"),
        ("IntFlights", "distance_miles", 0.0, "greater_than(0)"),
        ("IntFlights", "air_time_minutes", 0.0, "greater_than(0)"),
        ("IntFlights", "scheduled_departure", pd.NaT, "not_nullable"),
        ("IntFlights", "destination", None, "not_nullable"),
        ("IntWeather", "wind_direction_degrees", 361.0, "less_than_or_equal_to(360)"),
        ("IntWeather", "wind_speed_mph", -1.0, "greater_than_or_equal_to(0)"),
        ("IntWeather", "observed_at", pd.NaT, "not_nullable"),
        ("IntPlanes", "tail_number", None, "not_nullable"),
        ("IntPlanes", "seats", 0.0, "greater_than(0)"),
        ("IntAirports", "latitude", 90.5, "less_than_or_equal_to(90)"),
        ("IntAirports", "longitude", 181.0, "less_than_or_equal_to(180)"),
        ("IntAirlines", "carrier", None, "not_nullable"),
    ],
)
def test_a_bad_value(model: str, column: str, value: Any, check: str) -> None:
    table = MAKE[model]()
    table.loc[0, column] = value
    assert (column, check) in find_failures(getattr(intermediate, model), table)


@pytest.mark.parametrize("zone", ["America/New_York", None])
@pytest.mark.parametrize(
    ("model", "column"), [("IntFlights", "scheduled_departure"), ("IntWeather", "observed_at")]
)
def test_an_instant_in_another_time_zone_or_none(model: str, column: str, zone: str | None) -> None:
    table = MAKE[model]()
    table[column] = table[column].dt.tz_convert(zone)
    failures = find_failures(getattr(intermediate, model), table)
    assert failures == {(column, "dtype('datetime64[us, UTC]')")}


def test_a_local_time_has_no_time_zone() -> None:
    flights = make_int_flights({})
    flights["scheduled_departure_local"] = flights["scheduled_departure"]
    ((column, _),) = find_failures(intermediate.IntFlights, flights)
    assert column == "scheduled_departure_local"
