"""Each event of a request is judged by itself, and the OpenAPI page says what may be told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.flights import at, make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.desk.desk import Desk
from serving.boards import make_board, make_scheduled
from serving.desk.test_desk import NOW, open_desk

DEPARTED = {"kind": "departed", "flight_id": "flight-0", "at": "2020-03-10T10:00:00Z"}
REPORTED = {
    "kind": "reported",
    "origin": "EWR",
    "observed_at": "2020-03-10T09:00:00Z",
    "readings": {"visibility_miles": 0.5},
}
SCHEDULED = make_scheduled("10 12:30", flight_number=9).model_dump(mode="json")
LAST_DAY_OF_ALL = {
    "flight_date": "2100-12-31",
    "scheduled_departure": "9999-12-31T20:00:00-12:00",
    "scheduled_arrival": "9999-12-31T22:00:00-12:00",
}
HALF_A_CHARACTER = "\ud800"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    flights = [make_flight("10 12:00", delay=None), make_flight("10 11:00", delay=None)]
    desk = open_desk(tmp_path, board=make_board(*flights))
    desk.tick(NOW)
    return desk


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(desk, None)) as client:
        yield client


def tell(client: TestClient, *events: Any) -> tuple[int, list[Any]]:
    # As it stands: the client would refuse what no JSON may have.
    response = client.post("/events", content=json.dumps({"events": events}), headers=JSON)
    told = response.json()
    results = told["results"]
    assert [row["index"] for row in results] == [*range(len(events))]
    for status in ("new", "known", "refused"):
        assert told[status] == sum(row["status"] == status for row in results)
    return response.status_code, [row.get("field", row["status"]) for row in results]


def test_each_row_has_its_result(client: TestClient, desk: Desk) -> None:
    absurd = REPORTED | {"readings": {"temperature_f": 500}}
    assert tell(client, DEPARTED, absurd, SCHEDULED, DEPARTED, REPORTED) == (
        207,
        ["new", "temperature_f", "new", "known", "new"],
    )
    desk.tick(at("10 10:01"))
    assert sorted(desk.board.last.flights.index) == ["2020-03-10_AA_9_JFK", "flight-1"]
    assert tell(client, DEPARTED, REPORTED) == (200, ["known", "known"])


def test_where_all_are_refused_nothing_is_taken(client: TestClient, desk: Desk) -> None:
    unknown = SCHEDULED | {"origin": "XXX"}
    assert tell(client, unknown, DEPARTED | {"at": "2020-03-10T10:11:00Z"}) == (
        422,
        ["origin", "at"],
    )
    assert not desk._incoming


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (DEPARTED | {"kind": "flew"}, "kind"),
        (DEPARTED | {"kind": HALF_A_CHARACTER}, "kind"),
        ({"flight_id": "flight-0"}, "kind"),
        ("departed", None),
        (7, None),
        (DEPARTED | {"at": "2020-03-10T10:00:00"}, "at"),
        (DEPARTED | {"at": "soon"}, "at"),
        (DEPARTED | {"at": "0001-01-01T00:00:00+14:00"}, "at"),
        (DEPARTED | {"at": "9999-12-31T23:59:00-12:00"}, "at"),
        (DEPARTED | {"revision": -1}, "revision"),
        (DEPARTED | {"revision": 2**63}, "revision"),
        (DEPARTED | {"flight_id": HALF_A_CHARACTER}, "flight_id"),
        (DEPARTED | {"gate": 7}, "gate"),
        (DEPARTED | {HALF_A_CHARACTER: 7}, None),
        (DEPARTED | {"at" * 90: 7}, "at" * 50),
        ({"kind": "landed", "flight_id": "a"}, "at"),
        (DEPARTED | {"kind": "landed", "arrival_delay_minutes": 9999}, "arrival_delay_minutes"),
        (
            DEPARTED | {"kind": "landed", "arrival_delay_minutes": float("nan")},
            "arrival_delay_minutes",
        ),
        (DEPARTED | {"kind": "landed", "air_time_minutes": float("inf")}, "air_time_minutes"),
        (REPORTED | {"readings": {"moon": 1}}, "moon"),
        (REPORTED | {"readings": {"pressure_hpa": 101.3}}, "pressure_hpa"),
        (REPORTED | {"readings": {"pressure_hpa": float("nan")}}, "pressure_hpa"),
        (REPORTED | {"origin": "newark"}, "origin"),
        (SCHEDULED | {"flight_number": 0}, "flight_number"),
        (SCHEDULED | {"flight_date": "2020-03-10T12:00:00Z"}, "flight_date"),
        (SCHEDULED | LAST_DAY_OF_ALL, "scheduled_departure"),
        (SCHEDULED | {"distance_miles": 20000}, "distance_miles"),
        (SCHEDULED | {"distance_miles": float("nan")}, "distance_miles"),
        (SCHEDULED | {"tail_number": ""}, "tail_number"),
        (SCHEDULED | {"destination": None}, "destination"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_field(
    client: TestClient, event: Any, field: str | None
) -> None:
    assert tell(client, event, SCHEDULED) == (207, [field, "new"])


def test_the_page_about_the_api_shows_what_may_be_told(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["components"]["schemas"]
    rows = described["Events"]["properties"]["events"]
    assert (rows["minItems"], rows["maxItems"]) == (1, 5000)
    kinds = {"scheduled", "departed", "landed", "cancelled", "reported"}
    assert rows["items"]["discriminator"]["mapping"].keys() == kinds
    readings = described["Readings"]["properties"]
    assert readings["visibility_miles"]["description"] == "statute miles"
    assert readings["visibility_miles"]["anyOf"][0]["maximum"] == 100
    assert described["Scheduled"]["properties"]["distance_miles"]["examples"] == [1400]
