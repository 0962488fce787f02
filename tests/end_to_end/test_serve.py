"""`kedro serve` as one types it: refused without a key or a champion, and served with both."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree

import httpx
import pytest

from projects import Project
from servers import find_free_port

pytestmark = pytest.mark.slow


@pytest.fixture
def project(promoted: Project, tmp_path: Path) -> Project:
    return Project(copytree(promoted.path, tmp_path / "project"))


@contextmanager
def serve(project: Project, *command: str) -> Iterator[tuple[httpx.Client, list[str]]]:
    """Start the server in a process of its own, and kill it with -9 in the end.

    Gives who asks it, and what it printed until it answered.
    """
    port = find_free_port()
    kedro = Path(sys.executable).with_name("kedro")
    printed = project.path / "printed.txt"
    with printed.open("w") as output:
        process = subprocess.Popen(
            [kedro, *command, f"--port={port}"],
            cwd=project.path,
            env=os.environ | {"KEDRO_ENV": "test"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            until = time.monotonic() + 120
            while True:
                try:
                    client.get("/health")
                    break
                except httpx.ConnectError:
                    assert process.poll() is None, printed.read_text()
                    assert time.monotonic() < until
                    time.sleep(0.2)
            yield client, printed.read_text().splitlines()
    finally:
        process.kill()
        process.wait()


def test_without_a_key_or_a_champion_it_is_refused_in_one_sentence(
    sample: Project, project: Project, tmp_path: Path
) -> None:
    refused = project.kedro("serve")
    assert refused.returncode == 1
    assert refused.stderr.endswith(
        "Error: There is no API key yet: `kedro api-key create <name> --role=write` prints one.\n"
    )
    no_champion = Project(copytree(sample.path, tmp_path / "no champion"))
    refused = no_champion.kedro("serve", "--no-keys")
    assert refused.returncode == 1
    assert "No version of flight-delays is champion" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_keys_are_made_listed_and_revoked(project: Project) -> None:
    key = project.kedro("api-key", "create", "desk", "--role=write").stdout.strip()
    listed = project.kedro("api-key", "list").stdout
    assert listed.startswith("desk\twrite\t20")
    assert key not in listed
    assert (
        "There is a key desk already"
        in project.kedro("api-key", "create", "desk", "--role=read").stderr
    )
    assert project.kedro("api-key", "revoke", "desk").returncode == 0
    assert project.kedro("api-key", "list").stdout == ""


def test_a_past_day_is_played_again(sample: Project, tmp_path: Path) -> None:
    """An hour goes by in ten seconds: flights leave, and those that are left are told anew."""
    project = Project(copytree(sample.path, tmp_path / "project"))
    day = ["board", "--as-of=2013-02-20T14:00Z", "--speed=360"]
    with serve(project, *day) as (client, printed):
        client.headers["X-API-Key"] = printed[-1].partition("/open?key=")[2]
        first = client.get("/flights", params={"origin": "LGA", "limit": 500}).json()
        assert first["now"].startswith("2013-02-20T14")
        assert len(first["flights"]) > 50
        flight = next(each for each in first["flights"] if each["state"] == "asked")
        asked = client.get(f"/flights/{flight['flight_id']}", params={"reasons": True})
        explained = asked.json()
        assert len(explained["explanation"]["reasons"]) == 3
        until = time.monotonic() + 120
        while client.get("/flights").json()["now"] < "2013-02-20T15:30":
            assert time.monotonic() < until
            time.sleep(0.5)
        then = client.get("/flights", params={"origin": "LGA", "limit": 500}).json()
        gone = {each["flight_id"] for each in first["flights"]} - {
            each["flight_id"] for each in then["flights"]
        }
        assert len(gone) > 5
        assert client.post("/events", json={"events": []}).status_code == 403
    assert not (project.path / "data/07_model_output/events.db").exists()


def test_what_was_acknowledged_before_a_kill_is_known_after_it(project: Project) -> None:
    key = project.kedro("api-key", "create", "desk", "--role=write").stdout.strip()
    body = {"events": [{"kind": "cancelled", "flight_id": "2013-02-20_MQ_4577_LGA"}]}
    headers = {"X-API-Key": key}
    with serve(project, "serve") as (client, _):
        told = client.post("/events", json=body, headers=headers).json()
        assert [row["status"] for row in told["results"]] == ["new"]
    with serve(project, "serve") as (client, _):
        told = client.post("/events", json=body, headers=headers).json()
        assert [row["status"] for row in told["results"]] == ["known"]
        assert client.get("/ready").json()["version"] == 1
