"""Whatever stands in the columns that may be wrong: the tables are typed, and it is told."""

from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from flight_delays.pipelines.data_processing import nodes
from flight_delays.schemas import intermediate, primary, raw
from tables import (
    CANCELLED,
    make_parameters,
    make_raw_airlines,
    make_raw_airports,
    make_raw_flights,
    make_raw_planes,
    make_raw_timetable,
    make_raw_weather,
    make_target,
)

PARAMETERS = make_parameters(max_implausible_share=1)
TARGET = make_target(15)
LOCAL = {"year": 2013, "month": 1, "day": 1, "hour": [1, 2, 3]}
TABLES: dict[str, tuple[type[raw.RoughTable], pd.DataFrame]] = {
    "airports": (raw.RawAirports, make_raw_airports()),
    "flights": (raw.RawFlights, make_raw_flights({}, {"arr_delay": 20}, {}, CANCELLED)),
    "timetable": (raw.RawTimetable, make_raw_timetable(*[{"month": 2}] * 3)),
    "weather": (raw.RawWeather, make_raw_weather({}, {}, {}).assign(**LOCAL)),
    "planes": (raw.RawPlanes, make_raw_planes().drop(columns="speed")),
    "airlines": (raw.RawAirlines, make_raw_airlines()),
}
ROUGH = [
    (table, column)
    for table, (model, rows) in TABLES.items()
    for column in rows
    if column in model.list_rough_columns() and column != "tzone"  # flights need it
]
SCHEDULE = ["flight_id", "origin", "destination", "scheduled_departure", "scheduled_arrival"]
VALUES = st.sampled_from([None, "", "NIL", "2013", 0, 1, -17, 1e9, float("inf"), 3282.8])
ROUGHNESS = st.dictionaries(
    st.sampled_from(ROUGH), st.none() | st.lists(VALUES, min_size=7, max_size=7), max_size=12
)


def roughen(roughness: dict[tuple[str, str], list[Any] | None]) -> dict[str, pd.DataFrame]:
    """The tables with columns taken out, or with these values in every other row."""
    tables = {table: rows for table, (_, rows) in TABLES.items()}
    for (table, column), values in roughness.items():
        rows = tables[table]
        if values is None:
            tables[table] = rows.drop(columns=column)
        else:
            changed = [
                value if row % 2 else old
                for row, (old, value) in enumerate(zip(rows[column], values, strict=False))
            ]
            tables[table] = rows.assign(**{column: pd.Series(changed, dtype=object)})
    return {table: TABLES[table][0].validate(rows) for table, rows in tables.items()}


def process(tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, ...]:
    airports, _ = nodes.type_airports(tables["airports"], PARAMETERS)
    months = {"2013-01": tables["flights"]}
    flights, _ = nodes.type_flights(months, tables["timetable"], airports, PARAMETERS)
    weather, told = nodes.type_weather(tables["weather"], airports, PARAMETERS)
    planes, _ = nodes.type_planes(tables["planes"], PARAMETERS)
    airlines, _ = nodes.type_airlines(tables["airlines"], PARAMETERS)
    intermediate.IntFlights.validate(flights)
    intermediate.IntPlanes.validate(planes)
    facts = nodes.build_flights(flights, airports, airlines, planes, TARGET)
    return primary.PrmFlights.validate(facts), intermediate.IntWeather.validate(weather), told


FACTS, _, _ = process(roughen({}))


@settings(max_examples=15, deadline=None)
@given(ROUGHNESS)
def test_any_roughness(roughness: dict[tuple[str, str], list[Any] | None]) -> None:
    tables = roughen(roughness)
    facts, weather, told = process(tables)
    pd.testing.assert_frame_equal(facts[SCHEDULE], FACTS[SCHEDULE])
    # An outcome is the one that was delivered, or there is none.
    late = facts["is_late"].dropna()
    assert (late == FACTS["is_late"][late.index]).all()
    # Every reading that was there and is no more is told.
    for column, name in nodes.WEATHER.items():
        if column in tables["weather"]:
            lost = weather[name].isna().sum() - tables["weather"][column].isna().sum()
            assert told.loc[told["column"] == column, "values"].sum() == lost
