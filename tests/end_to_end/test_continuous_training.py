"""A model is made anew as of a day, once, by what a user types; the first one too."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import pytest
import yaml
from pyarrow.parquet import read_schema

from end_to_end.renewal import NAME, RUN, open_registry, thin_out
from projects import Project

pytestmark = pytest.mark.slow


@pytest.fixture
def project(three_months: Project, tmp_path: Path) -> Project:
    return Project(copytree(three_months.path, tmp_path / "project"))


def read_decision(project: Project) -> dict[str, Any]:
    path = project.path / "data/08_reporting/promotion_decision.json"
    return dict(json.loads(path.read_text()))


def test_too_few_months_are_told(promoted: Project) -> None:
    refused = promoted.kedro(*RUN)
    assert refused.returncode == 1
    assert "Error: Table prm_flights has no 3 whole months in a row" in refused.stderr


def test_a_day_is_judged_once_and_against_a_champion_whose_features_are_gone_from_conf(
    project: Project,
) -> None:
    table = project.path / "data/05_model_input/test.parquet"
    seen_by_the_champion = read_schema(table).names
    path = project.path / "conf/base/parameters_feature_engineering.yml"
    parameters = yaml.safe_load(path.read_text())
    del parameters["feature_engineering"]["traffic"]["carrier_on_route"]
    path.write_text(yaml.safe_dump(parameters))
    done = project.kedro(*RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    gone = {*seen_by_the_champion} - {*read_schema(table).names}
    assert len(gone) == 2
    assert all(name.startswith("carrier_on_route_landings") for name in gone)
    decision = read_decision(project)
    assert (decision["challenger"], decision["champion"]) == (2, 1)
    assert decision["scores"]["champion"]["roc_auc"] > 0.7
    assert (decision["first_day"], decision["last_day"]) == ("2013-03-01", "2013-03-31")
    client = open_registry(project)
    tags = client.get_model_version(NAME, "2").tags
    assert (tags["trained_as_of"], tags["fitted_to"]) == ("2013-04-01", "2013-02-28")
    assert tags["decision"] == decision["outcome"]

    before = project.digest("*/**/*")
    again = project.kedro(*RUN)
    assert again.returncode == 0, again.stderr
    assert "Version 2 of flight-delays was trained as of 2013-04-01" in again.stdout
    assert "No nodes ran" not in again.stdout
    assert project.digest("*/**/*") == before
    assert len(client.search_model_versions(f"name = '{NAME}'")) == 2


def test_without_a_version_the_first_is_made_and_promoted_by_the_absolute_gates(
    project: Project, tracking_store: Path, type_kedro: Callable[..., str]
) -> None:
    """The first one fails them, on the day after it another does not."""
    (project.path / "mlflow.db").write_bytes(tracking_store.read_bytes())
    rmtree(project.path / "mlartifacts")
    rmtree(project.path / "data/06_models")
    thin_out(project)
    too_strict = "--params=promotion.max_calibration_error=0.000001"
    type_kedro(project, *RUN, too_strict)
    decision = read_decision(project)
    assert (decision["outcome"], decision["challenger"]) == ("unchanged", None)
    assert decision["reason"] == "no version is challenger; their tags gates say why."
    client = open_registry(project)
    assert client.get_model_version(NAME, "1").tags["gates"].startswith("failed: ")
    assert client.get_registered_model(NAME).aliases == {}
    assert "Version 1 of flight-delays was trained as of" in type_kedro(project, *RUN)

    type_kedro(project, *RUN, "--params=continuous_training.as_of=2013-04-02")
    assert (read_decision(project)["outcome"], read_decision(project)["champion"]) == (
        "promoted",
        None,
    )
    assert client.get_registered_model(NAME).aliases == {"challenger": 2, "champion": 2}
