"""A second run, pipeline by pipeline and each in a new process, gives the same to the last byte."""

from shutil import copytree

import pytest

from projects import Project

PIPELINES = [
    "data_collection",
    "data_processing",
    "feature_engineering",
    "training",
    "evaluation",
]


@pytest.fixture(scope="module")
def runs(
    sample: Project, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, bytes], dict[str, bytes], str]:
    """Everything under data after the first run and after the second, and what that printed."""
    project = Project.clone(tmp_path_factory.mktemp("again") / "project")
    copytree(sample.path / "data", project.path / "data")
    first = project.digest("**/*.*")
    printed = ""
    for pipeline in PIPELINES:
        done = project.kedro("run", f"--pipeline={pipeline}")
        assert done.returncode == 0, done.stdout + done.stderr
        printed += done.stdout
    return first, project.digest("**/*.*"), printed


def test_raw_data_is_left_alone(runs: tuple[dict[str, bytes], dict[str, bytes], str]) -> None:
    first, second, printed = runs
    raw = [name for name in first if "/01_raw/" in name]
    assert len(raw) == 6
    for name in raw:
        assert f"{name} is already there and is left alone" in printed
        assert first[name] == second[name]


@pytest.mark.parametrize(
    "pattern", ["train.parquet", "test_predictions.parquet", "test_metrics.json"]
)
def test_outputs_are_identical(
    runs: tuple[dict[str, bytes], dict[str, bytes], str], pattern: str
) -> None:
    first, second, _ = runs
    (name,) = [name for name in first if name.endswith("/" + pattern)]
    assert first[name] == second[name]
