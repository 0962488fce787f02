"""What Prometheus reads: how requests are answered, and how the board is."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flight_delays.serving.desk.desk import Desk

from .refusals import REFUSED, Responses
from .security import ASKS

METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
PROBABILITIES = np.arange(1, 11) / 10

# A refusal is JSON here too, where FastAPI would have all answers be text.
JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
refused: Responses = {
    status: {**{key: refusal[key] for key in refusal if key != "model"}, "content": JSON}
    for status, refusal in REFUSED.items()
}
router = APIRouter(tags=["state"], dependencies=[ASKS], responses=refused)


@router.get("/metrics", response_class=PlainTextResponse)
def tell_metrics(request: Request) -> Response:
    """Tell how requests were answered and how the board is, as Prometheus reads it."""
    return Response(generate_latest(request.app.state.metrics), media_type=CONTENT_TYPE_LATEST)


def make_registry(desk: Desk) -> CollectorRegistry:
    """Make the registry of a service: what its desk tells whenever it is read."""
    registry = CollectorRegistry()
    registry.register(_BoardCollector(desk))
    return registry


class Requests:
    """The layer that counts requests and takes their time.

    What names a series comes from here, not from who asks: the route as it was declared, and
    methods that exist.
    """

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        """Wrap the rest."""
        self._app = app
        self._count = Counter(
            "http_requests",
            "Requests by route, method and status.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "From a request to the last of its answer.",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._count.labels(route, method, status).inc()
            self._seconds.labels(route).observe(perf_counter() - began)


class _BoardCollector(Collector):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[Metric]:
        done, told = self._desk.done, self._desk.describe()
        yield SummaryMetricFamily(
            "flight_delays_tick_seconds", "Ticks that were made.", done.ticks, done.tick_seconds
        )
        yield _gauge("last_tick_seconds", "How long the last tick took.", done.last_tick_seconds)
        yield _count("failed_ticks", "Ticks that failed.", done.failed_ticks)
        events = _count("events", "Events that were told, by whether they were new.", None, "new")
        events.add_metric(["true"], done.new_events)
        events.add_metric(["false"], done.known_events)
        yield events
        yield _gauge("version", "The version that answers.", told["version"])
        yield _gauge("last_tick_age_seconds", "Since the last tick.", told["last_tick_age_seconds"])
        facts = _gauge("facts_age_seconds", "Since the newest fact of a kind.", None, "kind")
        for kind in ("flights", "weather"):
            if (age := told[f"{kind}_age_seconds"]) is not None:
                facts.add_metric([kind], age)
        yield facts
        yield from self._collect_answers()

    def _collect_answers(self) -> Iterator[Metric]:
        last = self._desk.board.last
        states = _gauge("open_flights", "Open flights by state.", None, "state")
        for state, number in last.flights["state"].value_counts().items():
            states.add_metric([str(state)], number)
        yield states
        decisions = _gauge(
            "answers", "Answers that stand, by decision.", None, "threshold_minutes", "alert"
        )
        likely = GaugeHistogramMetricFamily(
            "flight_delays_probability",
            "Probabilities of the answers that stand.",
            labels=["threshold_minutes"],
        )
        for name in map(str, last.answers.filter(regex="^late_")):
            minutes = name.removeprefix("late_")
            alerts = int(last.answers[f"alert_{minutes}"].sum())
            decisions.add_metric([minutes, "true"], alerts)
            decisions.add_metric([minutes, "false"], len(last.answers) - alerts)
            said = np.sort(last.answers[name])
            up_to = [*np.searchsorted(said, PROBABILITIES, side="right"), len(said)]
            bounds = [*map(str, PROBABILITIES), "+Inf"]
            likely.add_metric([minutes], [*zip(bounds, up_to, strict=True)], said.sum())
        yield decisions
        yield likely


def _gauge(name: str, text: str, value: float | None, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"flight_delays_{name}", text, value, labels or None)


def _count(name: str, text: str, value: float | None, *labels: str) -> CounterMetricFamily:
    return CounterMetricFamily(f"flight_delays_{name}", text, value, labels or None)
