"""What is wrong is told with the key of its row."""

from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from kedro.validation import DataValidationError, PanderaValidator
from pandera.typing import Series

from flight_delays.schemas.contract import Table
from flight_delays.schemas.primary import PrmFlights
from flight_delays.schemas.raw import RawFlights, RawPlanes
from tables import make_prm_flights, make_raw_flights, make_raw_planes


class Readings(Table):
    place: Series[str] = pa.Field(str_startswith="P")
    hour: Series[int]
    low: Series[float] = pa.Field(ge=0)
    high: Series[float] = pa.Field(nullable=True)

    class Config:
        coerce = True
        unique = ("place", "hour")

    @pa.dataframe_check(name="low is below high")
    def _low_is_below_high(cls, readings: pd.DataFrame) -> pd.Series:  # noqa: N805
        return readings["low"] < readings["high"].fillna(9)


GOOD = pd.DataFrame({"place": ["P", "P", "PP"], "hour": [6, 7, 7], "low": 1.0, "high": [2.0] * 3})


def tell(model: type[Table], table: pd.DataFrame) -> dict[str | None, list[Any]]:
    """The examples that are given of the failures of each check."""
    with pytest.raises(DataValidationError) as caught:
        PanderaValidator(model).validate(table)
    return {failure.check: failure.failure_examples for failure in caught.value.failures}


def test_a_good_table_passes() -> None:
    pd.testing.assert_frame_equal(Readings.validate(GOOD), GOOD)


@pytest.mark.parametrize(
    ("column", "value", "check", "told"),
    [
        ("low", -1.0, "greater_than_or_equal_to(0)", "P 7: -1.0"),
        ("low", None, "not_nullable", "P 7: missing"),
        ("low", 2.0, "low is below high", "P 7"),
        ("place", "Q", "str_startswith('P')", "Q 7: Q"),
        ("place", None, "not_nullable", "? 7: missing"),
    ],
)
def test_a_value_is_told_with_its_key(column: str, value: Any, check: str, told: str) -> None:
    table = GOOD.astype({"place": object})
    table.loc[1, column] = value
    assert tell(Readings, table)[check] == [told]


def test_rows_of_the_same_key_are_told_once_each() -> None:
    told = tell(Readings, GOOD.assign(place="P"))
    assert told == {"multiple_fields_uniqueness": ["P 7", "P 7"]}


def test_rows_are_named_also_where_labels_repeat_and_begin_anywhere() -> None:
    bad = pd.concat([GOOD, GOOD.assign(hour=9)]).assign(low=-1.0).set_axis([5, 6, 7, 5, 6, 7])
    told = tell(Readings, bad.drop(columns="high"))
    assert told["greater_than_or_equal_to(0)"][:3] == ["P 6: -1.0", "P 7: -1.0", "PP 7: -1.0"]


def test_a_table_without_its_key_is_told_too() -> None:
    told = tell(Readings, GOOD.drop(columns=["place", "hour"]).assign(low=-1.0))
    assert told["column_in_dataframe"] == ["place", "hour"]


def test_flights_are_named_by_their_id_in_every_layer() -> None:
    raw = make_raw_flights({}, {"arr_delay": -300})
    facts = make_prm_flights({}, {})
    facts.loc[1, "scheduled_block_minutes"] = 1000.0
    (early,), (long,) = tell(RawFlights, raw).values(), tell(PrmFlights, facts).values()
    assert early == ["2013-01-01_UA_2_EWR: -300.0"]
    assert long == ["2013-01-01_UA_2_EWR: 1000.0"]


def test_a_flight_is_named_by_what_is_known_of_it() -> None:
    raw = make_raw_flights({"carrier": None}, {}).drop(columns="flight")
    raw.loc[1, "month"] = 13
    assert RawFlights.name_rows(raw).tolist() == ["2013-01-01_?_EWR", "?_UA_EWR"]


def test_a_table_with_one_key_column_is_named_by_it() -> None:
    twice = pd.concat([make_raw_planes()[:1]] * 2, ignore_index=True)
    assert tell(RawPlanes, twice) == {"field_uniqueness": ["N14228: N14228"] * 2}
