"""Values that cannot be true become missing, and are counted; too many of them stop the run."""

from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.pipelines.data_processing.findings import report_data_quality, tabulate
from flight_delays.pipelines.data_processing.plausibility import drop_implausible, list_gaps
from flight_delays.schemas import raw as schemas
from flight_delays.schemas.raw import RawFlights, RawPlanes, RawWeather
from flight_delays.schemas.reporting import DataQuality
from tables import make_parameters, make_raw_flights, make_raw_planes, make_raw_weather

ANY_SHARE = make_parameters(max_implausible_share=1)


def put(column: str, *values: Any) -> pd.DataFrame:
    """Weather of ten hours whose first ones have these values in a column."""
    weather = make_raw_weather(*[{}] * 10).astype({column: object})
    weather.loc[range(len(values)), column] = list(values)
    return weather


@pytest.mark.parametrize(
    ("model", "column", "lowest", "highest"),
    [
        (RawFlights, "dep_time", 0, 2400),
        (RawFlights, "dep_delay", -120, 4320),
        (RawFlights, "arr_time", 0, 2400),
        (RawFlights, "air_time", 1, 1440),
        (RawFlights, "distance", 1, 12500),
        (schemas.RawTimetable, "distance", 1, 12500),
        (RawWeather, "year", 1987, 2100),
        (RawWeather, "month", 1, 12),
        (RawWeather, "day", 1, 31),
        (RawWeather, "hour", 0, 24),
        (RawWeather, "temp", -80, 140),
        (RawWeather, "dewp", -100, 100),
        (RawWeather, "humid", 0, 110),
        (RawWeather, "wind_dir", 0, 360),
        (RawWeather, "wind_speed", 0, 253),
        (RawWeather, "wind_gust", 0, 253),
        (RawWeather, "precip", 0, 20),
        (RawWeather, "pressure", 850, 1100),
        (RawWeather, "visib", 0, 100),
        (RawPlanes, "year", 1903, 2100),
        (RawPlanes, "engines", 1, 8),
        (RawPlanes, "seats", 1, 900),
        (schemas.RawAirports, "lat", -90, 90),
        (schemas.RawAirports, "lon", -180, 180),
    ],
)
def test_the_ends_of_a_range_are_believed_and_what_is_beyond_is_not(
    model: type[schemas.RoughTable], column: str, lowest: float, highest: float
) -> None:
    values = [lowest, highest, lowest - 1.5, highest + 1, float("inf"), None]
    delivered = pd.DataFrame({column: values}, dtype=float)
    table, found = drop_implausible(delivered, model, ANY_SHARE)
    assert table[column].notna().tolist() == [True, True, False, False, False, False]
    assert sum(row.values for row in found if row.column == column) == 3


@pytest.mark.parametrize(
    ("value", "rule"),
    [(1260, "is a clock time, hhmm"), ("noon", "is a number"), ("1e9", "is a clock time, hhmm")],
)
def test_what_is_no_clock_time(value: Any, rule: str) -> None:
    flights = make_raw_flights({}, {}).astype({"arr_time": object})
    flights.loc[1, "arr_time"] = value
    table, (finding,) = drop_implausible(flights, RawFlights, ANY_SHARE)
    assert table["arr_time"].fillna(-1).tolist() == [830, -1]
    assert finding == ("flights", "arr_time", rule, 1, 0.5, "2013-01-01_UA_2_EWR")


def test_a_time_zone_that_nobody_knows_is_missing() -> None:
    airports = pd.DataFrame({"faa": ["EWR", "IAH"], "tzone": ["America/New_York", "Eastern"]})
    table, found = drop_implausible(airports, schemas.RawAirports, ANY_SHARE)
    assert table["tzone"].isna().tolist() == [False, True]
    assert ("airports", "tzone", "is an IANA time zone", 1, 0.5, "IAH") in found


def test_numbers_written_as_text_are_read() -> None:
    table, found = drop_implausible(put("temp", "39.5", "NIL", None), RawWeather, ANY_SHARE)
    assert table["temp"].head(3).fillna(-1).tolist() == [39.5, -1, -1]
    assert table["temp"].dtype == float
    of_temp = [row[:4] for row in found if row.column == "temp"]
    assert of_temp == [("weather", "temp", "is a number", 1)]


def test_each_rule_names_its_first_three_rows_and_its_share_of_what_is_there() -> None:
    weather = put("pressure", 1, 2, 3, 4, "x", None, None)
    table, found = drop_implausible(weather, RawWeather, ANY_SHARE)
    hours = ", ".join(f"EWR 2013-01-01T{hour:02}:00:00Z" for hour in (6, 7, 8))
    assert [row for row in found if row.column == "pressure"] == [
        ("weather", "pressure", "is a number", 1, 1 / 8, "EWR 2013-01-01T10:00:00Z"),
        ("weather", "pressure", "in_range(850, 1100)", 4, 4 / 8, hours),
    ]
    assert table["pressure"].notna().sum() == 3


def test_a_zero_year_or_number_of_seats_is_missing_whatever_their_share() -> None:
    planes = make_raw_planes().assign(year=0, seats=0, tailnum=["N1", "N2"])
    table, found = drop_implausible(planes, RawPlanes, make_parameters())
    assert table[["year", "seats"]].isna().all(axis=None)
    assert found == [
        ("planes", "year", "is not zero", 2, 1, "N1, N2"),
        ("planes", "seats", "is not zero", 2, 1, "N1, N2"),
    ]


