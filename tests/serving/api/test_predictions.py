"""Flights of no timetable are answered row by row."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.flights import make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.desk.desk import Desk
from serving.boards import make_board, make_scheduled
from serving.desk.test_desk import NOW, open_desk

FLIGHT = make_scheduled("10 12:00", flight_number=9).model_dump(
    mode="json", exclude={"kind", "revision"}
)
ANSWER = {
    "prediction_time": "2020-03-10T10:00:00Z",
    "lead_minutes": 120,
    "age_minutes": 0,
    "lateness": [
        {"minutes": 15, "probability": 0.1, "alert": False},
        {"minutes": 60, "probability": 0.05, "alert": False},
    ],
    "version": 7,
    "condition": "if the flight operates",
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One flight waits at JFK: each that is asked about there has a tenth."""
    desk = open_desk(tmp_path, board=make_board(make_flight("10 09:30", delay=None)))
    desk.tick(NOW)
    return desk


@pytest.fixture
def client(desk: Desk) -> TestClient:
    return TestClient(create_app(desk, None))


def ask(client: TestClient, *flights: Any, query: str = "") -> tuple[int, dict[str, Any]]:
    response = client.post(f"/predictions{query}", json={"flights": flights})
    return response.status_code, response.json()


def test_a_flight_has_its_answer_and_the_board_is_as_it_was(client: TestClient, desk: Desk) -> None:
    row = {"index": 0, "status": "answered", "flight_id": "2020-03-10_AA_9_JFK", "answer": ANSWER}
    assert ask(client, FLIGHT) == (
        200,
        {"answered": 1, "refused": 0, "results": [row | {"explanation": None}]},
    )
    assert list(desk.board.last.flights.index) == ["flight-0"]
    assert not desk._incoming


def test_each_row_has_its_result(client: TestClient) -> None:
    from_ewr = FLIGHT | {"origin": "EWR"}
    status, told = ask(client, FLIGHT | {"origin": "XXX"}, from_ewr, FLIGHT | {"gate": 1}, FLIGHT)
    assert (status, told["answered"], told["refused"]) == (207, 2, 2)
    rows = [
        (row["index"], row.get("field"), "answer" in row and row["answer"]["lateness"][0])
        for row in told["results"]
    ]
    lateness = {"minutes": 15, "alert": False}
    assert rows == [
        (0, "origin", False),
        (1, None, lateness | {"probability": 0}),
        (2, "gate", False),
        (3, None, lateness | {"probability": 0.1}),
    ]


def test_where_all_are_refused_it_says_so(client: TestClient) -> None:
    status, told = ask(client, FLIGHT | {"carrier": "ZZ"}, FLIGHT | {"revision": 1})
    assert status == 422
    assert [row["field"] for row in told["results"]] == ["carrier", "revision"]


def test_reasons_are_told_where_they_are_asked_for(client: TestClient) -> None:
    _, told = ask(client, FLIGHT, query="?reasons=true")
    why = told["results"][0]["explanation"]
    parts = why["contributions"]
    assert sum(parts.values()) + why["ordinary_probability"] == pytest.approx(0.1)
    assert why["reasons"][0] == "+0.10 1 flight from JFK waiting past schedule"


def test_no_flights_or_too_many_are_refused(client: TestClient) -> None:
    assert ask(client)[0] == 422
    assert ask(client, *[FLIGHT] * 501)[0] == 422
    status, told = ask(client, *[FLIGHT] * 500)
    assert (status, told["answered"], told["refused"]) == (207, 1, 499)


def test_a_key_that_may_ask_is_enough(desk: Desk, tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path / "keys.json")
    client = TestClient(create_app(desk, keys))
    assert ask(client, FLIGHT)[0] == 401
    client.headers["X-API-Key"] = keys.create("page", "read")
    assert ask(client, FLIGHT)[0] == 200


def test_the_page_about_the_api_shows_what_may_be_asked(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]
    flights = described["Newcomers"]["properties"]["flights"]
    assert (flights["minItems"], flights["maxItems"]) == (1, 500)
    assert flights["items"]["properties"]["tail_number"]["examples"] == ["N14228"]
    assert "revision" not in flights["items"]["properties"]
