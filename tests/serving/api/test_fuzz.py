"""Thousands of requests that Schemathesis makes up from what the API says of itself."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from limits import parse

from flight_delays.serving.api import limits
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from servers import find_free_port
from serving.api.conftest import open_desk
from serving.desk.test_desk import Clock, wait_for

pytestmark = pytest.mark.slow

EXAMPLES = 200
"""Of each operation, besides those at the bounds of its fields."""


@pytest.fixture
def keys(tmp_path: Path) -> ApiKeys:
    return ApiKeys(tmp_path / "keys.json")


@pytest.fixture
def app(tmp_path: Path, keys: ApiKeys, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    for name in ("WITH_KEY", "WITHOUT_KEY"):
        monkeypatch.setattr(limits, name, parse("1000000/second"))
    return create_app(open_desk(tmp_path, Clock()), keys)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where it listens, in a thread of its own."""
    port = find_free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


# Of many rows some may be refused.
CONF = """
[checks.negative_data_rejection]
expected-statuses = [207, 400, 401, 403, 404, 405, 413, 415, 422]
"""


def fuzz(address: str, folder: Path, key: str | None) -> None:
    """Ask whatever the service says that one may ask, and fail if an answer is not described."""
    (folder / "schemathesis.toml").write_text(CONF)
    headers = ["--header", f"X-API-Key:{key}"] if key else []
    command = [
        *(Path(sys.executable).with_name("schemathesis"), "run", f"{address}/openapi.json"),
        *(f"--max-examples={EXAMPLES}", "--seed=7", "--phases=examples,coverage,fuzzing"),
        *(
            "--suppress-health-check=all",
            "--no-color",
            "--continue-on-failure",
            "--generation-database=none",
        ),
        # What is of the right form may be wrong all the same: an airport that nobody knows.
        "--exclude-checks=positive_data_acceptance",
        *headers,
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr


def count(app: FastAPI) -> Counter[tuple[str, int]]:
    """Count what was asked by route and status."""
    counted: Counter[tuple[str, int]] = Counter()
    for family in app.state.metrics.collect():
        for sample in family.samples:
            if sample.name == "http_requests_total":
                counted[sample.labels["route"], int(sample.labels["status"])] += int(sample.value)
    return counted


@pytest.mark.parametrize("role", ["read", "write"])
def test_every_answer_is_one_that_is_described(
    app: FastAPI, address: str, keys: ApiKeys, role: str, tmp_path: Path
) -> None:
    fuzz(address, tmp_path, keys.create("fuzz", role))  # type: ignore[arg-type]
    counted = count(app)
    assert counted.total() > 1000
    assert not [status for _, status in counted if status == 500]


@pytest.mark.parametrize("key", [None, "guess"])
def test_nobody_comes_in_without_a_key(
    app: FastAPI, address: str, key: str | None, tmp_path: Path
) -> None:
    fuzz(address, tmp_path, key)
    counted = count(app)
    assert counted.total() > 1000
    answered = {route for route, status in counted if status < 400}
    assert answered & {*app.openapi()["paths"]} == {"/health", "/ready"}
