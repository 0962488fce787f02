"""What Prometheus reads is what was asked and what the board says, in series of bounded number."""

from pathlib import Path

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from features.flights import at, make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.desk.desk import Desk
from serving.boards import make_board
from serving.desk.test_desk import NOW, Clock, open_desk


def read(client: TestClient, **headers: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Read the series by name and the values of their labels, in the order of the labels' names."""
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(text for _, text in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_route_method_and_status(asking: TestClient) -> None:
    for path in ("/flights/flight-0", "/flights/flight-1", "/flights/none", "/a", "/b"):
        asking.get(path)
    asking.post("/events", json={})
    asking.request("BREW", "/flights")
    told = read(asking).items()
    assert {labels: value for (name, labels), value in told if name == "http_requests_total"} == {
        ("GET", "/flights/{flight_id}", "200"): 2,
        ("GET", "/flights/{flight_id}", "404"): 1,
        ("GET", "none", "404"): 2,
        ("POST", "/events", "422"): 1,
        ("other", "/flights", "405"): 1,
    }


def test_their_time_is_taken_by_route(asking: TestClient) -> None:
    asking.get("/flights/flight-0")
    asking.get("/flights/flight-1")
    told, name = read(asking), "http_request_duration_seconds"
    assert told[f"{name}_count", ("/flights/{flight_id}",)] == 2
    assert 0 < told[f"{name}_sum", ("/flights/{flight_id}",)] < 60
    assert told[f"{name}_bucket", ("+Inf", "/flights/{flight_id}")] == 2


def test_one_that_fails_is_counted(asking: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(LiveBoard, "last", property(lambda _: 1 / 0))
        asking.get("/flights")
    assert read(asking)["http_requests_total", ("GET", "/flights", "500")] == 1


def test_answers_are_told_by_decision_and_probability(asking: TestClient, still_desk: Desk) -> None:
    """Three flights from JFK have a tenth; one from EWR has nothing; the fifth waits."""
    told = read(asking)
    assert told["flight_delays_open_flights", ("asked",)] == 4
    assert told["flight_delays_open_flights", ("waiting",)] == 1
    assert told["flight_delays_answers", ("true", "15")] == 0
    assert told["flight_delays_answers", ("false", "15")] == 4
    assert told["flight_delays_probability_bucket", ("0.1", "15")] == 4
    assert told["flight_delays_probability_gsum", ("60",)] == pytest.approx(0.15)
    assert told["flight_delays_version", ()] == still_desk.version


def test_alerts_are_told_and_every_probability_is_in_its_bucket(tmp_path: Path) -> None:
    """Four flights wait at JFK, so the others have four tenths, and two of an hour's delay."""
    waiting = [make_flight(f"10 09:{minute}", delay=None) for minute in (10, 20, 30, 40)]
    board = make_board(*waiting, make_flight("10 12:00", delay=None))
    desk = open_desk(tmp_path, board=board)
    desk.tick(NOW)
    told = read(TestClient(create_app(desk, None)))
    assert told["flight_delays_answers", ("true", "15")] == 1
    assert told["flight_delays_probability_bucket", ("0.3", "15")] == 0
    assert told["flight_delays_probability_bucket", ("0.4", "15")] == 1
    assert told["flight_delays_probability_gcount", ("15",)] == 1


def test_ticks_and_events_are_counted(client: TestClient, desk: Desk) -> None:
    departed = {"kind": "departed", "flight_id": "flight-0", "at": "2020-03-10T10:00:00Z"}
    for _ in range(3):
        client.post("/events", json={"events": [departed]})
    desk.tick(at("10 10:01"))
    told = read(client)
    assert told["flight_delays_events_total", ("true",)] == 1
    assert told["flight_delays_events_total", ("false",)] == 2
    assert told["flight_delays_tick_seconds_count", ()] == 2
    assert (
        0 < told["flight_delays_last_tick_seconds", ()] < told["flight_delays_tick_seconds_sum", ()]
    )
    assert told["flight_delays_failed_ticks_total", ()] == 0


def test_ages_are_told(tmp_path: Path, clock: Clock) -> None:
    desk = open_desk(tmp_path, clock)
    desk.tick(NOW)
    clock.now = NOW + pd.Timedelta(seconds=90)
    told = read(TestClient(create_app(desk, None)))
    assert told["flight_delays_last_tick_age_seconds", ()] == 90
    assert not any(name == "flight_delays_facts_age_seconds" for name, _ in told)
    left = {"kind": "departed", "flight_id": "flight-0", "at": "2020-03-10T10:00:30Z"}
    report = {
        "kind": "reported",
        "origin": "JFK",
        "observed_at": "2020-03-10T09:00:00Z",
        "readings": {"visibility_miles": 1},
    }
    client = TestClient(create_app(desk, None))
    assert client.post("/events", json={"events": [left, report]}).status_code == 200
    desk.tick(at("10 10:01"))
    told = read(client)
    assert told["flight_delays_facts_age_seconds", ("flights",)] == 60
    assert told["flight_delays_facts_age_seconds", ("weather",)] == 3690


def test_each_service_counts_for_itself_and_a_key_is_needed(
    still_desk: Desk, tmp_path: Path
) -> None:
    keys = ApiKeys(tmp_path / "keys.json")
    client, other = (
        TestClient(create_app(still_desk, keys)),
        TestClient(create_app(still_desk, None)),
    )
    assert client.get("/metrics").status_code == 401
    assert client.get("/health").status_code == 200
    told = read(client, **{"X-API-Key": keys.create("prometheus", "read")})
    assert told["http_requests_total", ("GET", "/health", "200")] == 1
    assert ("http_requests_total", ("GET", "/health", "200")) not in read(other)
