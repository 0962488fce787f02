"""A delivery is kept as it is, recognised, or refused with a word on what is wrong."""

import logging
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.lineage.provenance import digest_files
from flight_delays.parameters import DataCollectionParameters
from flight_delays.pipelines.data_collection.nodes import accept_delivery
from tables import (
    make_parameters,
    make_raw_airlines,
    make_raw_airports,
    make_raw_flights,
    make_raw_planes,
    make_raw_weather,
    read_parameters,
)

PROCESSING = make_parameters()
MONTH = "flights/2013-01.csv"
ID = "20130201T000000.000000Z-aaaaaaaaaaaa"
Tables = dict[str, pd.DataFrame | bytes]


def load(tables: Tables) -> dict[str, Callable[[], bytes]]:
    contents = {
        name: table if isinstance(table, bytes) else table.to_csv(index=False).encode()
        for name, table in tables.items()
    }
    return {name: lambda content=content: content for name, content in contents.items()}


def accept(
    delivery: Tables,
    kept: Tables | None = None,
    folder: str | None = "new/january",
    **options: Any,
) -> dict[str, bytes]:
    parameters = read_parameters("data_collection") | {"delivery": folder} | options
    return accept_delivery(
        load(delivery),
        load(kept or {}),
        make_raw_airports(),
        DataCollectionParameters(**parameters),
        PROCESSING,
    )


def refuse(delivery: Tables, kept: Tables | None = None, **options: Any) -> str:
    with pytest.raises(DataError) as error:
        accept(delivery, kept, **options)
    message = str(error.value)
    assert message.startswith("The delivery new/january is refused, and nothing of it is kept: ")
    return message


def flights(*changes: dict[str, Any]) -> pd.DataFrame:
    return make_raw_flights(*(changes or ({}, {}, {})))


def test_without_a_delivery_there_is_nothing_to_keep() -> None:
    assert accept({MONTH: b"?"}, folder=None) == {}


def test_all_tables_are_kept_to_the_byte() -> None:
    tables: Tables = {
        MONTH: flights().to_csv(index=False, lineterminator="\r\n").encode(),
        "weather.csv": make_raw_weather({}),
        "planes.csv": make_raw_planes(),
        "airports.csv": make_raw_airports(),
        "airlines.csv": make_raw_airlines(),
    }
    assert accept(tables) == {name: content() for name, content in load(tables).items()}


def test_the_same_files_again_are_recognised_whatever_came_between(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    short = {MONTH: flights({})}
    digest = digest_files({name: content() for name, content in load(short).items()})
    first = f"20130201T000000.000000Z-{digest}"
    kept = {
        f"deliveries/{first}/{MONTH}": flights({}),
        "deliveries/20130202T000000.000000Z-bbbbbbbbbbbb/" + MONTH: flights(),
    }
    assert accept(short, kept) == {}
    assert caplog.messages == [
        f"These files were delivered before, as {first}: nothing has been changed"
    ]


@pytest.mark.parametrize(
    ("delivery", "told"),
    [
        ({}, "no files are there"),
        ({"flights/2013-1.csv": b""}, "no table is called flights/2013-1.csv"),
        ({MONTH: flights(), f"{MONTH}.part": b""}, f"no table is called {MONTH}.part"),
        ({"timetable.csv": b""}, "no table is called timetable.csv"),
        ({MONTH: b"year,month\n2013"}, f"{MONTH} does not end with a line break"),
        ({MONTH: flights().head(0)}, f"{MONTH} has no rows"),
        ({"weather.csv": make_raw_weather({}).head(0)}, "weather.csv has no rows"),
        ({MONTH: flights().drop(columns="arr_delay")}, f"{MONTH} breaks its contract"),
        (
            {MONTH: flights({}, {"month": 2, "day": 3})},
            f"{MONTH}: 1 flights are not of 2013-01 (2013-02-03_UA_2_EWR)",
        ),
        ({MONTH: flights({"dest": "QQQ"})}, f"{MONTH}: Flights use airports that have no row"),
        ({MONTH: flights({"distance": 140000})}, f"{MONTH}: In the table flights, 100 % of dist"),
        (
            {"weather.csv": make_raw_weather({"pressure": 29.9})},
            "weather.csv: In the table weather",
        ),
        (
            {"weather.csv": make_raw_weather({}, {"time_hour": "2013-01-01T06:00:00+00:00"})},
            "weather.csv: ",
        ),
        ({"planes.csv": make_raw_planes().assign(engines=99)}, "planes.csv: In the table planes"),
        ({"airlines.csv": make_raw_airlines().drop(columns="carrier")}, "airlines.csv breaks"),
    ],
)
def test_what_is_wrong_is_named(delivery: Tables, told: str) -> None:
    assert told in refuse(delivery)


def test_one_bad_table_refuses_all() -> None:
    bad = make_raw_weather({"pressure": 29.9})
    assert "weather.csv" in refuse({MONTH: flights(), "weather.csv": bad})


def test_an_airport_may_come_with_the_flights_or_before_them() -> None:
    there = {MONTH: flights({"dest": "QQQ"})}
    airports = make_raw_airports()
    new = airports.tail(1).assign(faa="QQQ")
    assert accept({**there, "airports.csv": new})
    assert accept(there, {f"deliveries/{ID}/airports.csv": new})


def test_a_month_that_lacks_flights_is_refused_unless_it_is_meant() -> None:
    half = {MONTH: flights({}, {"arr_delay": 99})}
    message = refuse(half, {MONTH: flights({}, {}, {}, {})})
    assert f"{MONTH} lacks 2 of the 4 flights that {MONTH} has" in message
    assert "(2013-01-01_UA_3_EWR, 2013-01-01_UA_4_EWR)" in message
    assert "data_collection.may_lack_flights=true" in message
    assert accept(half, {MONTH: flights({}, {}, {}, {})}, may_lack_flights=True)


def test_a_month_is_held_against_the_newest_that_there_is() -> None:
    later = "deliveries/20130202T000000.000000Z-000000000000/" + MONTH
    kept = {later: flights({}, {}), f"deliveries/{ID}/{MONTH}": flights(), MONTH: flights({})}
    assert accept({MONTH: flights({"arr_delay": 5}, {})}, kept)
    assert f"lacks 1 of the 2 flights that {later} has" in refuse({MONTH: flights({})}, kept)


def test_an_older_file_that_ends_without_a_line_break_is_whole_and_a_damaged_one_is_named() -> None:
    older = flights().to_csv(index=False).rstrip().encode()
    assert accept({MONTH: flights()}, {MONTH: older})
    message = refuse({MONTH: flights()}, {MONTH: older.replace(b"arr_delay", b"delay")})
    assert f"data/01_raw/{MONTH} breaks its contract" in message


def test_of_other_tables_rows_may_be_lacking() -> None:
    kept = {"weather.csv": make_raw_weather({}, {}), f"deliveries/{ID}/weather.csv": b"?"}
    assert accept({"weather.csv": make_raw_weather({"temp": 1.0})}, kept)


def test_what_is_new_and_what_is_not_read_is_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    table = flights({"arr_delay": 12}, {"arr_delay": None}, {}, {}).assign(gate="A1")
    table = table.drop(columns="distance")
    kept = {MONTH: flights({}, {"arr_delay": None}, {"arr_delay": None})}
    assert accept({MONTH: table}, kept)
    assert caplog.messages == [
        f"{MONTH}: no contract names gate: kept, and not read",
        'flights.distance breaks "the column is delivered": 4',
        f"{MONTH}: 4 flights, 1 of them new; arr_delay of 2 differs from that in {MONTH}",
    ]
