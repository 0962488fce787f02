"""`kedro serve` through changes of champion, an outage of the tracking server, damaged files."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from threading import Event

import httpx
import mlflow
import pytest
import yaml
from mlflow import MlflowClient

from end_to_end.test_serve import serve
from projects import Project
from servers import find_free_port, set_address

pytestmark = pytest.mark.slow

NAME = "flight-delays"
A_DAY = ("board", "--env=server", "--no-keys", "--as-of=2013-02-20T14:00Z", "--speed=10")


@pytest.fixture
def project(promoted: Project, tmp_path: Path) -> Project:
    """The sample with a champion, version 1; `--env=server` is a server that is not up yet."""
    project = Project(copytree(promoted.path, tmp_path / "project"))
    server = copytree(project.path / "conf/test", project.path / "conf/server", dirs_exist_ok=True)
    parameters = yaml.safe_load((server / "parameters.yml").read_text())
    parameters["serving"] = {"champion_poll_seconds": 1}
    (server / "parameters.yml").write_text(yaml.safe_dump(parameters))
    set_address(project, f"http://127.0.0.1:{find_free_port()}")
    return project


class RegistryServer:
    """An MLflow server on the project's own store, at the address that conf names."""

    def __init__(self, project: Project) -> None:
        conf = yaml.safe_load((project.path / "conf/server/mlflow.yml").read_text())
        self.address = conf["server"]["mlflow_tracking_uri"]
        self.command = [sys.executable, "-m", "mlflow", "server", "--workers=1"]
        self.command += [f"--port={self.address.rpartition(':')[2]}"]
        self.command += [f"--backend-store-uri=sqlite:///{project.path}/mlflow.db"]

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: is_up(self.address))

    def stop(self) -> None:
        with suppress(ProcessLookupError):  # stopped before
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(project: Project) -> Iterator[RegistryServer]:
    server = RegistryServer(project)
    server.start()
    yield server
    server.stop()


def is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health").is_success
    except httpx.TransportError:
        return False


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def register_two_more(project: Project) -> MlflowClient:
    """Register version 2, which is as version 1, and version 3, whose file is cut off."""
    client = MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    first = client.get_model_version(NAME, "1")
    mlflow.set_tracking_uri(f"sqlite:///{project.path}/mlflow.db")
    folder = Path(mlflow.artifacts.download_artifacts(f"models:/{NAME}/1"))
    damaged = Path(copytree(folder, project.path / "damaged"))
    model = damaged / "model.skops"
    model.write_bytes(model.read_bytes()[:-1000])
    for source in (folder, damaged):
        client.create_model_version(NAME, source.as_uri(), first.run_id, tags=first.tags)
    return client


@contextmanager
def ask_all_the_time(
    client: httpx.Client, pause_seconds: float = 0.0
) -> Iterator[list[tuple[int, ...]]]:
    """Ask for flights again and again; list for each answer its status and the versions in it."""
    ended = Event()
    answers: list[tuple[int, ...]] = []

    def ask() -> None:
        with httpx.Client(base_url=client.base_url, headers=client.headers) as own:
            while not ended.wait(pause_seconds):
                response = own.get("/flights", params={"limit": 20, "min_probability": 0.001})
                flights = response.json()["flights"]
                versions = {each["answer"]["version"] for each in flights if each["answer"]}
                answers.append((response.status_code, *versions))

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask)
        try:
            yield answers
        finally:
            ended.set()
        asked.result()


def expect(client: httpx.Client, version: int, tracking: str, refused: int | None = None) -> None:
    """Wait until the server says so of itself; meanwhile its answers are never old."""

    def is_so() -> bool:
        response = client.get("/ready")
        assert response.status_code == 200, response.text
        told = response.json()
        return (version, tracking, refused) == (
            told["version"],
            told["tracking"],
            told["refused_champion"],
        )

    wait_for(is_so)


def test_a_new_champion_is_taken_up_and_an_outage_outlived_without_a_request_lost(
    project: Project, server: RegistryServer
) -> None:
    registry = register_two_more(project)

    def promote(number: int) -> None:
        registry.set_registered_model_alias(NAME, "champion", str(number))

    with serve(project, *A_DAY) as (client, _), ask_all_the_time(client) as answers:
        expect(client, 1, "reachable")
        promote(2)
        expect(client, 2, "reachable")
        promote(3)  # the file of which is cut off
        expect(client, 2, "reachable", refused=3)
        server.stop()
        expect(client, 2, "unreachable", refused=3)
        promote(1)
        server.start()
        expect(client, 1, "reachable")
        promote(2)
        expect(client, 2, "reachable")
        wait_for(lambda: answers[-1] == (200, 2))
    assert {status for status, *_ in answers} == {200}
    # Each answer is by one version, and so are all of a tick.
    turns = [answers[0], *(new for old, new in pairwise(answers) if new != old)]
    assert turns == [(200, 1), (200, 2), (200, 1), (200, 2)]
    assert len(answers) > 100


def test_with_the_server_down_the_last_version_serves_unless_its_file_is_damaged(
    project: Project, server: RegistryServer
) -> None:
    kept = project.path / "data/06_models/last_served_version.skops"
    with serve(project, *A_DAY) as (client, _):
        expect(client, 1, "reachable")
        wait_for(kept.exists)
    server.stop()
    with serve(project, *A_DAY) as (client, _):
        expect(client, 1, "unreachable")
        assert client.get("/flights").json()["total"] > 50
        server.start()
        expect(client, 1, "reachable")
    server.stop()
    kept.write_bytes(kept.read_bytes()[:-1000])
    told = refuse(project, "--env=server")
    assert "cannot be reached: connection refused" in told
    assert "keeps of the version that answered last is refused" in told
    kept.unlink()
    told = refuse(project, "--env=server")
    assert "cannot be reached: connection refused" in told
    assert "keeps" not in told


def refuse(project: Project, *options: str) -> str:
    """Type `kedro serve`, and see that it ends with a sentence."""
    done = project.kedro("serve", "--no-keys", f"--port={find_free_port()}", *options)
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (
            "03_primary/flights.parquet",
            "Error: The table prm_flights cannot be read (.*): "
            "`kedro run --pipeline=data_processing` makes it anew.",
        ),
        ("02_intermediate/weather.parquet", "Error: The table int_weather cannot be read"),
        ("07_model_output/events.db", "The event store .*/events.db cannot be read"),
        (
            "07_model_output/prediction_log/open.db",
            "Error: The prediction log .*/open.db is damaged .*: put its last backup in its place",
        ),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(project: Project, file: str, told: str) -> None:
    path = project.path / "data" / file
    is_table = path.suffix == ".parquet"
    path.write_bytes(path.read_bytes()[:-100] if is_table else b"no database" * 1000)
    assert re.search(told.replace("(.*)", r"\(.*\)"), refuse(project))
