from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml

from flight_delays.errors import DataError
from flight_delays.lineage.copying import (
    check_paths_inside,
    configure,
    copy_code,
    copy_tables,
    name_package,
)
from flight_delays.lineage.provenance import digest_table
from repositories import commit_all


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a commit, and changed since."""
    path = tmp_path / "project"
    files = (
        "src/a.py",
        "conf/base/catalog.yml",
        "conf/local/credentials.yml",
        "src/__pycache__/a.pyc",
        "data/01_raw/planes.csv",
    )
    for name in files:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("old")
    (path / ".gitignore").write_text("data\n__pycache__\nlocal\n")
    commit_all(path)
    for name in files:
        (path / name).write_text("new")
    return path


def list_texts(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".git")
    }


def test_copy_of_a_commit_has_what_is_not_in_git_as_it_is_now(project: Path) -> None:
    with copy_code(project, "HEAD") as copy:
        assert list_texts(copy) == {
            "src/a.py": "old",
            "conf/base/catalog.yml": "old",
            "conf/local/credentials.yml": "new",
        }
    assert not copy.exists()
    assert (project / "src/a.py").read_text() == "new"


def test_copy_of_the_present_has_code_and_conf_and_no_caches(project: Path) -> None:
    with copy_code(project, None) as copy:
        assert list_texts(copy) == {
            "src/a.py": "new",
            "conf/base/catalog.yml": "new",
            "conf/local/credentials.yml": "new",
        }
    assert not copy.exists()


def test_deliveries_that_came_after_the_run_are_left_out(project: Path, tmp_path: Path) -> None:
    entry = {"path": "data/01_raw/deliveries", "metadata": {"kedro-viz": {"layer": "raw"}}}
    catalog = {"raw_deliveries": entry}
    source, digests = project / entry["path"], [None]
    for number in (1, 2, 3):
        (source / f"{number}").mkdir(parents=True)
        (source / f"{number}/weather.csv").write_text("old")
        digests.append(digest_table("raw_deliveries", entry | {"path": str(source)}))
    for kept, digest in enumerate(digests):
        copy = tmp_path / f"copy {kept}"
        copy_tables(project, catalog, copy, catalog, {"raw_deliveries": digest} if digest else {})
        names = sorted(path.name for path in (copy / entry["path"]).iterdir())
        assert names == ["1", "2", "3"][:kept]
    assert len([*source.iterdir()]) == 3


def test_raw_tables_go_where_the_copy_reads_them(project: Path, tmp_path: Path) -> None:
    (project / "data/01_raw/flights").mkdir()
    (project / "data/01_raw/flights/2013-01.csv").write_text("january")
    raw = {"metadata": {"kedro-viz": {"layer": "raw"}}}
    there = {
        "raw_flights": {**raw, "path": "data/01_raw/flights"},
        "raw_planes": {**raw, "filepath": "data/01_raw/planes.csv"},
        "raw_airlines": {**raw, "filepath": "data/01_raw/airlines.csv"},
        "raw_weather": {**raw, "filepath": "data/01_raw/weather.csv"},
        "model": {"filepath": "data/06_models/model"},
    }
    here = there | {"raw_planes": {**raw, "filepath": "data/raw/planes.csv"}}
    del here["raw_weather"]
    copy_tables(project, there, tmp_path / "copy", here, {})
    assert list_texts(tmp_path / "copy") == {
        "data/01_raw/flights/2013-01.csv": "january",
        "data/raw/planes.csv": "new",
    }


def test_copy_counts_as_an_installed_package(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    name_package(tmp_path, "zebra", "1.0")
    (package,) = distributions(path=[str(tmp_path / "src")])
    assert (package.name, package.version) == ("zebra", "1.0")


@pytest.mark.parametrize("path", ["s3://bucket/model", "/shared/model"])
def test_output_outside_the_project_is_refused(path: str) -> None:
    with pytest.raises(DataError, match=rf"might write over model \({path}\)"):
        check_paths_inside({"model": {"dataset": {"filepath": path}}})


def test_paths_inside_the_project_and_what_is_delivered_are_let_through() -> None:
    delivered = {"metadata": {"kedro-viz": {"layer": "delivered"}}}
    check_paths_inside(
        {
            "model": {"filepath": "data/model"},
            "registered_model": {"name": "flight-delays"},
            "delivered_flights": {**delivered, "filepath": "/lib/flights.csv"},
        }
    )


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


def test_a_delivery_is_not_taken_in_again(tmp_path: Path) -> None:
    parameters = {"data_collection": {"delivery": "new/january", "months": ["2013-01"]}}
    base = tmp_path / "conf/base"
    base.mkdir(parents=True)
    (base / "mlflow.yml").write_text("tracking: {}\n")
    configure(tmp_path, parameters)
    written = yaml.safe_load((base / "parameters.yml").read_text())
    assert written == {"data_collection": {"delivery": None, "months": ["2013-01"]}}
    assert parameters["data_collection"]["delivery"] == "new/january"
