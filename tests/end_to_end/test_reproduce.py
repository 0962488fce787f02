"""`kedro reproduce` on the project's own run: its rerun writes the same to the last byte."""

import os
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import Any, NamedTuple

import mlflow
import pytest
from click.testing import CliRunner, Result
from kedro.framework.cli.cli import KedroCLI

from flight_delays.lineage import reproduce
from flight_delays.lineage.record import Outcome
from flight_delays.registry.relocation import relocate_artifacts
from projects import ROOT, Project, enter
from repositories import commit_all, git

pytestmark = pytest.mark.slow

CODE = "src/flight_delays/modelling/estimators.py"
# These name the MLflow run, or hold the moment in which they were written. What the models say of
# each flight is compared all the same: it is among the outputs.
DIFFERENT = {
    "data/06_models/candidate.json",
    "data/06_models/model.skops",
    "data/06_models/reference_models.skops",
    "data/08_reporting/model_card.md",
}


class Repetition(NamedTuple):
    """A repeated run: the project, digests of it before, what was told, what the rerun wrote."""

    project: Project
    before: dict[str, str]
    told: Result
    again: Project


def commit_sample(sample: Project, path: Path) -> tuple[Project, str]:
    """Copy the finished project into a git repository, as if its run were made from a commit."""
    copytree(sample.path, path, ignore=ignore_patterns("__pycache__"))
    copy(ROOT / ".gitignore", path)
    relocate_artifacts(path / "mlflow.db", "flight-delays", path / "mlartifacts")
    commit_all(path)
    client = mlflow.MlflowClient(f"sqlite:///{path}/mlflow.db")
    experiment = client.get_experiment_by_name("flight-delays")
    (run,) = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'full'")
    client.set_tag(run.info.run_id, "git_commit", git(path, "rev-parse", "HEAD"))
    client.set_tag(run.info.run_id, "git_dirty", "false")
    return Project(path), str(run.info.run_id)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def digest(project: Project) -> dict[str, str]:
    return project.digest("**/*.*") | project.digest("../mlflow.db")


@pytest.fixture(scope="module")
def repetition(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Repetition:
    """The sample's run again, after a change of code, parameters and a table."""
    folder = tmp_path_factory.mktemp("reproduce")
    project, run_id = commit_sample(sample, folder / "project")
    edit(project.path / CODE, "random_state=parameters", "random_state=1 + parameters")
    commit_all(project.path)
    edit(project.path / "conf/test/parameters.yml", "learning_rate: 0.2", "learning_rate: 0.3")
    with (project.path / "data/01_raw/planes.csv").open("a") as planes:
        planes.write("\n")  # an empty line, which no table shows
    rerun = reproduce.rerun

    def keep(copy: Path, *arguments: Any) -> Outcome:
        outcome = rerun(copy, *arguments)
        copytree(copy / "data", folder / "again/data")  # or it would be removed with the copy
        return outcome

    before = digest(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reproduce, "rerun", keep)
        patch.setenv("KEDRO_ENV", "test")
        enter(project.path, patch)
        told = CliRunner().invoke(KedroCLI(project.path), ["reproduce", run_id])
    return Repetition(project, before, told, Project(folder / "again"))


def test_run_is_identical_whatever_has_changed_since(repetition: Repetition) -> None:
    told = repetition.told
    assert (told.exit_code, told.stderr) == (0, ""), told.output
    lines = [line.split() for line in told.stdout.splitlines()]
    rows = {(*line[:-2],): (*line[-2:],) for line in lines}
    assert rows["training.classifier.learning_rate",] == ("0.2", "0.3")
    for changed in (("git", "commit"), ("uncommitted", "changes"), ("raw_planes",)):
        assert "same" not in rows[changed]
    for check in ("lock", "raw_flights", "raw_weather", "packages"):
        assert [check, "same"] in lines
    assert told.stdout.splitlines()[-1].startswith("identical: ")
    assert told.stdout.splitlines()[-1].endswith(" metrics and the predictions")


def test_nothing_is_touched(repetition: Repetition) -> None:
    assert digest(repetition.project) == repetition.before
    assert len(git(repetition.project.path, "worktree", "list").splitlines()) == 1


def test_raw_data_that_is_there_is_left_alone(repetition: Repetition) -> None:
    project, _, _, again = repetition
    raw = project.digest("01_raw/**/*.*")
    assert len(raw) == 6
    # A copied file has the time of the one it was copied from, until somebody writes it.
    written = {name: (project.path / name).stat().st_mtime for name in raw}
    assert {name: (again.path / name).stat().st_mtime for name in raw} == written
    assert again.digest("01_raw/**/*.*") == raw


def test_outputs_are_identical(repetition: Repetition) -> None:
    first = repetition.project.digest("**/*.*")
    second = repetition.again.digest("**/*.*")
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= DIFFERENT


def test_run_is_identical_in_an_environment_built_from_its_lock(
    sample: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, run_id = commit_sample(sample, tmp_path / "project")
    metadata = project.path / "elsewhere/zipp-0.0.1.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: zipp\nVersion: 0.0.1\n")
    path = os.pathsep.join([str(metadata.parents[1]), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)
    done = project.kedro("reproduce", run_id)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = done.stdout.splitlines()
    assert ["package", "zipp", "0.0.1"] in [
        [*line.split()[:2], line.split()[-1]] for line in lines if line.split()
    ]
    assert any(line.startswith("Building the environment of its lock") for line in lines)
    assert lines[-1].startswith("identical: ")
    (environment,) = [path for path in (project.path / ".environments").iterdir() if path.is_dir()]
    assert (environment / "bin/python").exists()
    assert ".environments" not in git(project.path, "status", "--porcelain")
