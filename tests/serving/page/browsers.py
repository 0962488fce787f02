"""A headless Chromium, and a board for it: a real server on a hand-made desk."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Request, Response
from playwright.sync_api import Browser, sync_playwright

from features.flights import at, make_flight
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.desk.desk import Desk
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.names import Names
from flight_delays.serving.log.prediction_log import PredictionLog
from servers import find_free_port
from serving.boards import make_board
from serving.desk.test_desk import NOW, Clock

NAMES = ("chromium", "chromium-browser", "google-chrome")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# As many flights wait at each, and a tenth is the chance to be late of all others there.
AIRPORTS = ["MIA", "JFK", "SFO", "EWR", "DEN", "LGA", "SEA", "BOS", "ORD", "LAX"]
WAITING = dict(zip(AIRPORTS, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10], strict=True))
PER_AIRPORT = 7


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium())
        yield browser
        browser.close()


def open_desk(folder: Path) -> Desk:
    """A desk of ten airports, whose flights leave every half an hour from half past ten on."""
    flights = [
        make_flight("10 09:30", delay=None, origin=origin, destination="MSP", flight_number=number)
        for origin, waiting in WAITING.items()
        for number in range(waiting)
    ]
    half_hours = [f"10 {10 + half // 2}:{half % 2 * 30:02}" for half in range(1, PER_AIRPORT + 1)]
    flights += [
        make_flight(due, delay=None, origin=origin, destination="MSP", flight_number=number)
        for number, due in enumerate(half_hours, start=100)
        for origin in WAITING
    ]
    desk = Desk(
        make_board(*flights),
        EventStore(folder / "events.db", keep_days=9),
        PredictionLog(folder / "log", keep_days=9),
        Clock(NOW),
        names=Names(
            airports={origin: f"{origin} International Airport" for origin in (*WAITING, "MSP")},
            airlines={"AA": "American Airlines Inc."},
            time_zones=dict.fromkeys(WAITING, "America/New_York"),
        ),
    )
    desk.tick(NOW)
    return desk


@contextmanager
def serve(desk: Desk, keys: ApiKeys | None = None) -> Iterator[str]:
    """Serve a desk under the strictest of policies; gives the address."""
    app: Any = create_app(desk, keys)

    @app.middleware("http")
    async def add_policy(request: Request, answer: Callable[[Request], Any]) -> Response:
        response: Response = await answer(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    port = find_free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < until
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def pass_time(desk: Desk, clock: str) -> None:
    """Tick at a time of the day."""
    desk.clock.now = at(f"10 {clock}")  # type: ignore[attr-defined]
    desk.tick(at(f"10 {clock}"))
