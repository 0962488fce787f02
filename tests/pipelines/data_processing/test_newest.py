"""Of each month, and of each row of the other tables, the newest delivery counts."""

from collections.abc import Callable

import pandas as pd
import pytest

from flight_delays.pipelines.data_processing.newest import (
    choose_months,
    choose_others,
    choose_rows,
    list_deliveries,
)
from tables import make_raw_airlines, make_raw_airports, make_raw_planes, make_raw_weather

FIRST, SECOND = "20131201T000000.000000Z-aaaaaaaaaaaa", "20131202T000000.000000Z-000000000000"


def offer(table: pd.DataFrame) -> Callable[[], pd.DataFrame]:
    return lambda: table


def never() -> pd.DataFrame:
    raise AssertionError("what does not count is not read")


def test_of_each_month_the_newest_delivery_counts_whole() -> None:
    base, again, newest = (pd.DataFrame({"arr_delay": [delay]}) for delay in (1, 2, 3))
    deliveries = {
        f"{SECOND}/flights/2013-11.csv": offer(newest),
        f"{FIRST}/flights/2013-11.csv": never,
        f"{FIRST}/flights/2013-09.csv": offer(again),
        f"{SECOND}/weather.csv": never,
    }
    chosen = choose_months({"2013-11": base, "2013-10": base}, deliveries)
    assert [*chosen] == ["2013-09", "2013-10", "2013-11"]
    assert chosen["2013-09"] is again
    assert chosen["2013-10"] is base
    assert chosen["2013-11"] is newest


def test_without_deliveries_all_is_as_it_was() -> None:
    tables = [make_raw_weather({}), make_raw_planes(), make_raw_airports(), make_raw_airlines()]
    for chosen, table in zip(choose_others({}, *tables), tables, strict=True):
        assert chosen is table
    assert choose_months({"2013-01": tables[0]}, {})["2013-01"] is tables[0]
    assert list_deliveries({}) == []


def test_of_each_row_the_newest_counts_and_those_that_are_lacking_stay() -> None:
    base = make_raw_weather({"temp": 1.0}, {"temp": 1.0}, {"temp": 1.0})
    first = make_raw_weather({"temp": 2.0}, {"temp": 2.0}).drop(columns="visib")
    second = make_raw_weather({"temp": 3.0, "time_hour": "2013-01-01T06:00:00+00:00"})
    at_jfk = make_raw_weather({"temp": 4.0, "origin": "JFK"})
    deliveries = {
        f"{SECOND}/weather.csv": offer(pd.concat([second, at_jfk])),
        f"{FIRST}/weather.csv": offer(first),
    }
    chosen = choose_rows(base, deliveries, "weather")
    hours = pd.to_datetime(chosen["time_hour"], utc=True, format="ISO8601").dt.hour
    found = dict(zip(zip(chosen["origin"], hours, strict=True), chosen["temp"], strict=True))
    assert found == {("EWR", 6): 3.0, ("EWR", 7): 2.0, ("EWR", 8): 1.0, ("JFK", 6): 4.0}
    assert chosen.index.tolist() == [0, 1, 2, 3]
    assert chosen.set_index("temp")["visib"].isna().to_dict() == {
        1.0: False, 2.0: True, 3.0: False, 4.0: False,
    }  # fmt: skip


@pytest.mark.parametrize(("table", "position"), [("planes", 1), ("airports", 2), ("airlines", 3)])
def test_each_table_has_a_key(table: str, position: int) -> None:
    tables = [make_raw_weather({}), make_raw_planes(), make_raw_airports(), make_raw_airlines()]
    old = tables[position]
    name = "model" if table == "planes" else "name"
    new = old.head(1).assign(**{name: "new"})
    chosen = choose_others({f"{FIRST}/{table}.csv": offer(new)}, *tables)
    assert len(chosen[position]) == len(old)
    assert chosen[position][name].tolist() == [*old[name][1:], "new"]
    assert all(chosen[other] is tables[other] for other in range(4) if other != position)


def test_rows_can_come_where_there_was_no_table() -> None:
    absent = pd.DataFrame(columns=["tailnum"], dtype="str")
    chosen = choose_rows(absent, {f"{FIRST}/planes.csv": offer(make_raw_planes())}, "planes")
    pd.testing.assert_frame_equal(chosen, make_raw_planes())


def test_deliveries_are_listed_once_in_their_order() -> None:
    keys = (f"{SECOND}/weather.csv", f"{FIRST}/weather.csv", f"{FIRST}/flights/2013-11.csv")
    assert list_deliveries(dict.fromkeys(keys, never)) == [FIRST, SECOND]
