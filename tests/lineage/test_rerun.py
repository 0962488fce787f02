from pathlib import Path

import pytest
import yaml

from flight_delays.lineage.rerun import configure, copy_files, find_message


def test_copy_has_what_exists_and_no_caches(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for name in ("src/a.py", "src/__pycache__/a.pyc", "data/01_raw/planes.csv", "data/other.csv"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).touch()
    copy_files(source, target, ["src", "data/01_raw/planes.csv", "data/01_raw/flights"])
    files = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert files == {"src/a.py", "data/01_raw/planes.csv"}


def test_copy_has_the_runs_parameters_only_and_a_store_of_its_own(tmp_path: Path) -> None:
    files = {
        "base/catalog.yml": "a: {}",
        "base/parameters_training.yml": "training: {rate: 1}",
        "base/mlflow.yml": "{server: {mlflow_tracking_uri: here}, tracking: {run: {nested: true}}}",
        "server/mlflow.yml": "server: {mlflow_tracking_uri: there}",
        "test/parameters.yml": "training: {rate: 2}",
        "local/parameters/training.yml": "training: {rate: 3}",
    }
    for name, text in files.items():
        path = tmp_path / "conf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    configure(tmp_path, {"training": {"start": "2013-01-01"}})
    left = {
        str(path.relative_to(tmp_path / "conf")): yaml.safe_load(path.read_text())
        for path in (tmp_path / "conf").rglob("*.yml")
    }
    assert left == {
        "base/catalog.yml": {"a": {}},
        "base/parameters.yml": {"training": {"start": "2013-01-01"}},
        "base/mlflow.yml": {
            "server": {"mlflow_tracking_uri": f"sqlite:///{tmp_path}/mlflow.db"},
            "tracking": {"run": {"nested": True}},
        },
    }


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("12:00 INFO [1/2] fit\nError: Too odd.\nAnd too old.\n", "Too odd.\nAnd too old."),
        ("Error: Too odd.", "Too odd."),
        (
            "Traceback:\n  line\nZeroDivisionError: division by zero\n",
            "ZeroDivisionError: division",
        ),
        ("", ""),
    ],
)
def test_last_message_of_a_failed_command(printed: str, message: str) -> None:
    assert find_message(printed).startswith(message)
