"""What is due by the schedule of Airflow's DAGs is started without Airflow too."""

import importlib.util
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from projects import ROOT


@pytest.fixture
def module() -> Any:
    spec = importlib.util.spec_from_file_location("scheduler", ROOT / "deploy/scheduler.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_pipeline_is_due_when_conf_says(module: Any) -> None:
    scheduler = module.make_scheduler(ROOT / "conf/base/airflow.yml")
    now = datetime(2013, 11, 29, 11, 50, tzinfo=UTC)
    due = {job.id: job.trigger.get_next_fire_time(None, now) for job in scheduler.get_jobs()}
    assert due == {
        "inference": datetime(2013, 11, 29, 12, 0, tzinfo=UTC),
        "monitoring": datetime(2013, 11, 30, 11, 0, tzinfo=UTC),
        "continuous_training": datetime(2013, 12, 1, 12, 0, tzinfo=UTC),
    }
    assert {job.args for job in scheduler.get_jobs()} == {(name,) for name in due}


def test_what_is_due_is_run_and_a_failure_is_told(
    module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "run_scheduled.sh"
    script.write_text('#!/bin/sh\necho "$1" > "$0.ran"; test "$1" = inference\n')
    script.chmod(0o755)
    monkeypatch.setattr(module, "HERE", tmp_path)
    module.run("inference")
    assert (tmp_path / "run_scheduled.sh.ran").read_text() == "inference\n"
    with pytest.raises(subprocess.CalledProcessError):
        module.run("monitoring")
