"""Nothing is about New York: other tables of the same shape run without a change of code.

The flights of two fortnights are moved to three airports in the Pacific time zone, four years later
and between, with other carriers; half of the weather's columns are empty, a month is absent, and
another lacks a column. The tables are rough, as those in circulation are, and there is none of
airlines.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from projects import Project

pytestmark = pytest.mark.slow

ORIGINS = {"EWR": "SEA", "JFK": "PDX", "LGA": "SFO"}
SWAPPED = ORIGINS | {value: key for key, value in ORIGINS.items()}
ZONE = "America/Los_Angeles"
PARAMETERS = """
data_collection: {source: own}
data_processing:
  extra_airports:
    XYZ: {name: Somewhere, latitude: 1, longitude: 2, time_zone: Asia/Kolkata}
feature_engineering:
  leads: {evaluated_minutes: [60, 120]}
  splits:
    train: {start: "2017-01-01", end: "2017-01-14"}
    validation: {start: "2017-04-01", end: "2017-04-07"}
    test: {start: "2017-04-08", end: "2017-04-14"}
training:
  classifier: {max_iter: 20}
  ablations: []
evaluation: {block_days: 3, bootstrap_resamples: 20, importance_questions: 100}
"""
MONTHS = {1: 1, 2: 4}  # January stays, February becomes April: two months are absent between


def move_flights(sample: Project, folder: Path) -> None:
    """Write the sample's flights as another airport would have delivered them."""
    facts = pd.read_parquet(sample.path / "data/03_primary/flights.parquet")
    airports = pd.read_parquet(sample.path / "data/02_intermediate/airports.parquet")
    zones = airports.set_index("airport")["time_zone"]
    raw = pd.concat(map(pd.read_csv, sorted((sample.path / "data/01_raw/flights").glob("*.csv"))))
    raw = raw[raw["day"] <= 14].merge(
        facts.assign(
            year=facts["flight_date"].dt.year,
            month=facts["flight_date"].dt.month,
            day=facts["flight_date"].dt.day,
        ),
        left_on=["year", "month", "day", "carrier", "flight", "origin"],
        right_on=["year", "month", "day", "carrier", "flight_number", "origin"],
    )
    raw["year"], raw["month"] = 2017, raw["month"].map(MONTHS)
    hour = pd.to_timedelta(raw["hour"], unit="h")
    local = pd.to_datetime(raw[["year", "month", "day"]]) + hour
    instant = local.dt.tz_localize(ZONE).dt.tz_convert("UTC")
    block = pd.to_timedelta(raw["minute"] + raw["scheduled_block_minutes"], unit="min")
    raw["origin"], raw["dest"] = raw["origin"].map(ORIGINS), raw["dest"].replace(SWAPPED)
    raw["dest"] = raw["dest"].replace({"BQN": "XYZ", "PSE": "XYZ", "SJU": "XYZ", "STT": "XYZ"})
    zone = raw["dest"].map(zones).fillna("Asia/Kolkata")
    arrival = [when.tz_convert(there) for when, there in zip(instant + block, zone, strict=True)]
    raw["sched_arr_time"] = [when.hour * 100 + when.minute for when in arrival]
    raw["carrier"] = "X" + raw["carrier"].str[0]
    raw["flight"] += 3000 * raw["carrier_name"].rank(method="dense").astype(int)
    raw["time_hour"] = instant.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    # These left their gates, came back and were cancelled.
    returned = raw.index[raw["dep_time"].isna()][:4]
    raw.loc[returned, "dep_time"] = raw.loc[returned, "sched_dep_time"]
    raw = raw.astype({"air_time": object})
    raw.loc[raw.index[0], "air_time"] = "unknown"
    columns = pd.read_csv(sample.path / "data/01_raw/flights/2013-01.csv", nrows=0).columns
    for month, flights in raw.groupby("month"):
        delivered = columns if month == 1 else columns.drop("dep_time")
        flights[delivered].to_csv(folder / f"flights/2017-{month:02}.csv", index=False)


def move_weather(sample: Project, folder: Path) -> None:
    """Write the sample's weather as another airport would have delivered it."""
    weather = pd.read_csv(sample.path / "data/01_raw/weather.csv").query("month in (1, 4)")
    empty = dict.fromkeys(["temp", "humid", "pressure"], None)
    moved = weather.assign(origin=weather["origin"].map(ORIGINS), year=2017, **empty)
    moved = moved.drop(columns=["wind_gust", "precip"]).reset_index(drop=True)
    times = pd.to_datetime(moved["time_hour"]) + pd.DateOffset(years=4)
    moved["time_hour"] = times.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    moved["hour"] = times.dt.hour  # in UTC
    moved.loc[7, "dewp"] = 3282.8
    moved.to_csv(folder / "weather.csv", index=False)


@pytest.fixture(scope="module")
def other(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A clone with the other airport's tables and parameters."""
    project = Project.clone(tmp_path_factory.mktemp("other"))
    folder = project.path / "data/01_raw"
    (folder / "flights").mkdir(parents=True)
    move_flights(sample, folder)
    move_weather(sample, folder)
    planes = pd.read_csv(sample.path / "data/01_raw/planes.csv").drop(columns="seats")
    planes["year"] = planes["year"].where(planes.index != 0, 0)
    planes.to_csv(folder / "planes.csv", index=False)
    airports = pd.read_csv(sample.path / "data/01_raw/airports.csv")
    airports.to_csv(folder / "airports.csv", index=False)
    (project.path / "conf/test/parameters.yml").write_text(PARAMETERS)
    return project


def test_another_airport_runs(other: Project) -> None:
    raw = other.digest("01_raw/**/*.csv")
    done = other.kedro("run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert other.digest("01_raw/**/*.csv") == raw
    slices = pd.read_csv(other.path / "data/08_reporting/slice_metrics.csv")
    origins = slices[slices["slice"] == "origin"]
    assert set(origins["value"]) == set(ORIGINS.values())
    assert not (other.path / "data/01_raw/airlines.csv").exists()
    metrics = json.loads((other.path / "data/08_reporting/test_metrics.json").read_text())
    assert metrics["roc_auc"] > 0.6


def test_what_was_set_to_missing_is_told(other: Project) -> None:
    quality = pd.read_csv(other.path / "data/08_reporting/data_quality.csv")
    found = quality.set_index(["table", "column", "rule"])["values"].to_dict()
    hours = found.pop(("weather", "time_hour", "is year, month, day and hour at the origin"))
    rows = len(pd.read_csv(other.path / "data/01_raw/weather.csv"))
    april = len(pd.read_csv(other.path / "data/01_raw/flights/2017-04.csv"))
    assert hours == rows
    assert {(table, column): n for (table, column, _), n in found.items()} == {
        ("flights", "air_time"): 1,
        ("flights", "dep_time"): april,
        ("flights", "outcome"): 4,
        ("weather", "dewp"): 1,
        ("weather", "wind_gust"): rows,
        ("weather", "precip"): rows,
        ("planes", "year"): 1,
        ("planes", "seats"): 3322,
        ("airlines", "all"): 0,
    }
    card = (other.path / "data/08_reporting/model_card.md").read_text()
    assert "| weather | dewp | in_range(-100, 100) | 1 |" in card
    assert f"| flights | dep_time | the column is delivered | {april:,} |" in card
    assert "| 2017-04.csv |" in card
