"""What delivers the project uses the Makefile, pins what it takes, and may do little."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from projects import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yml").read_text())
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def list_jobs(workflow: Path) -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load(workflow.read_text())["jobs"].values()


def list_steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in list_jobs(workflow):
        yield from job["steps"]


def read_lock(path: str) -> dict[str, set[str]]:
    """The hashes of each pinned package."""
    pins = re.split(r"\n(?=\w)", (ROOT / path).read_text())
    found = {pin.split()[0]: set(re.findall(r"sha256:\w{64}", pin)) for pin in pins}
    assert all(found.values())
    return found


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_each_step_is_a_target_that_a_laptop_has_too(workflow: Path) -> None:
    runs = [step["run"] for step in list_steps(workflow) if "run" in step]
    assert runs
    for run in runs:
        made = re.match(r"make (?:--silent )?([\w-]+)", run)
        assert run.startswith("docker login ") or (made and f"\n{made[1]}:" in MAKEFILE), run


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_jobs_say_what_they_may(workflow: Path) -> None:
    used = [step["uses"] for step in list_steps(workflow) if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", each) for each in used)
    assert yaml.safe_load(workflow.read_text())["permissions"] == {}
    for job in list_jobs(workflow):
        assert job["permissions"]["contents"] == "read"
        assert job["timeout-minutes"] <= 120


def test_every_python_that_is_allowed_is_tested() -> None:
    allowed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    (workflow,) = [path for path in WORKFLOWS if path.stem == "ci"]
    job = yaml.safe_load(workflow.read_text())["jobs"]["test"]
    versions = [f"3.{minor}" for minor in range(20) if f"3.{minor}" in SpecifierSet(allowed)]
    assert job["strategy"]["matrix"]["python"] == versions


def test_only_what_is_named_comes_into_an_image_and_no_secret() -> None:
    first, *others = (ROOT / "deploy/Dockerfile.dockerignore").read_text().split()
    assert first == "*"
    assert {"conf/local", "**/credentials*"} < {*others}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    copied = [source for sources in copies for source in sources.split()]
    assert {f"!{source}" for source in copied} <= {*others}
    assert all((ROOT / source).exists() for source in copied)


def test_images_hold_a_part_of_the_lock() -> None:
    whole, part = read_lock("requirements.txt"), read_lock("deploy/requirements.txt")
    assert part.items() <= whole.items()
    names = {pin.partition("==")[0] for pin in part}
    assert {"kedro", "uvicorn", "psycopg", "apscheduler"} <= names
    assert not names & {"pytest", "jupyterlab", "locust"}
    assert "--require-hashes -r /requirements.txt" in DOCKERFILE


def test_images_that_are_started_are_those_that_are_built() -> None:
    tags = set(re.findall(r"--target=(\w+) --tag=flight-delays:\1", MAKEFILE))
    assert tags == set(re.findall(r"FROM \S+ AS (\w+)", DOCKERFILE)) - {"packages"}
    ours = [each for each in COMPOSE["services"].values() if "flight-delays" in each["image"]]
    assert {each["image"].partition(":")[2] for each in ours} == tags
    assert all(each["read_only"] and each["cap_drop"] == ["ALL"] for each in ours)
    assert "\nUSER 1000\n" in DOCKERFILE


def test_only_this_machine_reaches_the_ports_and_no_secret_has_a_default() -> None:
    text = (ROOT / "deploy/compose.yml").read_text()
    ports = [port for each in COMPOSE["services"].values() for port in each.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    secrets = set(re.findall(r"\$\{(\w+)", text))
    assert secrets == {"DATABASE_PASSWORD", "SESSION_SECRET", "TRACKING_PASSWORD"}
    assert all(f"${{{name}:?" in text for name in secrets)
    assert ":-" not in text
