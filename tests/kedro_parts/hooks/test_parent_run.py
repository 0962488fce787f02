"""The runs of a scheduler's tasks are below one run, which ends as the last of them does."""

import signal
from collections.abc import Iterator

import mlflow
import pytest
from mlflow.entities import Run

from flight_delays.errors import NothingToDo
from projects import TinyProject

PARENT = "monitoring scheduled__2013-12-17T11:00:00+00:00"


def list_tree(project: TinyProject) -> tuple[Run, list[Run]]:
    """List the parent, and the runs below it."""
    (parent,) = (run for run in project.list_runs() if run.info.run_name == PARENT)
    children = [
        run
        for run in project.list_runs()
        if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
    ]
    return parent, children


@pytest.fixture
def below(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MLFLOW_PARENT_RUN", PARENT)
    handler = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.usefixtures("below")
def test_tasks_share_a_parent_and_a_killed_attempt_is_closed_by_the_next(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.run("collection")
    project.run("training")
    parent, tasks = list_tree(project)
    assert [run.info.run_name for run in tasks] == ["collection", "training"]
    client = mlflow.MlflowClient()
    for run in (parent, *tasks):  # as a kill leaves them
        client.update_run(run.info.run_id, status="RUNNING")
    project.run("training")
    monkeypatch.setenv("MLFLOW_PARENT_RUN", "another")
    project.run("training")
    parent, tasks = list_tree(project)
    assert [run.info.status for run in tasks] == ["RUNNING", "KILLED", "FINISHED"]
    assert (parent.info.status, len(project.list_runs())) == ("FINISHED", 6)


@pytest.mark.usefixtures("below")
def test_the_parent_ends_as_its_last_task_does(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "bug")
    with pytest.raises(ZeroDivisionError):
        project.run()
    assert list_tree(project)[0].info.status == "FAILED"
    monkeypatch.setenv("ACCIDENT", "done")
    with pytest.raises(NothingToDo):
        project.run()
    parent, attempts = list_tree(project)
    assert parent.info.status == "FINISHED"
    assert [run.info.status for run in attempts] == ["FAILED", "FINISHED"]


@pytest.mark.usefixtures("below")
def test_a_task_that_the_scheduler_ends_is_killed_and_so_is_the_parent(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "ctrl-c")
    with pytest.raises(KeyboardInterrupt):
        project.run()
    monkeypatch.delenv("ACCIDENT")
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    monkeypatch.delenv("MLFLOW_PARENT_RUN")
    project.run()
    parent, tasks = list_tree(project)
    assert [run.info.status for run in (parent, *tasks)] == ["KILLED", "KILLED"]
