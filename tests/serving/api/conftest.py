"""A desk on hand-made flights, and a client that asks it without a key."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from features.flights import make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.log.prediction_log import PredictionLog
from serving.boards import make_board
from serving.desk.test_desk import NOW, Clock

FLIGHTS = [
    make_flight("10 12:00", delay=None),
    make_flight("10 13:00", delay=None, origin="EWR", carrier="UA"),
    make_flight("10 11:00", delay=None, destination="LAX"),
    make_flight("10 09:30", delay=None),
    make_flight("10 14:00", delay=None),
]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Desk:
    """The desk after its first tick: flight-3 waits, of the others all but flight-1 are at JFK."""
    return open_desk(tmp_path, clock)


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """Asks without a key, where none is needed."""
    return TestClient(create_app(desk, None))


@pytest.fixture(scope="session")
def still_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Such a desk for tests that tell it nothing: to make one takes longer than they do."""
    return open_desk(tmp_path_factory.mktemp("desk"), Clock())


@pytest.fixture
def asking(still_desk: Desk) -> TestClient:
    """Asks it without a key."""
    return TestClient(create_app(still_desk, None))


def open_desk(folder: Path, clock: Clock) -> Desk:
    store, log = (
        EventStore(folder / "events.db", keep_days=9),
        PredictionLog(folder / "log", keep_days=9),
    )
    desk = Desk(make_board(*FLIGHTS), store, log, clock)
    desk.tick(NOW)
    return desk
