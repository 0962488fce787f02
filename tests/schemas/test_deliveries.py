"""Delivered files are whole tables, and keep their contracts."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.schemas.deliveries import (
    check_table,
    check_whole,
    read_table,
    validate_deliveries,
)
from tables import make_raw_flights, make_raw_weather


def write(table: pd.DataFrame) -> bytes:
    return table.to_csv(index=False).encode()


def test_a_table_is_read_as_the_catalog_reads_it() -> None:
    table = read_table("flights/2013-01.csv", b"tailnum,dep_time\r\n0123,\r\n,517\r\n")
    assert table["tailnum"].tolist()[0] == "0123"
    assert table["dep_time"].tolist()[1] == 517


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "cannot be read as a table: No columns"),
        (b"\n", "cannot be read as a table: No columns"),
        (b"a,b\n1,2,3\n1,2,3,4\n", "cannot be read as a table: .*line 3"),
        (b"a\n\xff\n", "cannot be read as a table: .*utf-8"),
        (b'a\n"1\n', "cannot be read as a table: .*EOF inside string"),
    ],
    ids=["empty", "only a line break", "too many values", "not UTF-8", "open quote"],
)
def test_what_is_no_table_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(DataError, match=rf"weather\.csv {told}"):
        read_table("weather.csv", content)


def test_the_last_line_is_whole() -> None:
    for end in ("\n", "\r\n", "\r"):
        check_whole("weather.csv", f"a,b{end}1,2{end}".encode())
    for content in (b"a,b\n1,2", b""):
        with pytest.raises(DataError, match=r"weather\.csv does not end with a line break"):
            check_whole("weather.csv", content)


def test_each_table_has_its_contract() -> None:
    flights, weather = make_raw_flights({}), make_raw_weather({})
    assert check_table("flights/2013-01.csv", flights.astype({"flight": str}))["flight"][0] == 1
    assert len(check_table("weather.csv", weather)) == 1
    with pytest.raises(DataError, match=r"(?s)flights/2013-01\.csv breaks its contract.*arr_delay"):
        check_table("flights/2013-01.csv", flights.drop(columns="arr_delay"))
    with pytest.raises(DataError, match=r"(?s)airports\.csv breaks its contract.*faa"):
        check_table("airports.csv", weather)


def test_a_kept_table_is_read_and_checked_when_it_is_asked_for() -> None:
    files = {
        "2013-x/flights/2013-01.csv": lambda: write(make_raw_flights({}, {})),
        "2013-x/weather.csv": lambda: write(make_raw_weather({}).drop(columns="origin")),
    }
    tables = validate_deliveries(files)
    assert len(tables["2013-x/flights/2013-01.csv"]()) == 2
    with pytest.raises(DataError, match=r"(?s)weather\.csv breaks its contract.*origin"):
        tables["2013-x/weather.csv"]()
