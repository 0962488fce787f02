"""A past day is told minute by minute, and its clock waits until a minute is acknowledged."""

import json
from collections.abc import Callable

import httpx
import pandas as pd
import pytest

from features.flights import at
from flight_delays.serving.facts.events import Cancelled, Told
from flight_delays.serving.replay import player
from flight_delays.serving.replay.player import Player
from serving.desk.test_desk import wait_for

START = at("10 10:00")
FAST = 60_000.0  # a minute in a millisecond


def cancel(*flights: str) -> list[Told]:
    return [Cancelled(flight_id=flight) for flight in flights]


def read_ids(request: httpx.Request) -> list[str]:
    return [event["flight_id"] for event in json.loads(request.content)["events"]]


def play(
    events: dict[pd.Timestamp, list[Told]], answer: Callable[[httpx.Request, Player], int]
) -> Player:
    """Play events to a server that answers each request with a status."""
    playing = Player(events, START, FAST)
    transport = httpx.MockTransport(lambda request: httpx.Response(answer(request, playing)))
    playing.connect(httpx.Client(base_url="http://board", transport=transport))
    playing.start()
    return playing


def test_the_clock_goes_on_only_when_a_minute_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(player, "BATCH", 2)
    heard: list[tuple[str, pd.Timestamp]] = []

    def answer(request: httpx.Request, playing: Player) -> int:
        heard.append((" ".join(read_ids(request)), playing.read_clock()))
        return 200

    minutes = {at("10 10:02"): cancel("a", "b", "c"), at("10 10:03"): cancel("d")}
    playing = play(minutes, answer)
    wait_for(lambda: playing.read_clock() == at("10 10:03"))
    playing.stop()
    assert heard == [
        ("a b", at("10 10:01")),
        ("c", at("10 10:01")),
        ("d", at("10 10:02")),
    ]


def test_when_it_is_not_acknowledged_the_day_stands_still_and_that_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    minutes = {at("10 10:02"): cancel("a"), at("10 10:09"): cancel("b")}
    playing = play(minutes, lambda *_: 507)
    playing._thread.join(60)
    assert playing.read_clock() == at("10 10:01")
    assert "stands still at 2020-03-10 10:01:00+00:00" in caplog.text


@pytest.mark.parametrize("status", [207, 422])
def test_events_that_are_refused_are_told_and_the_day_goes_on(
    caplog: pytest.LogCaptureFixture, status: int
) -> None:
    minutes = {at("10 10:02"): cancel("a"), at("10 10:03"): cancel("b")}
    playing = play(minutes, lambda *_: status)
    wait_for(lambda: playing.read_clock() == at("10 10:03"))
    assert "At 2020-03-10 10:02:00+00:00 not all was taken" in caplog.text


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
