"""Delivered tables that break their contract are refused with a message a person can act on."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from kedro.config import OmegaConfigLoader
from kedro.io import DataCatalog, DatasetError
from kedro.validation import DataValidationError

from flight_delays.schemas import raw
from flight_delays.settings import CONFIG_LOADER_ARGS
from tables import (
    CANCELLED,
    CONF,
    find_failures,
    make_raw_airlines,
    make_raw_airports,
    make_raw_flights,
    make_raw_planes,
    make_raw_timetable,
    make_raw_weather,
)

MAKE: dict[str, Callable[[], pd.DataFrame]] = {
    "RawFlights": lambda: make_raw_flights({}, CANCELLED, {"dest": "BOS"}),
    "RawTimetable": lambda: make_raw_timetable({}, {"dest": "BOS"}),
    "RawWeather": lambda: make_raw_weather({}, {"wind_speed": 1048.36}),
    "RawPlanes": make_raw_planes,
    "RawAirports": make_raw_airports,
    "RawAirlines": make_raw_airlines,
}
SCHEDULE = {
    *("year", "month", "day", "carrier", "flight", "origin"),
    *("dest", "sched_dep_time", "sched_arr_time", "hour", "minute", "time_hour"),
}
NEEDED = {
    "RawFlights": {*SCHEDULE, "arr_delay"},
    "RawTimetable": SCHEDULE,
    "RawWeather": {"origin", "time_hour"},
    "RawPlanes": {"tailnum"},
    "RawAirports": {"faa"},
    "RawAirlines": {"carrier"},
}
CLOCK = "is a clock time, hhmm"
INSTANT = "is_instant_in_utc"
DATE = "year, month and day are a day of the calendar"
AGREES = "sched_dep_time agrees with hour and minute"
EMPTY = "the month is empty: remove the file or have it delivered again"


@pytest.mark.parametrize("model", MAKE)
def test_a_good_table_passes(model: str) -> None:
    assert find_failures(getattr(raw, model), MAKE[model]()) == set()


@pytest.mark.parametrize("model", MAKE)
def test_columns_that_nobody_reads_may_come_and_go(model: str) -> None:
    unread = {"RawPlanes": "speed"}.get(model, "remark")
    table = MAKE[model]()
    for changed in (table.assign(**{unread: "x"}), table.drop(columns=unread, errors="ignore")):
        assert find_failures(getattr(raw, model), changed) == set()


@pytest.mark.parametrize(
    ("model", "column"),
    [(model, column) for model in MAKE for column in MAKE[model]() if column != "speed"],
)
def test_only_what_identifies_schedules_or_decides_lateness_must_be_there(
    model: str, column: str
) -> None:
    failures = find_failures(getattr(raw, model), MAKE[model]().drop(columns=column))
    assert ((model, "column_in_dataframe") in failures) == (column in NEEDED[model])


@pytest.mark.parametrize("model", MAKE)
def test_nothing_in_the_other_columns_is_a_reason_to_refuse_the_table(model: str) -> None:
    table = MAKE[model]()
    rough = [column for column in table if column not in NEEDED[model]]
    for value in (None, "NIL", "", -1e9, 0):
        changed = table.astype(dict.fromkeys(rough, object)).assign(**dict.fromkeys(rough, value))
        assert find_failures(getattr(raw, model), changed) == set()


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("flight", "UA1545", "coerce_dtype('int64')"),
        ("hour", None, "not_nullable"),
        ("carrier", None, "not_nullable"),
        ("carrier", "United", "str_matches('^[A-Z0-9]{2,3}$')"),
        ("origin", "Newark", "str_matches('^[A-Z0-9]{3,4}$')"),
        ("dest", "ia", "str_matches('^[A-Z0-9]{3,4}$')"),
        ("year", 13, "greater_than_or_equal_to(1987)"),
        ("month", 13, "less_than_or_equal_to(12)"),
        ("day", 0, "greater_than_or_equal_to(1)"),
        ("hour", 25, "less_than_or_equal_to(24)"),
        ("minute", 60, "less_than_or_equal_to(59)"),
        ("flight", 0, "greater_than_or_equal_to(1)"),
        ("arr_delay", "soon", "coerce_dtype('float64')"),
        ("arr_delay", 99999, "less_than_or_equal_to(4320)"),
        ("arr_delay", -300, "greater_than_or_equal_to(-240)"),
        ("sched_dep_time", 575, CLOCK),
        ("sched_arr_time", -1, CLOCK),
        ("time_hour", "2013-01-01 05:00:00", INSTANT),
        ("time_hour", "2013-01-01T05:00:00-05:00", INSTANT),
        ("time_hour", "2013-02-30T10:00:00Z", INSTANT),
    ],
)
def test_a_bad_value_in_flights(column: str, value: Any, check: str) -> None:
    flights = make_raw_flights({}, {}).astype({column: object})
    flights.loc[1, column] = value
    assert (column, check) in find_failures(raw.RawFlights, flights)


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"month": 2, "day": 30}, DATE),
        ({"sched_dep_time": 516}, AGREES),
        ({"hour": 6}, AGREES),
        ({"flight": 1}, raw.UNIQUENESS),
    ],
)
@pytest.mark.parametrize(
    ("model", "make"),
    [(raw.RawFlights, make_raw_flights), (raw.RawTimetable, make_raw_timetable)],
)
def test_values_in_flights_that_do_not_go_together(
    model: type, make: Callable[..., pd.DataFrame], changes: dict[str, Any], check: str
) -> None:
    flights = make({}, {}, {}).astype(object)
    flights.loc[1, list(changes)] = list(changes.values())
    assert {check for _, check in find_failures(model, flights)} == {check}


def test_one_hour_of_weather_twice() -> None:
    weather = make_raw_weather({}, {"time_hour": "2013-01-01T06:00:00Z"})
    assert find_failures(raw.RawWeather, weather) == {("RawWeather", raw.UNIQUENESS)}


def test_a_month_without_flights() -> None:
    flights = make_raw_flights({}).head(0)
    assert (raw.RawFlights.__name__, EMPTY) in find_failures(raw.RawFlights, flights)


@pytest.mark.parametrize(
    ("model", "column", "value", "check"),
    [
        ("RawTimetable", "flight", "UA1545", "coerce_dtype('int64')"),
        ("RawTimetable", "sched_dep_time", 575, CLOCK),
        ("RawTimetable", "sched_arr_time", None, "not_nullable"),
        ("RawTimetable", "time_hour", "2013-01-01T05:00:00-05:00", INSTANT),
        ("RawWeather", "origin", None, "not_nullable"),
        ("RawWeather", "time_hour", "2013-01-01 06:00:00", INSTANT),
        ("RawPlanes", "tailnum", "N14228", "field_uniqueness"),
        ("RawPlanes", "tailnum", None, "not_nullable"),
        ("RawAirports", "faa", "EWR", "field_uniqueness"),
        ("RawAirlines", "carrier", "United", "str_matches('^[A-Z0-9]{2,3}$')"),
    ],
)
def test_a_bad_value_in_another_table(model: str, column: str, value: Any, check: str) -> None:
    table = MAKE[model]().astype({column: object})
    table.loc[table.index[-1], column] = value
    assert (column, check) in find_failures(getattr(raw, model), table)


class TestValidateFlightMonths:
    """All months are read; the first bad one is named, and the flights in it."""

    def test_good_months_come_out_typed_and_in_order(self) -> None:
        cancelled = make_raw_flights(CANCELLED)  # no column of it has numbers to tell its type by
        months = {"2013-02": lambda: cancelled, "2013-01": lambda: make_raw_flights({})}
        tables = raw.validate_flight_months(months)
        assert list(tables) == ["2013-01", "2013-02"]
        assert tables["2013-02"]["arr_delay"].dtype == float
        needed = [*NEEDED["RawFlights"]]
        assert (tables["2013-01"].dtypes == tables["2013-02"].dtypes)[needed].all()

    def test_a_bad_month_is_named_and_its_flights(self) -> None:
        good = make_raw_flights({})
        bad = make_raw_flights({"flight": 7}, {"flight": 7, "arr_delay": -300})
        with pytest.raises(DataValidationError) as caught:
            raw.validate_flight_months({"2013-01": lambda: good, "2013-02": lambda: bad})
        told = {each.column: each.failure_examples for each in caught.value.failures}
        assert told == {
            "2013-02.csv RawFlights": ["2013-01-01_UA_7_EWR", "2013-01-01_UA_7_EWR"],
            "2013-02.csv arr_delay": ["2013-01-01_UA_7_EWR: -300.0"],
        }


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataCatalog:
    """The catalog as delivered, in an empty folder; only the raw tables of it."""
    monkeypatch.chdir(tmp_path)
    loader = OmegaConfigLoader(
        conf_source=str(CONF.parent), **CONFIG_LOADER_ARGS | {"default_run_env": "base"}
    )
    entries = {name: entry for name, entry in loader["catalog"].items() if name.startswith("raw_")}
    return DataCatalog.from_config(entries)


class TestMessage:
    """What a user sees names the dataset, the file, the column, the check and an example."""

    def load_flights(self, catalog: DataCatalog, text: str) -> str:
        folder = Path("data/01_raw/flights")
        folder.mkdir(parents=True)
        make_raw_flights({}).to_csv(folder / "2013-01.csv", index=False)
        (folder / "2013-02.csv").write_text(text)
        with pytest.raises(DataValidationError) as caught:
            catalog.load("raw_flights")
        return str(caught.value)

    def test_of_a_bad_value(self, catalog: DataCatalog) -> None:
        bad = make_raw_flights({}, {"arr_delay": "soon"}).to_csv(index=False)
        message = self.load_flights(catalog, bad)
        assert message.startswith("Validation failed for dataset 'raw_flights' on load")
        told = "2013-02.csv arr_delay: coerce_dtype('float64') — 1 case (e.g. {}: soon)"
        assert told.format("2013-01-01_UA_2_EWR") in message

    def test_of_a_column_that_one_month_lacks(self, catalog: DataCatalog) -> None:
        lacking = make_raw_flights({}).drop(columns="arr_delay").to_csv(index=False)
        message = self.load_flights(catalog, lacking)
        told = "2013-02.csv RawFlights: column_in_dataframe — 1 case (e.g. arr_delay)"
        assert told in message

    def test_of_a_truncated_file(self, catalog: DataCatalog) -> None:
        text = make_raw_flights({}, {}).to_csv(index=False)
        message = self.load_flights(catalog, text[: text.rindex("IAH") + 3])
        told = "2013-02.csv time_hour: not_nullable — 1 case (e.g. 2013-01-01_UA_2_EWR: missing)"
        assert told in message
        assert AGREES not in message  # nothing is compared with what is missing
        assert "more check(s)" not in message

    def test_of_a_file_of_no_bytes(self, catalog: DataCatalog) -> None:
        message = self.load_flights(catalog, "")
        assert "dataset 'raw_flights'" in message
        assert "2013-02.csv" in message

    def test_of_a_month_without_rows(self, catalog: DataCatalog) -> None:
        header = make_raw_flights({}).head(0).to_csv(index=False)
        assert f"2013-02.csv RawFlights: {EMPTY}" in self.load_flights(catalog, header)

    def test_of_a_single_table(self, catalog: DataCatalog) -> None:
        Path("data/01_raw").mkdir(parents=True)
        weather = make_raw_weather({}, {"time_hour": "2013-01-01 07:00"})
        weather.to_csv("data/01_raw/weather.csv", index=False)
        with pytest.raises(DataValidationError) as caught:
            catalog.load("raw_weather")
        assert "dataset 'raw_weather' on load" in str(caught.value)
        told = "time_hour: is_instant_in_utc — 1 case (e.g. EWR 2013-01-01 07:00: 2013-01-01 07:00)"
        assert told in str(caught.value)

    @pytest.mark.parametrize("table", ["weather", "planes", "airlines", "timetable"])
    def test_a_table_that_may_be_absent_is_read_without_rows(
        self, catalog: DataCatalog, table: str
    ) -> None:
        absent = catalog.load(f"raw_{table}")
        assert set(absent) == NEEDED[f"Raw{table.title()}"]
        assert absent.empty

    def test_without_airports_nothing_is_read(self, catalog: DataCatalog) -> None:
        with pytest.raises(DatasetError, match=r"airports\.csv"):
            catalog.load("raw_airports")


def test_the_catalog_reads_what_it_wrote_as_text(catalog: DataCatalog) -> None:
    """Raw tables go in as delivered text and come out typed."""
    text = make_raw_flights({}, CANCELLED).to_csv(index=False)
    delivered = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
    catalog.save("raw_flights", {"2013-01": delivered})
    assert Path("data/01_raw/flights/2013-01.csv").read_text() == text
    loaded = catalog.load("raw_flights")["2013-01"]
    assert loaded["dep_time"].tolist()[0] == 517
    assert loaded["tailnum"].isna().tolist() == [False, True]


def test_a_tail_number_of_a_timetable_may_be_all_digits(catalog: DataCatalog) -> None:
    Path("data/01_raw").mkdir(parents=True)
    timetable = make_raw_timetable({"tailnum": "12345"}, {"tailnum": None})
    timetable.to_csv("data/01_raw/timetable.csv", index=False)
    assert catalog.load("raw_timetable")["tailnum"].fillna("").tolist() == ["12345", ""]
