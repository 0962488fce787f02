"""Who sees the page, what the cookie opens, and that nothing in it is read as HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from features.flights import at, make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.names import Names
from flight_delays.serving.log.prediction_log import PredictionLog
from serving.boards import make_board
from serving.desk.test_desk import NOW, Clock

HOSTILE = "<script>alert(1)</script>"
NAMES = Names(
    airports={"JFK": "John F Kennedy Intl", "BOS": HOSTILE},
    time_zones={"JFK": "America/New_York"},
)
FLIGHTS = [
    make_flight("10 12:00", delay=None),
    make_flight("10 13:00", delay=None, origin="EWR", carrier='"&'),
    make_flight("10 09:30", delay=None),
]
CANCELLED = {"events": [{"kind": "cancelled", "flight_id": "flight-0"}]}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Desk:
    return open_desk(tmp_path, clock, *FLIGHTS)


def open_desk(folder: Path, clock: Clock, *flights: dict[str, Any]) -> Desk:
    store, log = (
        EventStore(folder / "events.db", keep_days=9),
        PredictionLog(folder / "log", keep_days=9),
    )
    desk = Desk(make_board(*flights), store, log, clock, names=NAMES)
    desk.tick(NOW)
    return desk


@pytest.fixture
def client(desk: Desk) -> TestClient:
    """Asks without a key, where none is needed."""
    return TestClient(create_app(desk, None), follow_redirects=False)


@pytest.fixture
def keys(tmp_path: Path) -> ApiKeys:
    return ApiKeys(tmp_path / "keys.json")


@pytest.fixture
def guarded(desk: Desk, keys: ApiKeys) -> TestClient:
    return TestClient(create_app(desk, keys), follow_redirects=False)


def read(client: TestClient, query: str = "") -> str:
    response = client.get(f"/{query}")
    assert response.status_code == 200, response.text
    return response.text


def list_rows(page: str) -> list[str]:
    return re.findall(r'id="row-(flight-\d)"', page)


def test_the_page_shows_flights_with_their_risk_and_their_clock(client: TestClient) -> None:
    """One flight waits at JFK, so each of there has a tenth, and a twentieth of an hour's delay."""
    page = read(client)
    assert list_rows(page) == ["flight-0", "flight-1", "flight-2"]
    (row,) = re.findall(r'<tr id="row-flight-0">.*?</tr>', page, re.DOTALL)
    text = re.sub(r"\s+", " ", re.sub("<.*?>", " ", row)).strip()
    assert (
        text == "08:00 AA 1 JFK\N{EN DASH}BOS &lt;script&gt;alert(1)&lt;/script&gt; AA 10% 5% asked"
    )
    assert "30 min past schedule" in page
    assert "if the flight operates" in page
    assert "version 7" in page


def test_the_address_filters(client: TestClient) -> None:
    assert list_rows(read(client, "?origin=EWR&destination=&min_probability=")) == ["flight-1"]
    nothing = read(client, "?destination=LAX")
    assert list_rows(nothing) == []
    assert "No open flight suits the filters." in nothing
    refused = client.get("/?min_probability=2")
    assert refused.status_code == 422
    assert "min_probability" in refused.text


def test_without_flights_it_says_so(tmp_path: Path, clock: Clock) -> None:
    desk = open_desk(tmp_path, clock, make_flight("11 12:00", delay=None))
    page = read(TestClient(create_app(desk, None)))
    assert "No flight is open." in page
    assert list_rows(page) == []


def test_a_row_that_is_opened_tells_why(client: TestClient) -> None:
    assert 'id="why-' not in read(client)
    page = read(client, "?open=flight-0&open=flight-2")
    assert page.count('aria-expanded="true"') == page.count('class="why"') == 2
    assert re.search(r"<b>\+10</b> 1 flight from JFK waiting past schedule", page)
    assert "no probability is told of it" in page


