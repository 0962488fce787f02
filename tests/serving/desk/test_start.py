"""A desk is opened from the catalog: where the last one ended, or for a past day."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from kedro.io import DataCatalog, MemoryDataset
from kedro_datasets.pandas import ParquetDataset

from features.flights import at, make_flight, make_flights, make_weather
from flight_delays.errors import DataError, TrackingError
from flight_delays.kedro_parts.datasets.event_store import EventStoreDataset
from flight_delays.kedro_parts.datasets.prediction_log import PredictionLogDataset
from flight_delays.parameters import InferenceParameters
from flight_delays.serving.api.app import create_app
from flight_delays.serving.desk import start
from flight_delays.serving.desk.start import open_desk, open_past_desk
from flight_delays.serving.facts.events import Cancelled
from serving.boards import AIRLINES, AIRPORTS, PLANES, make_scheduled
from serving.registries import Registry, make_contender
from tables import EVALUATION, make_target

PARAMETERS: dict[str, Any] = {
    "target": make_target(15, 60),
    "evaluation": EVALUATION,
    "inference": InferenceParameters(
        as_of=None, horizon_minutes=480, checkpoints_minutes=[30, 60, 120]
    ),
    "serving": {"champion_poll_seconds": 60},
}
FLIGHTS = make_flights(
    make_flight("10 12:00", delay=None),
    make_flight("10 12:30", delay=None),
    make_flight("10 10:20", delay=20, arrival_delay=None),
)
WEATHER = make_weather({"observed_at": at("10 08:30")}, {"observed_at": at("10 09:30")})


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path)


@pytest.fixture
def catalog(tmp_path: Path, registry: Registry) -> DataCatalog:
    return DataCatalog(
        {
            "prm_flights": MemoryDataset(FLIGHTS),
            "int_weather": MemoryDataset(WEATHER),
            "int_airports": MemoryDataset(AIRPORTS),
            "int_planes": MemoryDataset(PLANES),
            "int_airlines": MemoryDataset(AIRLINES),
            "event_store": EventStoreDataset(str(tmp_path / "events.db"), keep_days=9),
            "prediction_log": PredictionLogDataset(str(tmp_path / "log"), keep_days=9),
            **registry.entries,
        }
    )


def list_log(catalog: DataCatalog) -> list[tuple[str, str]]:
    log = catalog.load("prediction_log")
    return [(row.flight_id, f"{row.prediction_time:%H:%M}") for row in log.itertuples()]


def test_the_next_desk_makes_up_for_the_checkpoints_since_the_last_one(
    catalog: DataCatalog,
) -> None:
    open_desk(catalog, PARAMETERS).tick(at("10 09:59"))
    open_desk(catalog, PARAMETERS).tick(at("10 11:10"))
    assert list_log(catalog) == [
        ("flight-2", "09:50"),
        ("flight-0", "10:00"),
        ("flight-1", "10:30"),
        ("flight-0", "11:00"),
    ]


def test_what_was_told_to_the_last_desk_is_known_to_the_next(catalog: DataCatalog) -> None:
    open_desk(catalog, PARAMETERS).tell([Cancelled(flight_id="flight-0")])
    desk = open_desk(catalog, PARAMETERS)
    desk.tick(at("10 10:00"))
    assert list(desk.board.last.flights.index) == ["flight-1", "flight-2"]
    assert desk.version == 7


def test_what_the_last_desk_said_stands_in_the_history(
    catalog: DataCatalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "read_clock", lambda: at("10 10:30"))
    open_desk(catalog, PARAMETERS).tick(at("10 10:00"))
    desk = open_desk(catalog, PARAMETERS)
    desk.tick(at("10 10:20"))
    history = desk.board.last.get_history("flight-0")
    assert list(history["prediction_time"]) == [at("10 10:00"), at("10 10:20")]
    monkeypatch.setattr(start, "read_clock", lambda: at("12 10:30"))
    assert open_desk(catalog, PARAMETERS).board._history.empty


@pytest.mark.parametrize("is_replayed", [False, True], ids=["now", "a past day"])
def test_without_the_registry_the_version_that_was_kept_answers(
    catalog: DataCatalog, registry: Registry, tmp_path: Path, is_replayed: bool
) -> None:
    registry.is_up = False
    registry.kept.save(make_contender(7))
    desk = (
        open_past_desk(catalog, PARAMETERS, at("10 10:00"), 60, tmp_path)[0]
        if is_replayed
        else open_desk(catalog, PARAMETERS)
    )
    desk.tick(at("10 10:00"))
    assert desk.version == 7
    assert desk.describe()["tracking"] == "unreachable"
    registry.is_up, registry.champion = True, 8
    assert desk._champion
    desk._champion.look()
    desk.tick(at("10 10:01"))
    assert desk.version == 8
    assert desk.describe()["tracking"] == "reachable"


def test_without_the_registry_and_a_version_that_was_kept_there_is_no_desk(
    catalog: DataCatalog, registry: Registry
) -> None:
    registry.is_up = False
    with pytest.raises(TrackingError, match="The model registry cannot be asked"):
        open_desk(catalog, PARAMETERS)


@pytest.mark.parametrize("name", ["prm_flights", "int_weather"])
def test_a_damaged_table_is_told_by_its_name_and_what_makes_it(
    catalog: DataCatalog, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "table.parquet"
    FLIGHTS.to_parquet(file)
    file.write_bytes(file.read_bytes()[:-100])
    catalog[name] = ParquetDataset(filepath=str(file))
    with pytest.raises(DataError) as error:
        open_desk(catalog, PARAMETERS)
    told = str(error.value)
    assert told.startswith(f"The table {name} cannot be read (")
    assert told.endswith("): `kedro run --pipeline=data_processing` makes it anew.")
    assert "\n" not in told


def test_a_timetable_that_was_told_is_known_to_the_next_desk(catalog: DataCatalog) -> None:
    new = make_scheduled("10 11:00", tail_number="N7")
    open_desk(catalog, PARAMETERS).tell([new])
    desk = open_desk(catalog, PARAMETERS)
    desk.tick(at("10 10:00"))
    assert new.flight_id in desk.board.last.flights.index
    assert desk.board.last.features.loc[new.flight_id, "aircraft_model"] == "737-824"


def test_a_desk_knows_what_airports_and_airlines_are_called(
    catalog: DataCatalog, tmp_path: Path
) -> None:
    past, _ = open_past_desk(catalog, PARAMETERS, at("10 10:00"), 60, tmp_path)
    for desk in (open_desk(catalog, PARAMETERS), past):
        assert desk.names.airports["LAX"] == "LAX"
        assert desk.names.airlines == {"AA": "American", "UA": "United"}
        assert desk.names.time_zones["EWR"] == "UTC"


def test_the_clock_is_that_of_the_world(catalog: DataCatalog) -> None:
    age = pd.Timestamp.now("UTC") - open_desk(catalog, PARAMETERS).clock()
    assert abs(age) < pd.Timedelta(minutes=1)


def test_a_past_day_goes_by_as_it_did_then_and_leaves_nothing_behind(
    catalog: DataCatalog, tmp_path: Path
) -> None:
    """At ten nobody knows that the flight of 10:20 will leave at 10:40."""
    as_of = at("10 10:00") + pd.Timedelta(seconds=30)
    desk, player = open_past_desk(catalog, PARAMETERS, as_of, 60, tmp_path / "scratch")
    player.connect(TestClient(create_app(desk, None)))

    def play_until(minute: pd.Timestamp) -> None:
        while desk.clock() < minute:
            player.play_minute()
        desk.tick(desk.clock())

    play_until(at("10 10:00"))
    assert sorted(desk.board.last.flights.index) == ["flight-0", "flight-1", "flight-2"]
    assert len(desk.board._facts.get_weather()) == 1
    play_until(at("10 10:39"))
    assert desk.board.last.flights["state"].to_dict() == {
        "flight-2": "waiting",
        "flight-0": "asked",
        "flight-1": "asked",
    }
    player.play_minute()
    assert desk.describe()["last_tick_age_seconds"] == 1  # at 60 minutes in one
    play_until(at("10 10:40"))
    assert list(desk.board.last.flights.index) == ["flight-0", "flight-1"]
    assert len(desk.board._facts.get_weather()) == 2
    assert not (tmp_path / "events.db").exists()
    assert not (tmp_path / "log").exists()
