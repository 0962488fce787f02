"""A model is made anew as of a day, once, by what a user types."""

import json
from pathlib import Path
from shutil import copytree

import pytest
import yaml
from mlflow import MlflowClient

from projects import Project

# A third month; what the story is not about is made cheap.
CHANGES = {
    "data_collection": {"months": ["2013-01", "2013-02", "2013-03"]},
    "training": {"ablations": []},
    "promotion": {"max_calibration_error": 0.5},
}
RUN = ["run", "--pipeline=continuous_training"]

pytestmark = pytest.mark.slow


def test_a_day_is_trained_for_and_judged_once(promoted: Project, tmp_path: Path) -> None:
    project = Project(copytree(promoted.path, tmp_path / "project"))
    refused = project.kedro(*RUN)
    assert refused.returncode == 1
    assert "Error: Table prm_flights has no 3 whole months in a row" in refused.stderr

    path = project.path / "conf/test/parameters.yml"
    parameters = yaml.safe_load(path.read_text())
    for pipeline, values in CHANGES.items():
        parameters[pipeline] |= values
    path.write_text(yaml.safe_dump(parameters))
    made = project.kedro("run", "--pipelines=data_collection,data_processing")
    assert made.returncode == 0, made.stderr
    done = project.kedro(*RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    decision = json.loads((project.path / "data/08_reporting/promotion_decision.json").read_text())
    assert (decision["challenger"], decision["champion"]) == (2, 1)
    assert (decision["first_day"], decision["last_day"]) == ("2013-03-01", "2013-03-31")
    client = MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    tags = client.get_model_version("flight-delays", "2").tags
    assert (tags["trained_as_of"], tags["fitted_to"]) == ("2013-04-01", "2013-02-28")
    assert tags["decision"] == decision["outcome"]

    before = project.digest("*/**/*")
    again = project.kedro(*RUN)
    assert again.returncode == 0, again.stderr
    assert "Version 2 of flight-delays was trained as of 2013-04-01" in again.stdout
    assert project.digest("*/**/*") == before
    assert len(client.search_model_versions("name = 'flight-delays'")) == 2
