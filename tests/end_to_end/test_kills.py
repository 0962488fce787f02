"""kill -9 at every step of continuous training: the champion serves, the next run continues.

One run stops before each node and before each write to the registry, and what lies on disk at that
moment, which is what a kill would leave, is copied. After the last write the run is killed.
"""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, rmtree

import pytest
from mlflow import MlflowClient

from end_to_end.renewal import NAME, RUN, change_parameters, open_registry, thin_out
from flight_delays.pipelines.continuous_training import create_pipeline
from flight_delays.pipelines.continuous_training.nodes import is_judged
from flight_delays.registry import lock
from flight_delays.registry.store import read_registered_model
from projects import Project

STOPPED = """
import os, signal, sys
from pathlib import Path
from shutil import copytree, ignore_patterns

from kedro.framework.cli import main
from kedro.pipeline.node import Node
from mlflow import MlflowClient

kept = Path(sys.argv.pop(1))
left_out = ignore_patterns("01_raw", "conf", "notebooks", "src")


def stop_before(owner, name, describe):
    do = getattr(owner, name)

    def stop_and_do(self, *arguments, **named):
        moment = describe(self, *arguments)
        number = len([*kept.iterdir()])
        copytree(".", kept / f"{number:02} {moment}", ignore=left_out)
        if name == "delete_registered_model":
            os.kill(os.getpid(), signal.SIGKILL)
        return do(self, *arguments, **named)

    setattr(owner, name, stop_and_do)


stop_before(Node, "run", lambda node, *_: node.name)
for name, told in {
    "create_registered_model": 0,
    "update_model_version": 1,
    "set_model_version_tag": 2,
    "set_registered_model_alias": 1,
    "delete_registered_model": 0,
}.items():
    stop_before(MlflowClient, name, lambda _, *said, name=name, told=told: f"{name} {said[told]}")
main()
"""
# One of each kind of what the next run finds in the registry.
KINDS = (
    "unpack_candidate",  # a version that nobody has evaluated
    "select_recent",  # a challenger that nobody has decided on
    "set_registered_model_alias champion",  # all but the alias, and the lock is held
)

pytestmark = pytest.mark.slow


@pytest.fixture
def project(three_months: Project, tmp_path: Path) -> Project:
    """A project with a champion, few flights and no tables of an earlier training."""
    project = Project(copytree(three_months.path, tmp_path / "project"))
    thin_out(project)
    for layer in ("04_feature", "05_model_input", "07_model_output/prediction_log"):
        rmtree(project.path / "data" / layer)
    change_parameters(project, promotion={"non_inferiority_margin": 0.5})
    return project


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Iterator[list[Path]]:
    """What lay on disk, moment by moment; the project itself is left as the kill left it."""
    folder = tmp_path / "kept"
    folder.mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", STOPPED, str(folder), *RUN],
        cwd=project.path,
        env=os.environ | {"KEDRO_ENV": "test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    yield sorted(folder.iterdir())
    rmtree(folder)


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_whatever_is_killed_when_the_champion_serves_and_the_next_run_continues(
    three_months: Project,
    project: Project,
    kept: list[Path],
    tmp_path: Path,
    type_kedro: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moments = {folder.name[3:]: folder for folder in kept}
    assert {node.name for node in create_pipeline().nodes} <= moments.keys()
    assert digest(kept[-1]).items() <= digest(project.path).items()

    facts, models = digest(kept[0] / "data/03_primary"), digest(three_months.path / "mlartifacts")
    made = digest(project.path / "mlartifacts/models")
    for folder in kept:
        registered = read_registered_model(MlflowClient(f"sqlite:///{folder}/mlflow.db"), NAME)
        is_over = folder == kept[-1]
        champion = registered.aliases["champion"]
        assert champion == (2 if is_over else 1)
        assert digest(folder / "data/03_primary") == facts
        assert models.items() <= digest(folder / "mlartifacts").items()
        if version := registered.versions.get(2):  # registered only with all that it takes
            assert digest(folder / "mlartifacts/models") == made
            assert version.tags["trained_as_of"] == "2013-04-01"
            assert is_judged(version, champion) == is_over

    monkeypatch.setattr(lock, "ABANDONED_SECONDS", 0.0)  # as if a minute had passed
    for kind in KINDS:
        again = Project(copytree(project.path, tmp_path / kind))
        for name in ("data", "mlartifacts"):
            rmtree(again.path / name)
        copytree(moments[kind], again.path, dirs_exist_ok=True)
        client = open_registry(again)
        before = len(client.search_model_versions(f"name = '{NAME}'"))
        type_kedro(again, *RUN)
        newest = before + 1
        assert client.get_registered_model(NAME).aliases == {
            "challenger": newest,
            "champion": newest,
        }
        assert client.get_model_version(NAME, "1").tags["replaced_by"] == str(newest)
        assert [model.name for model in client.search_registered_models()] == [NAME]
        assert f"Version {newest} of {NAME} was trained as of" in type_kedro(again, *RUN)
    assert f"Version 2 of {NAME} was trained as of" in type_kedro(project, *RUN)