def test_zeros_that_stand_for_missing_values_are_not_among_those_that_are_there() -> None:
    planes = pd.concat([make_raw_planes()] * 3, ignore_index=True).assign(seats=[0, 0, 0, 0, 9, -1])
    _, found = drop_implausible(planes, RawPlanes, ANY_SHARE)
    shares = {row.rule: row.share for row in found if row.column == "seats"}
    assert shares == {"is not zero": 4 / 6, "in_range(1, 900)": 1 / 2}


def test_a_column_that_is_not_delivered_is_missing_and_told() -> None:
    planes = make_raw_planes().drop(columns=["seats", "model"])
    table, found = drop_implausible(planes, RawPlanes, make_parameters())
    assert table[["seats", "model"]].isna().all(axis=None)
    assert table.dtypes[["seats", "model"]].astype(str).tolist() == ["float64", "str"]
    assert found == [
        ("planes", "model", "the column is delivered", 2, 1, ""),
        ("planes", "seats", "the column is delivered", 2, 1, ""),
    ]


def test_a_column_that_some_months_lack_is_told_with_its_rows_and_the_first_files() -> None:
    whole, lacking = make_raw_flights({}, {}), make_raw_flights({}).drop(columns="air_time")
    months = {"2013-01": whole, **{f"2013-0{month}": lacking for month in (2, 3, 4, 5)}}
    assert list_gaps(months, RawFlights) == [
        (
            *("flights", "air_time", "the column is delivered", 4, 4 / 6),
            "2013-02.csv, 2013-03.csv, 2013-04.csv",
        )
    ]


def test_a_column_that_all_months_lack_is_no_gap_between_them() -> None:
    lacking = make_raw_flights({}).drop(columns="air_time")
    assert list_gaps({"2013-01": lacking, "2013-02": lacking}, RawFlights) == []


def test_a_table_that_is_not_delivered_is_told_once() -> None:
    table, found = drop_implausible(make_raw_planes().head(0), RawPlanes, make_parameters())
    assert table.empty
    assert found == [("planes", "all", "the table is delivered", 0, 1, "")]


def test_a_column_that_is_delivered_empty_is_nothing_to_tell() -> None:
    weather = make_raw_weather({}, {}).assign(temp=None, wind_dir=float("nan"))
    table, found = drop_implausible(weather, RawWeather, make_parameters())
    assert table["temp"].dtype == float
    assert not {"temp", "wind_dir"} & {row.column for row in found}


def test_the_share_that_is_allowed_is_allowed() -> None:
    parameters = make_parameters(max_implausible_share=0.2)
    table, _ = drop_implausible(put("dewp", 999, "x"), RawWeather, parameters)
    assert table["dewp"].isna().sum() == 2


def test_more_than_the_share_that_is_allowed_stops_the_run() -> None:
    parameters = make_parameters(max_implausible_share=0.19)
    with pytest.raises(DataError) as error:
        drop_implausible(put("dewp", 999, "x"), RawWeather, parameters)
    assert str(error.value) == (
        "In the table weather, 20 % of dewp cannot be true (is a number: not so "
        "EWR 2013-01-01T07:00:00Z; in_range(-100, 100): not so EWR 2013-01-01T06:00:00Z), more than"
        " the parameter data_processing.max_implausible_share allows (19 %): if the column has "
        "another unit or is shifted, mend it in the delivered table or take it out there."
    )


def test_what_must_be_right_and_what_nobody_reads_is_left_alone() -> None:
    weather = put("visib", 1000).assign(remark="x")
    before = weather.copy(deep=True)
    table, _ = drop_implausible(weather, RawWeather, ANY_SHARE)
    unchanged = ["origin", "time_hour", "remark"]
    pd.testing.assert_frame_equal(table[unchanged], before[unchanged])
    pd.testing.assert_frame_equal(weather, before)


def test_the_report_holds_logs_and_counts_what_was_found(caplog: pytest.LogCaptureFixture) -> None:
    planes = make_raw_planes().assign(year=[0, 3000])
    _, of_planes = drop_implausible(planes, RawPlanes, ANY_SHARE)
    _, of_weather = drop_implausible(make_raw_weather({}).head(0), RawWeather, ANY_SHARE)
    with caplog.at_level("INFO", logger="flight_delays"):
        quality, numbers = report_data_quality(tabulate(of_planes), tabulate(of_weather))
    DataQuality.validate(quality)
    assert caplog.messages == [
        'planes.year breaks "is not zero": 1 (N14228)',
        'planes.year breaks "in_range(1903, 2100)": 1 (N24211)',
        'weather.all breaks "the table is delivered": 0',
    ]
    values = {name: metric["value"] for name, metric in numbers.items()}
    assert values == {"planes.year": 2, "weather.all": 0, "all": 2}


def test_where_nothing_is_wrong_the_report_is_empty() -> None:
    quality, numbers = report_data_quality(tabulate([]))
    DataQuality.validate(quality)
    assert quality.empty
    assert numbers == {"all": {"value": 0, "step": 0}}
