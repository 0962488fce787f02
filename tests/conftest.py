"""What tests share: Kedro projects to run, under the real hooks, settings and configuration."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import mlflow
import pytest
from hypothesis import HealthCheck, Phase, settings

from projects import Project, TinyProject, enter
from servers import TrackingServer
from sharing import make_once

ROOT = Path(__file__).parents[1]

os.environ["DO_NOT_TRACK"] = "1"  # Kedro and MLflow would report each command that tests run
# Threads that wait for each other on a busy machine take ten times as long.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# How long an example takes is a matter of who else uses the machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[*HealthCheck])
settings.load_profile("unhurried")
# Of a changed line it is enough to know that an example fails: to find the smallest takes minutes.
settings.register_profile("mutants", database=None, phases=[Phase.explicit, Phase.generate])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make the sample first: until it is there, another process has tests that need none."""
    items.sort(key=lambda item: item.path.name != "test_first_run.py")


@pytest.fixture(scope="session")
def tracking_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty MLflow store. It takes seconds to create its tables, so tests copy this one."""

    def make_tables(folder: Path) -> None:
        mlflow.MlflowClient(f"sqlite:///{folder}/mlflow.db").search_experiments()

    folder, _ = make_once(tmp_path_factory, "mlflow", make_tables)
    return folder / "mlflow.db"


@pytest.fixture
def enter_project(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Work in a project as if one had typed `cd`, until the test is over."""

    return partial(enter, monkeypatch=monkeypatch)


@pytest.fixture
def project(
    tmp_path: Path, tracking_store: Path, enter_project: Callable[[Path], None]
) -> Iterator[TinyProject]:
    """The tiny project."""
    path = shutil.copytree(ROOT / "tests" / "tiny_project", tmp_path / "tiny")
    shutil.copy(ROOT / "conf" / "logging.yml", path / "conf")
    shutil.copy(ROOT / "conf" / "base" / "mlflow.yml", path / "conf" / "base")
    shutil.copy(tracking_store, path)
    enter_project(path)
    yield TinyProject(path)
    for module in [name for name in sys.modules if name.partition(".")[0] == "tiny"]:
        del sys.modules[module]


@pytest.fixture
def whole_way(project: TinyProject) -> TinyProject:
    """The tiny project with a train and a test table, predictions and tracked metrics."""
    shutil.copytree(ROOT / "tests" / "whole_way", project.path, dirs_exist_ok=True)
    return project


@pytest.fixture
def fresh_clone(
    tmp_path: Path, tracking_store: Path, enter_project: Callable[[Path], None]
) -> Path:
    """The project itself, without data."""
    path = tmp_path / "clone"
    (path / "src").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", path)
    shutil.copytree(ROOT / "conf", path / "conf", ignore=shutil.ignore_patterns("local"))
    (path / "conf" / "local").mkdir()
    shutil.copy(tracking_store, path)
    enter_project(path)
    return path


@pytest.fixture(scope="session")
def first_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """A clone of the project after its first `kedro run` on two months, and what that printed."""

    def run_first(folder: Path) -> subprocess.CompletedProcess[str]:
        return Project.clone(folder / "project").kedro("run")

    folder, done = make_once(tmp_path_factory, "first", run_first)
    return Project(folder / "project"), done


@pytest.fixture(scope="session")
def sample(first_run: tuple[Project, subprocess.CompletedProcess[str]]) -> Project:
    """The project after its first run. Tests look at it, and break only copies of it."""
    return first_run[0]


@pytest.fixture(scope="session")
def promoted(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the sample, registry and all, whose challenger has become champion."""

    def promote(folder: Path) -> None:
        done = Project(shutil.copytree(sample.path, folder / "project")).kedro(
            "run", "--pipelines=promotion"
        )
        assert done.returncode == 0, done.stderr

    folder, _ = make_once(tmp_path_factory, "promoted", promote)
    return Project(folder / "project")


@pytest.fixture(scope="session")
def tracking_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrackingServer]:
    """A team's tracking server; `tracking_server.configure(project)` makes a project use it."""
    with TrackingServer.start(tmp_path_factory.mktemp("server")) as server:
        yield server
