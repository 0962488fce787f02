"""What cron and systemd start: a pipeline for this moment, one after the other."""

import os
import subprocess
from pathlib import Path
from shutil import copy

import pytest

from projects import ROOT

# It is 5 December 2013, 12:34.
DATE = """#!/bin/sh
[ "$1" = -u ] || exit 1
[ "$2" = -d ] && exec /bin/date -u -d "2013-12-05T12:34Z $3" "$4"
exec /bin/date -u -d 2013-12-05T12:34Z "$2"
"""
# It cannot be the only one if another could lock the folder too.
KEDRO = """#!/bin/sh
flock --nonblock data true && exit 1
echo "$PWD" "$@"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"bin/date": DATE, "project/.venv/bin/kedro": KEDRO}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o755)
    for folder in ("data", "deploy"):
        (tmp_path / "project" / folder).mkdir()
    copy(ROOT / "deploy/run_scheduled.sh", tmp_path / "project/deploy")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return tmp_path / "project"


def run(project: Path, *pipelines: str) -> subprocess.CompletedProcess[str]:
    command = [project / "deploy/run_scheduled.sh", *pipelines]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("pipeline", "parameters"),
    [
        ("inference", "inference.as_of=2013-12-05T12:34Z"),
        ("monitoring", "monitoring.period=2013-11"),
        ("continuous_training", "continuous_training.as_of=2013-12-01"),
    ],
)
def test_a_pipeline_is_run_for_this_moment_after_its_tables(
    project: Path, pipeline: str, parameters: str
) -> None:
    pipelines = f"--pipelines=data_collection,data_processing,{pipeline}"
    done = run(project, pipeline)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{project} run {pipelines} --params={parameters}\n"


@pytest.mark.parametrize("pipelines", [[], ["tuning"]])
def test_another_pipeline_is_refused(project: Path, pipelines: list[str]) -> None:
    refused = run(project, *pipelines)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "inference|monitoring|continuous_training" in refused.stderr
