import hashlib

import mlflow
import pytest
from kedro.framework.hooks import hook_impl
from kedro.runner import ThreadRunner

from flight_delays.kedro_parts.hooks.tracking import name_run
from projects import TinyProject


def test_run_is_one_finished_mlflow_run_with_its_name_and_leaf_parameters(
    project: TinyProject,
) -> None:
    project.run()
    (run,) = project.list_runs()
    assert (run.info.run_name, run.info.status) == ("full", "FINISHED")
    assert run.data.params == {
        "collection.numbers": "[1, 2, 3]",
        "training.learning_rate": "0.1",
        "training.trees.depth": "3",
        "evaluation.headline_lead_minutes": "120",
    }


def test_sessions_of_one_process_have_runs_of_their_own(project: TinyProject) -> None:
    project.run()
    project.run("training", training={"learning_rate": 0.5})
    project.run("training", "evaluation")
    runs = project.list_runs()
    assert [run.info.run_name for run in runs] == ["full", "training", "evaluation+training"]
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert [run.data.params["training.learning_rate"] for run in runs] == ["0.1", "0.5", "0.1"]
    assert mlflow.active_run() is None


def test_threads_share_the_run(project: TinyProject) -> None:
    project.run(runner=ThreadRunner())
    project.run(runner=ThreadRunner())
    runs = project.list_runs()
    assert [run.info.status for run in runs] == ["FINISHED", "FINISHED"]
    assert all(run.data.params["training.trees.depth"] == "3" for run in runs)


@pytest.mark.parametrize("runner", [None, ThreadRunner()])
def test_run_with_a_failing_node_is_failed(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, runner: ThreadRunner | None
) -> None:
    monkeypatch.setenv("ACCIDENT", "bug")
    with pytest.raises(ZeroDivisionError):
        project.run(runner=runner)
    monkeypatch.delenv("ACCIDENT")
    project.run()
    failed, finished = project.list_runs()
    assert (failed.info.status, finished.info.status) == ("FAILED", "FINISHED")
    assert "data_sha256" in failed.data.tags


def test_interrupted_run_is_killed_when_the_next_session_begins(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "ctrl-c")
    with pytest.raises(KeyboardInterrupt):
        project.run()
    monkeypatch.delenv("ACCIDENT")
    project.run()
    assert [run.info.status for run in project.list_runs()] == ["KILLED", "FINISHED"]


@pytest.mark.parametrize(("hook", "statuses"), [("before", []), ("after", ["FINISHED"])])
def test_failure_of_another_hook_leaves_no_run_open(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, hook: str, statuses: list[str]
) -> None:
    class Clumsy:
        @hook_impl
        def before_pipeline_run(self) -> None:
            if hook == "before":
                raise RuntimeError

        @hook_impl
        def after_pipeline_run(self) -> None:
            raise RuntimeError

    from kedro.framework.project import settings

    monkeypatch.setattr(settings, "HOOKS", (*settings.HOOKS, Clumsy()))
    with pytest.raises(RuntimeError):
        project.run()
    assert [run.info.status for run in project.list_runs()] == statuses
    assert mlflow.active_run() is None


def test_store_is_the_projects_wherever_the_command_is_typed(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.path / "conf")
    project.run()
    assert len(project.list_runs()) == 1
    assert not (project.path / "conf" / "mlflow.db").exists()
    (experiment,) = mlflow.search_experiments(filter_string="name = 'flight-delays'")
    assert experiment.artifact_location == (project.path / "mlartifacts").as_uri()


def test_tags_tell_code_lock_and_data(project: TinyProject) -> None:
    (project.path / "requirements.txt").write_text("kedro==1.7.0\n")
    with (project.path / "conf" / "base" / "catalog.yml").open("a") as catalog:
        catalog.write("raw_memory: {type: MemoryDataset, metadata: {kedro-viz: {layer: raw}}}\n")
    project.run("collection")
    project.run("training")
    tags, later_tags = (run.data.tags for run in project.list_runs())
    table = hashlib.sha256(b"number\n1\n2\n3\n").hexdigest()
    digest = hashlib.sha256(f"raw_numbers {table}\n".encode()).hexdigest()
    assert tags["data_sha256"] == later_tags["data_sha256"] == digest
    assert tags["lock_sha256"] == hashlib.sha256(b"kedro==1.7.0\n").hexdigest()
    assert {"git_commit", "git_dirty"} <= tags.keys()


@pytest.mark.parametrize(
    ("names", "name"),
    [(None, "full"), ([], "full"), (["__default__"], "full"), (["b", "a"], "a+b")],
)
def test_name_run(names: list[str] | None, name: str) -> None:
    assert name_run(names) == name
