"""A past day is told minute by minute, and its clock waits until a minute is acknowledged."""

import json
import logging
from collections.abc import Callable

import httpx
import pandas as pd
import pytest

from features.flights import at
from flight_delays.serving import player
from flight_delays.serving.events import Cancelled, Told
from flight_delays.serving.player import Player
from serving.test_desk import wait_for

START = at("10 10:00")
FAST = 60_000.0  # a minute in a millisecond


def cancel(*flights: str) -> list[Told]:
    return [Cancelled(flight_id=flight) for flight in flights]


def read_ids(request: httpx.Request) -> list[str]:
    return [event["flight_id"] for event in json.loads(request.content)["events"]]


@pytest.fixture
def play(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[dict[pd.Timestamp, list[Told]], Callable[[httpx.Request], int]], Player]:
    """Play events to a server that answers each request with a status."""

    def begin(
        events: dict[pd.Timestamp, list[Told]], answer: Callable[[httpx.Request], int]
    ) -> Player:
        transport = httpx.MockTransport(lambda request: httpx.Response(answer(request)))
        monkeypatch.setattr(httpx, "HTTPTransport", lambda **_: transport)
        playing = Player(events, START, FAST)
        playing.start("http://board", "a key")
        return playing

    return begin


def test_the_clock_goes_on_only_when_a_minute_is_acknowledged(
    play: Callable[..., Player], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "BATCH", 2)
    heard: list[tuple[str | None, str, pd.Timestamp]] = []

    def answer(request: httpx.Request) -> int:
        key = request.headers.get("X-API-Key")
        heard.append((key, " ".join(read_ids(request)), playing.read_clock()))
        return 200

    minutes = {at("10 10:02"): cancel("a", "b", "c"), at("10 10:03"): cancel("d")}
    playing = Player({}, START, FAST)
    playing = play(minutes, answer)
    wait_for(lambda: playing.read_clock() == at("10 10:03"))
    playing.stop()
    assert heard == [
        ("a key", "a b", at("10 10:01")),
        ("a key", "c", at("10 10:01")),
        ("a key", "d", at("10 10:02")),
    ]


def test_when_it_is_refused_the_day_stands_still_and_that_is_told(
    play: Callable[..., Player], caplog: pytest.LogCaptureFixture
) -> None:
    minutes = {at("10 10:02"): cancel("a"), at("10 10:09"): cancel("b")}
    with caplog.at_level(logging.ERROR):
        playing = play(minutes, lambda _: 403)
        playing._thread.join(60)
    assert playing.read_clock() == at("10 10:01")
    assert "stands still at 2020-03-10 10:01:00+00:00" in caplog.text


def test_it_is_as_fast_as_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 120 minutes in one a minute takes half a second."""
    playing = Player({at("10 10:02"): cancel("a")}, START, 120)
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return True  # ended

    monkeypatch.setattr(playing._ended, "wait", wait)
    playing._play()
    assert waits == [0.5]
    assert playing.read_clock() == START
