"""`kedro reproduce` on the project's own run, which an earlier process made."""

import os
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import mlflow
import pytest

from flight_delays.registry.relocation import relocate_artifacts
from projects import ROOT, Project
from repositories import commit_all, git

CODE = "src/flight_delays/modelling/estimators.py"


@pytest.fixture
def project(sample: Project, tmp_path: Path) -> Project:
    """A copy of the finished project in a git repository, to change."""
    path = tmp_path / "project"
    copytree(sample.path, path, ignore=ignore_patterns("__pycache__"))
    copy(ROOT / ".gitignore", path)
    relocate_artifacts(path / "mlflow.db", "flight-delays", path / "mlartifacts")
    commit_all(path)
    return Project(path)


@pytest.fixture
def run_id(project: Project) -> str:
    """The run that went the whole way, as if the repository had been there already."""
    client = mlflow.MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    experiment = client.get_experiment_by_name("flight-delays")
    (run,) = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'full'")
    client.set_tag(run.info.run_id, "git_commit", git(project.path, "rev-parse", "HEAD"))
    client.set_tag(run.info.run_id, "git_dirty", "false")
    return str(run.info.run_id)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_run_is_identical_whatever_has_changed_since_and_nothing_is_touched(
    project: Project, run_id: str
) -> None:
    edit(project.path / CODE, "random_state=parameters", "random_state=1 + parameters")
    commit_all(project.path)
    edit(project.path / "conf/test/parameters.yml", "learning_rate: 0.2", "learning_rate: 0.3")
    with (project.path / "data/01_raw/planes.csv").open("a") as planes:
        planes.write("\n")  # an empty line, which no table shows
    before = project.digest("**/*.*") | project.digest("../mlflow.db")
    done = project.kedro("reproduce", run_id)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    rows = {row[:-2]: row[-2:] for line in done.stdout.splitlines() if (row := (*line.split(),))}
    assert rows["training.classifier.learning_rate",] == ("0.2", "0.3")
    for changed in (("git", "commit"), ("uncommitted", "changes"), ("raw_planes",)):
        assert "same" not in rows[changed]
    lines = [line.split() for line in done.stdout.splitlines()]
    for check in ("lock", "raw_flights", "raw_weather", "packages"):
        assert [check, "same"] in lines
    assert done.stdout.splitlines()[-1].startswith("identical: ")
    assert done.stdout.splitlines()[-1].endswith(" metrics and the predictions")
    assert project.digest("**/*.*") | project.digest("../mlflow.db") == before
    assert len(git(project.path, "worktree", "list").splitlines()) == 1


@pytest.mark.slow
def test_run_is_identical_in_an_environment_built_from_its_lock(
    project: Project, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
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
