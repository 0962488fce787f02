"""From a delivered month to the live board: a model is made of it, promoted and taken up."""

from pathlib import Path
from shutil import copytree

import httpx
import pytest

from end_to_end.renewal import RUN, change_parameters, deliver
from end_to_end.test_serve import serve
from end_to_end.test_take_up import ask_all_the_time, expect, wait_for
from projects import Project

A_DAY = ("board", "--no-keys", "--as-of=2013-02-20T14:00Z", "--speed=20")

pytestmark = pytest.mark.slow


@pytest.fixture
def project(promoted: Project, tmp_path: Path) -> Project:
    """The sample with a champion, version 1; whatever is made of a later month is promoted."""
    project = Project(copytree(promoted.path, tmp_path / "project"))
    change_parameters(
        project,
        training={"ablations": []},
        evaluation={"bootstrap_resamples": 20, "importance_questions": 50},
        promotion={"max_calibration_error": 0.5, "non_inferiority_margin": 1.0},
        serving={"champion_poll_seconds": 1},
    )
    return project


def count_events(client: httpx.Client) -> float:
    """Count what the board has been told since it began."""
    lines = client.get("/metrics").text.splitlines()
    series = [line for line in lines if line.startswith("flight_delays_events_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in series if "new" in line)


def test_a_delivered_month_becomes_a_champion_that_the_board_takes_up_while_events_come_in(
    project: Project,
) -> None:
    with serve(project, *A_DAY) as (client, _), ask_all_the_time(client, 0.2) as answers:
        expect(client, 1, "reachable")
        wait_for(lambda: count_events(client) > 0)
        deliver(project, "2013-03")
        told = count_events(client)
        made = project.kedro(*RUN)
        assert made.returncode == 0, made.stderr
        assert "Version 2 of flight-delays is champion" in made.stdout
        assert count_events(client) > told
        expect(client, 2, "reachable")
        told = count_events(client)
        wait_for(lambda: answers[-1] == (200, 2) and count_events(client) > told)
    assert {status for status, *_ in answers} == {200}
    versions = [version for _, version in answers]  # each answer is by one version
    assert versions == sorted(versions)
    assert {*versions} == {1, 2}
