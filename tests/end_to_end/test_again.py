"""A second run, in two parts and each in a new process, gives the same to the last byte."""

from shutil import copytree

import pytest

from projects import Project

PARTS = ["data_collection,data_processing,feature_engineering", "training,evaluation"]
# These name the MLflow run, or hold the moment in which they were written. What the models say of
# each flight is compared all the same: it is among the outputs.
DIFFERENT = {
    "data/06_models/candidate.json",
    "data/06_models/model.skops",
    "data/06_models/reference_models.skops",
    "data/08_reporting/model_card.md",
}

pytestmark = pytest.mark.slow

Runs = tuple[dict[str, bytes], dict[str, bytes], str]


@pytest.fixture(scope="module")
def runs(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Everything under data after the first run and after the second, and what that printed."""
    project = Project.clone(tmp_path_factory.mktemp("again") / "project")
    copytree(sample.path / "data/01_raw", project.path / "data/01_raw")
    printed = ""
    for pipelines in PARTS:
        done = project.kedro("run", f"--pipelines={pipelines}")
        assert done.returncode == 0, done.stdout + done.stderr
        printed += done.stdout
    return sample.digest("**/*.*"), project.digest("**/*.*"), printed


def test_raw_data_is_left_alone(runs: Runs) -> None:
    first, _, printed = runs
    raw = [name for name in first if "/01_raw/" in name]
    assert len(raw) == 6
    assert [
        name for name in raw if f"{name} is already there and is left alone" not in printed
    ] == []


def test_outputs_are_identical(runs: Runs) -> None:
    first, second, _ = runs
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} <= DIFFERENT
