"""The past is played again; a run that is killed with -9 goes on where it was."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, rmtree

import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient

from figures import is_drawn
from projects import Project

MONTHS = ["2013-01", "2013-02", "2013-03", "2013-04", "2013-05"]
REPORT = "data/08_reporting/backtest"
RUN = ["run", "--pipeline=backtest"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with five months of facts, and with no model."""
    project = Project.clone(tmp_path_factory.mktemp("backtest") / "project")
    copytree(sample.path / "data/01_raw", project.path / "data/01_raw")
    path = project.path / "conf/test/parameters.yml"
    parameters = yaml.safe_load(path.read_text())
    parameters["data_collection"] = {"months": MONTHS}
    path.write_text(yaml.safe_dump(parameters))
    made = project.kedro("run", "--pipelines=data_collection,data_processing")
    assert made.returncode == 0, made.stderr
    return project


def read_policies(project: Project) -> pd.DataFrame:
    """What was played, without what it took."""
    return pd.read_csv(project.path / REPORT / "policies.csv").drop(columns="cpu_minutes")


def list_fitted(printed: str) -> list[str]:
    """The lines that tell of a fit that is done."""
    return [line for line in printed.splitlines() if " to 2013" in line]


def test_a_killed_run_goes_on_and_ends_with_the_same_table(project: Project) -> None:
    killed = subprocess.Popen(
        [Path(sys.executable).with_name("kedro"), *RUN],
        cwd=project.path,
        env=os.environ | {"KEDRO_ENV": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    next(line for line in killed.stdout if "1 of 3: " in line)
    killed.kill()
    killed.wait()
    stored = project.path / "data/07_model_output/backtest"
    kept = {file: file.stat().st_mtime_ns for file in stored.glob("*.parquet")}
    assert kept

    resumed = project.kedro(*RUN)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert f"{3 - len(kept)} of 3 models are still to be fitted" in resumed.stdout
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    policies = read_policies(project)
    assert len(policies) == 12  # six policies, April and May

    rmtree(stored)
    uninterrupted = project.kedro(*RUN)
    assert uninterrupted.returncode == 0, uninterrupted.stderr
    assert len(list_fitted(uninterrupted.stdout)) == 3
    pd.testing.assert_frame_equal(read_policies(project), policies)

    assert is_drawn(project.path / REPORT / "policies.png")
    client = MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    (model,) = client.search_registered_models()
    assert model.name == "flight-delays-backtest"
    assert int(model.aliases["monthly"]) == 2
    versions = client.search_model_versions(f"name = '{model.name}'")
    assert [version.tags["fitted_to"] for version in sorted(versions, key=lambda v: v.version)] == [
        "2013-02-28",
        "2013-03-31",
        "2013-04-30",
    ]
    metrics = client.get_metric_history(versions[0].run_id, "backtest.monthly.log_loss")
    assert [metric.step for metric in metrics] == [201304, 201305]
