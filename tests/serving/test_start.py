"""A desk is opened from the catalog: where the last one ended, or for a past day."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from kedro.io import DataCatalog, MemoryDataset

from features.flights import at, make_flight, make_flights, make_weather
from flight_delays.kedro_parts.datasets.event_store import EventStoreDataset
from flight_delays.kedro_parts.datasets.prediction_log import PredictionLogDataset
from flight_delays.parameters import InferenceParameters
from flight_delays.registry.versions import Contender, Version
from flight_delays.serving import start
from flight_delays.serving.events import Cancelled
from flight_delays.serving.start import open_desk, open_replayed_desk
from serving.boards import AIRLINES, AIRPORTS, PLANES, make_scheduled, make_served_model
from tables import EVALUATION, make_target

SERVED = make_served_model()
CARRIED = {
    "feature_definition": SERVED.definition.model_dump(mode="json"),
    "feature_groups": SERVED.groups,
    "ordinary_flights": {"lead_from_minutes": [30.0]},
}
PARAMETERS: dict[str, Any] = {
    "target": make_target(15, 60),
    "evaluation": EVALUATION,
    "inference": InferenceParameters(
        as_of=None, horizon_minutes=480, checkpoints_minutes=[30, 60, 120]
    ),
}
FLIGHTS = make_flights(
    make_flight("10 12:00", delay=None),
    make_flight("10 12:30", delay=None),
    make_flight("10 10:20", delay=20, arrival_delay=None),
)
WEATHER = make_weather({"observed_at": at("10 08:30")}, {"observed_at": at("10 09:30")})


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    version = Version(7, "run", {"judged_thresholds": "15 60"}, "")
    contender = Contender(version, SERVED.model, CARRIED)
    return DataCatalog(
        {
            "prm_flights": MemoryDataset(FLIGHTS),
            "int_weather": MemoryDataset(WEATHER),
            "int_airports": MemoryDataset(AIRPORTS),
            "int_planes": MemoryDataset(PLANES),
            "int_airlines": MemoryDataset(AIRLINES),
            "served_version": MemoryDataset(contender, copy_mode="assign"),
            "event_store": EventStoreDataset(str(tmp_path / "events.db")),
            "prediction_log": PredictionLogDataset(str(tmp_path / "log"), keep_days=9),
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


def test_a_timetable_that_was_told_is_known_to_the_next_desk(catalog: DataCatalog) -> None:
    new = make_scheduled("10 11:00", tail_number="N7")
    open_desk(catalog, PARAMETERS).tell([new])
    desk = open_desk(catalog, PARAMETERS)
    desk.tick(at("10 10:00"))
    assert new.flight_id in desk.board.last.flights.index
    assert desk.board.last.features.loc[new.flight_id, "aircraft_model"] == "737-824"


def test_the_clock_is_that_of_the_world(catalog: DataCatalog) -> None:
    age = pd.Timestamp.now("UTC") - open_desk(catalog, PARAMETERS).clock()
    assert abs(age) < pd.Timedelta(minutes=1)


def test_a_past_day_goes_by_as_it_did_then_and_leaves_nothing_behind(
    catalog: DataCatalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At ten nobody knows that the flight of 10:20 will leave at 10:40. A minute is a second."""
    monkeypatch.setattr(start, "monotonic", lambda: seconds)
    seconds = 100.0
    as_of = at("10 10:00") + pd.Timedelta(seconds=30)
    desk = open_replayed_desk(catalog, PARAMETERS, as_of, 60, tmp_path / "scratch")
    assert desk.clock() == at("10 10:00")
    desk.tick(desk.clock())
    assert sorted(desk.board.last.flights.index) == ["flight-0", "flight-1", "flight-2"]
    assert len(desk.board._facts.get_weather()) == 1
    seconds = 139.0
    desk.tick(desk.clock())
    assert desk.board.last.flights["state"].to_dict() == {
        "flight-2": "waiting",
        "flight-0": "asked",
        "flight-1": "asked",
    }
    seconds = 140.0
    desk.tick(desk.clock())
    assert list(desk.board.last.flights.index) == ["flight-0", "flight-1"]
    assert len(desk.board._facts.get_weather()) == 2
    assert not (tmp_path / "events.db").exists()
    assert not (tmp_path / "log").exists()
