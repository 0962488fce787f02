"""What the API gives and takes, from whom, and how it refuses."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from features.flights import at
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.api.refusals import MAX_BODY_BYTES
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore, StoreFullError
from serving.desk.test_desk import NOW, Clock

DEPARTED = {"kind": "departed", "flight_id": "flight-0", "at": "2020-03-10T10:00:00Z"}


def list_ids(response: Any) -> list[int]:
    assert response.status_code == 200, response.text
    return [int(flight["flight_id"][7:]) for flight in response.json()["flights"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [3, 2, 0, 1, 4]),
        ("?origin=EWR", [1]),
        ("?carrier=UA&origin=JFK", []),
        ("?destination=LAX", [2]),
        ("?due_from=2020-03-10T12:00:00Z", [0, 1, 4]),
        ("?due_until=2020-03-10T08:00:00-04:00", [3, 2, 0]),
        ("?min_probability=0.1", [2, 0, 4]),
        ("?min_probability=0.11", []),
        ("?limit=2", [3, 2]),
        ("?limit=2&offset=2", [0, 1]),
        ("?offset=9", []),
    ],
)
def test_flights_are_filtered_and_paged(
    client: TestClient, query: str, expected: list[int]
) -> None:
    """One flight waits at JFK, so each of there has a tenth, and that of EWR none."""
    response = client.get(f"/flights{query}")
    assert list_ids(response) == expected
    if "limit" in query:
        assert response.json()["total"] == 5


def test_a_flight_has_its_answer_and_the_reasons(client: TestClient) -> None:
    told = client.get("/flights/flight-0", params={"reasons": True}).json()
    explanation, (point,) = told.pop("explanation"), told.pop("history")
    assert told == {
        "flight_id": "flight-0",
        "origin": "JFK",
        "destination": "BOS",
        "carrier": "AA",
        "scheduled_departure": "2020-03-10T12:00:00Z",
        "state": "asked",
        "waited_minutes": None,
        "answer": {
            "prediction_time": "2020-03-10T10:00:00Z",
            "lead_minutes": 120,
            "age_minutes": 0,
            "lateness": [
                {"minutes": 15, "probability": 0.1, "alert": False},
                {"minutes": 60, "probability": 0.05, "alert": False},
            ],
            "version": 7,
            "condition": "if the flight operates",
        },
    }
    probabilities = {"15": 0.1, "60": 0.05}
    assert point == {"prediction_time": "2020-03-10T10:00:00Z", "probabilities": probabilities}
    parts = explanation["contributions"]
    assert sum(parts.values()) + explanation["ordinary_probability"] == pytest.approx(0.1)
    assert parts["backlog"] == pytest.approx(0.1)
    assert explanation["reasons"][0] == "+0.10 1 flight from JFK waiting past schedule"


def test_one_that_waits_has_no_answer(client: TestClient) -> None:
    told = client.get("/flights/flight-3?reasons=true").json()
    assert (told["state"], told["waited_minutes"]) == ("waiting", 30)
    assert (told["answer"], told["explanation"]) == (None, None)


def test_events_count_from_the_next_tick_and_are_counted(client: TestClient, desk: Desk) -> None:
    body = {"events": [DEPARTED, {"kind": "cancelled", "flight_id": "flight-1"}]}
    assert client.post("/events", json=body).json()["new"] == 2
    assert client.post("/events", json=body).json()["known"] == 2
    assert client.get("/flights/flight-0").status_code == 200
    desk.tick(at("10 10:01"))
    assert list_ids(client.get("/flights")) == [3, 2, 4]
    gone = client.get("/flights/flight-0")
    assert (gone.status_code, gone.json()["detail"][:26]) == (404, "No such flight is open: it")


@pytest.mark.parametrize(
    "query",
    [
        *("?limit=0", "?limit=501", "?offset=-1", "?min_probability=2", "?due_from=noon"),
        *("?due_from=1386000000", "?due_until=0.5", "?due_from=2020-03-10T12:00:00"),
    ],
)
def test_a_wrong_question_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/flights{query}").status_code == 422


@pytest.mark.parametrize(
    "body", ['{"events": "secret"}', '{"events": NaN}', '{"\\ud800": 1}', '{"events": ["\\ud800']
)
def test_a_refusal_does_not_repeat_what_was_sent(client: TestClient, body: str) -> None:
    """It may be large, and these cannot even be written as JSON again."""
    headers = {"Content-Type": "application/json"}
    response = client.post("/events", content=body, headers=headers)
    assert response.status_code == 422
    assert {*response.json()["detail"][0]} == {"loc", "msg", "type"}
    assert "secret" not in response.text


def test_no_events_or_too_many_or_too_large_a_body_are_refused(client: TestClient) -> None:
    assert client.post("/events", json={"events": []}).status_code == 422
    assert client.post("/events", json={"events": [DEPARTED] * 5001}).status_code == 422
    assert client.post("/events", content=b" " * (MAX_BODY_BYTES + 1)).status_code == 413
    pieces = [b" " * 2**20] * 4  # nobody says how long it will be
    assert client.post("/events", content=iter([*pieces, b" "])).status_code == 413


def test_where_nothing_can_be_kept_it_says_so_without_a_path(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> list[bool]:
        raise StoreFullError("The event store /secret/events.db takes nothing")

    monkeypatch.setattr(EventStore, "append", refuse)
    response = client.post("/events", json={"events": [DEPARTED]})
    assert response.status_code == 507
    assert "secret" not in response.text


def test_keys_open_what_they_are_for(desk: Desk, tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path / "keys.json")
    client = TestClient(create_app(desk, keys))
    reads, writes = keys.create("page", "read"), keys.create("desk", "write")

    def ask(key: str | None) -> list[int]:
        headers = {"X-API-Key": key} if key is not None else {}
        return [
            client.get("/flights", headers=headers).status_code,
            client.get("/flights/flight-0", headers=headers).status_code,
            client.post("/events", json={"events": [DEPARTED]}, headers=headers).status_code,
        ]

    assert ask(None) == ask("") == ask("guess") == [401] * 3
    assert ask(reads) == [200, 200, 403]
    assert ask(writes) == [200] * 3
    keys.revoke("desk")
    assert ask(writes) == [401] * 3
    assert client.get("/health").status_code == client.get("/ready").status_code == 200


def test_readiness_tells_how_old_the_answers_are(
    client: TestClient, clock: Clock, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = at("10 10:02") + pd.Timedelta(seconds=59)
    response = client.get("/ready")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "version": 7,
        "last_tick": "2020-03-10T10:00:00Z",
        "last_tick_age_seconds": 179,
        "flights_age_seconds": None,
        "weather_age_seconds": None,
        "open_flights": 5,
        "failure": None,
        "tracking": None,
        "refused_champion": None,
    }
    clock.now = at("10 10:03")
    response = client.get("/ready")
    assert (response.status_code, response.json()["ready"]) == (503, False)
    clock.now = NOW
    monkeypatch.setattr(desk, "_failure", "ZeroDivisionError")
    response = client.get("/ready")
    assert (response.status_code, response.json()["failure"]) == (503, "ZeroDivisionError")


def test_it_describes_itself(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {*paths} == {
        "/health",
        "/ready",
        "/metrics",
        "/flights",
        "/flights/{flight_id}",
        "/events",
        "/predictions",
    }
    told = {"200", "207", "400", "401", "403", "413", "422", "429"}
    assert {*paths["/events"]["post"]["responses"]} == told | {"507"}
    assert {*paths["/predictions"]["post"]["responses"]} == told
