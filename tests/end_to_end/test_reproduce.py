"""`kedro reproduce` on the project's own run, which an earlier process made."""

import os
from pathlib import Path
from shutil import copytree

import mlflow
import pytest

from projects import Project


@pytest.fixture
def copy(sample: Project, tmp_path: Path) -> Project:
    """A copy of the finished project, to change."""
    return Project(Path(copytree(sample.path, tmp_path / "project", symlinks=True)))


@pytest.fixture
def run_id(sample: Project) -> str:
    """The run that went the whole way."""
    client = mlflow.MlflowClient(f"sqlite:///{sample.path}/mlflow.db")
    experiment = client.get_experiment_by_name("flight-delays")
    (run,) = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'full'")
    return str(run.info.run_id)


def test_run_of_an_earlier_process_is_identical_and_nothing_is_touched(
    copy: Project, run_id: str
) -> None:
    before = copy.digest("**/*.*"), (copy.path / "mlflow.db").read_bytes()
    done = copy.kedro("reproduce", run_id)
    assert (done.returncode, done.stderr) == (0, "")
    rows = [line.split() for line in done.stdout.splitlines()]
    for check in ("lock", "raw_flights", "raw_planes", "packages", "parameters"):
        assert [check, "same"] in rows
    assert done.stdout.splitlines()[-1].startswith("identical: ")
    assert (copy.digest("**/*.*"), (copy.path / "mlflow.db").read_bytes()) == before


def test_changed_parameter_byte_and_package_are_named_and_the_runs_parameter_is_used(
    copy: Project, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = copy.path / "conf/test/parameters.yml"
    conf.write_text(conf.read_text().replace("learning_rate: 0.2", "learning_rate: 0.3"))
    with (copy.path / "data/01_raw/planes.csv").open("a") as planes:
        planes.write("\n")  # an empty line, which no table shows
    metadata = copy.path / "elsewhere/zipp-0.0.1.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: zipp\nVersion: 0.0.1\n")
    path = os.pathsep.join([str(metadata.parents[1]), os.environ.get("PYTHONPATH", "")])
    monkeypatch.setenv("PYTHONPATH", path)

    done = copy.kedro("reproduce", run_id)
    assert (done.returncode, done.stderr) == (0, "")
    changed = {row[:-2]: row[-2:] for line in done.stdout.splitlines() if (row := (*line.split(),))}
    assert changed["training.classifier.learning_rate",] == ("0.2", "0.3")
    assert changed["package", "zipp"][1] == "0.0.1"
    assert "same" not in changed["raw_planes",]
    assert done.stdout.splitlines()[-1].startswith("identical: ")