def test_nothing_is_read_as_html_nor_written_inline(client: TestClient, desk: Desk) -> None:
    """A strict content security policy takes no script or style that stands in the page."""
    page = read(
        client, f"?open={HOSTILE}&open=flight-0&open=flight-1&carrier=%22%26&origin=%3Cb%3E"
    )
    page += read(client, "?open=flight-0&open=flight-1")
    assert "alert(1)" in page
    assert HOSTILE not in page
    tags: list[tuple[str, list[str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, [name for name, _ in attrs]))
            sources = [value or "" for name, value in attrs if name in ("src", "href", "action")]
            assert all(re.match(r"[/#](?!/)", value) for value in sources)

    Reader().feed(page)
    assert {names[0] for tag, names in tags if tag == "script"} == {"src"}
    assert not [tag for tag, names in tags if tag == "style" or "style" in names]
    assert not [name for _, names in tags for name in names if name.startswith("on")]


def test_its_parts_come_from_here(client: TestClient) -> None:
    for path in sorted({*re.findall(r'"(/static/.*?)"', read(client))}):
        assert client.get(path).status_code == 200
    assert client.get("/static/../view.py").status_code == 404
    assert client.get("/static/%2e%2e/view.py").status_code == 404


def test_between_two_ticks_nothing_is_sent_twice(
    client: TestClient, desk: Desk, clock: Clock
) -> None:
    first = client.get("/")
    headers = {"If-None-Match": first.headers["etag"]}
    again = client.get("/", headers=headers)
    assert (again.status_code, again.text) == (304, "")
    clock.now = NOW + pd.Timedelta(seconds=60)
    assert client.get("/", headers=headers).status_code == 200
    clock.now = at("10 10:01")
    desk.tick(clock.now)
    assert client.get("/", headers=headers).status_code == 200


def test_old_answers_and_a_tick_that_failed_are_told(
    client: TestClient, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now = at("10 10:02") + pd.Timedelta(seconds=59)
    page = read(client)
    assert "told 2 min ago" in page
    assert "The answers are old" not in page
    clock.now = at("10 10:03")
    assert "The answers are old" in read(client)
    clock.now = NOW
    page = read(client)
    assert "told just now" in page
    assert "The last tick failed" not in page
    headers = {"If-None-Match": client.get("/").headers["etag"]}
    monkeypatch.setattr(desk, "_failure", "ZeroDivisionError")
    assert "The last tick failed (ZeroDivisionError)" in client.get("/", headers=headers).text


def test_without_keys_there_is_no_login(client: TestClient) -> None:
    assert "Log out" not in read(client)
    assert client.get("/open").headers["location"] == "/"
    assert "set-cookie" not in client.get("/open").headers


def test_it_asks_for_a_key_and_keeps_it_where_no_script_can_read_it(
    guarded: TestClient, keys: ApiKeys
) -> None:
    asked = guarded.get("/")
    assert (asked.status_code, "flight-0" in asked.text) == (401, False)
    assert 'action="/session"' in asked.text
    key = keys.create("page", "read")
    answer = guarded.post("/session", data={"key": f" {key}\n"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {*cookie.split("; ")}
    assert "max-age=2592000" in cookie
    assert "secure" not in cookie
    assert list_rows(read(guarded))
    assert "Log out" in read(guarded)


def test_the_link_opens_the_page(guarded: TestClient, keys: ApiKeys) -> None:
    answer = guarded.get("/open", params={"key": keys.create("page", "read")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert list_rows(read(guarded))


def test_over_https_the_cookie_stays_there(desk: Desk, keys: ApiKeys) -> None:
    client = TestClient(create_app(desk, keys), "https://testserver", follow_redirects=False)
    answer = client.get("/open", params={"key": keys.create("page", "read")})
    assert "; secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("key", ["", "guess", "\udcff", "é"])
def test_a_wrong_key_is_asked_for_again_and_nothing_is_kept(
    guarded: TestClient, keys: ApiKeys, key: str
) -> None:
    keys.create("page", "read")
    body = b"key=" + key.encode(errors="surrogateescape")
    link = guarded.get("/open", params={"key": key.encode(errors="replace").decode()})
    for answer in (guarded.post("/session", content=body), link):
        assert answer.status_code == 401
        assert "No such key is known" in answer.text
        assert "set-cookie" not in answer.headers
    assert guarded.post("/session", content=b"").status_code == 401


def test_the_cookie_asks_and_never_tells(guarded: TestClient, keys: ApiKeys) -> None:
    """Even if its key may tell: another site may make a browser send a cookie."""
    key = keys.create("desk", "write")
    guarded.get("/open", params={"key": key})
    assert guarded.get("/flights").status_code == 200
    assert guarded.get("/flights/flight-0").status_code == 200
    assert guarded.post("/events", json=CANCELLED).status_code == 401
    headers = {"X-API-Key": key}
    assert guarded.post("/events", json=CANCELLED, headers=headers).status_code == 200


def test_a_header_counts_before_the_cookie(guarded: TestClient, keys: ApiKeys) -> None:
    guarded.get("/open", params={"key": keys.create("page", "read")})
    assert guarded.get("/flights", headers={"X-API-Key": "guess"}).status_code == 401
    assert guarded.get("/", headers={"X-API-Key": "guess"}).status_code == 401


def test_a_key_that_is_revoked_opens_nothing(guarded: TestClient, keys: ApiKeys) -> None:
    guarded.get("/open", params={"key": keys.create("page", "read")})
    etag = guarded.get("/").headers["etag"]
    keys.revoke("page")
    assert guarded.get("/").status_code == guarded.get("/flights").status_code == 401
    assert guarded.get("/", headers={"If-None-Match": etag}).status_code == 401


def test_who_logs_out_is_asked_again(guarded: TestClient, keys: ApiKeys) -> None:
    guarded.get("/open", params={"key": keys.create("page", "read")})
    assert guarded.get("/session/end").status_code == 405
    assert guarded.post("/session/end").headers["location"] == "/"
    assert guarded.get("/").status_code == 401
