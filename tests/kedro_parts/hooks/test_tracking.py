import hashlib
from pathlib import Path
from typing import Any

import mlflow
import pytest
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.framework.session import KedroSession
from kedro.runner import ThreadRunner

from flight_delays.errors import TrackingError
from flight_delays.kedro_parts.hooks import run_name
from flight_delays.kedro_parts.hooks.run_name import name_experiment, name_run
from projects import TinyProject, enter
from servers import find_free_port


def look(project: TinyProject, env: str | None = None) -> KedroContext:
    """Load the catalog, as notebooks, Kedro-Viz and `kedro catalog` do."""
    with KedroSession.create(project.path, env=env) as session:
        context: KedroContext = session.load_context()  # type: ignore[attr-defined]
    assert "raw_numbers" in context.catalog
    return context


def write_mlflow_yml(project: TinyProject, env: str, text: str) -> None:
    path = project.path / "conf" / env / "mlflow.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


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


def test_a_project_that_was_moved_finds_its_artifacts(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project.run()
    (project.path / "mlartifacts").mkdir(exist_ok=True)
    moved = TinyProject(project.path.rename(tmp_path / "moved"))
    enter(moved.path, monkeypatch)
    moved.run()
    (experiment,) = mlflow.search_experiments(filter_string="name = 'flight-delays'")
    assert experiment.artifact_location == (moved.path / "mlartifacts").as_uri()
    assert len(moved.list_runs()) == 2


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


def test_who_only_looks_opens_no_store_and_learns_where_it_is(project: TinyProject) -> None:
    (project.path / "mlflow.db").unlink()
    context: Any = look(project)
    uri = f"sqlite:///{project.path}/mlflow.db"
    assert mlflow.get_tracking_uri() == context.mlflow.server.mlflow_tracking_uri == uri
    assert not (project.path / "mlflow.db").exists()


def test_server_that_is_down_stops_a_run_and_not_who_looks(project: TinyProject) -> None:
    address = f"http://127.0.0.1:{find_free_port()}"
    write_mlflow_yml(project, "server", f"server: {{mlflow_tracking_uri: {address}}}")
    look(project, env="server")
    assert mlflow.get_tracking_uri() == address
    with (
        pytest.raises(TrackingError, match=address),
        KedroSession.create(project.path, env="server") as session,
    ):
        session.run()
    assert not (project.path / "data").exists()


def test_relative_store_is_the_projects(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    write_mlflow_yml(project, "local", "server: {mlflow_tracking_uri: mlruns}")
    look(project)
    assert mlflow.get_tracking_uri() == (project.path / "mlruns").as_uri()


def test_a_parameter_is_sent_once_with_all_its_leaves(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    log_params = mlflow.log_params
    monkeypatch.setattr(mlflow, "log_param", None)
    monkeypatch.setattr(mlflow, "log_params", lambda batch: (sent.append(batch), log_params(batch)))
    node = 'Node(fit_mean, ["raw_numbers", "params:training"], "{}", name="{}")'
    project.replace(
        "src/tiny/pipeline_registry.py",
        'Node(fit_mean, ["raw_numbers", "params:training"], "model")',
        f"{node.format('model', 'fit')}, {node.format('another', 'fit_again')}",
    )
    project.run("collection", "training")
    leaves = [{"collection.numbers"}, {"training.learning_rate", "training.trees.depth"}]
    assert [batch.keys() for batch in sent] == leaves


@pytest.mark.parametrize("strategy", ["fail", "truncate"])
def test_too_long_a_parameter_goes_the_way_of_mlflow_yml(
    project: TinyProject, strategy: str
) -> None:
    write_mlflow_yml(
        project, "local", f"tracking: {{params: {{long_params_strategy: {strategy}}}}}"
    )
    numbers = [*range(3000)]
    if strategy == "fail":
        with pytest.raises(ValueError, match=r"collection\.numbers"):
            project.run("collection", collection={"numbers": numbers})
        (run,) = project.list_runs()
        assert run.info.status == "FAILED"
    else:
        project.run("collection", collection={"numbers": numbers})
        (run,) = project.list_runs()
        assert run.data.params["collection.numbers"] == str(numbers)[:6000]


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "full"),
        ({"pipeline_names": []}, "full"),
        ({"pipeline_names": ["__default__"]}, "full"),
        ({"pipeline_names": ["b", "a"]}, "a+b"),
        ({"node_names": ("fit", "score")}, "nodes=fit,score"),
        ({"pipeline_names": ["a"], "tags": ("plots",)}, "a tags=plots"),
        ({"from_nodes": ["fit"], "to_outputs": ["model"]}, "from-nodes=fit to-outputs=model"),
        ({"pipeline_names": ["__default__"], "namespaces": ["x"]}, "namespaces=x"),
        ({"only_missing_outputs": True}, "only-missing-outputs"),
    ],
)
def test_name_run(asked: dict[str, Any], name: str) -> None:
    nothing = dict.fromkeys(("tags", "node_names", "from_nodes", "to_nodes"), ())
    assert name_run({"pipeline_names": None, **nothing} | asked) == name


@pytest.mark.parametrize(
    ("pipelines", "name"),
    [
        (["monitoring"], "flights-monitoring"),
        (["monitoring", "training"], "flights"),
        (["training"], "flights"),
        (None, "flights"),
    ],
)
def test_name_experiment(pipelines: list[str] | None, name: str) -> None:
    assert name_experiment("flights", {"pipeline_names": pipelines}) == name


def test_experiment_of_its_own_keeps_its_artifacts_where_a_moved_project_finds_them(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(run_name, "EXPERIMENTS_OF_THEIR_OWN", ("training",))
    project.run("collection")
    project.run("training")
    (project.path / "mlartifacts").mkdir(exist_ok=True)
    moved = TinyProject(project.path.rename(tmp_path / "moved"))
    enter(moved.path, monkeypatch)
    look(moved)
    experiments = {each.experiment_id: each for each in mlflow.search_experiments()}
    places = [experiments[run.info.experiment_id] for run in moved.list_runs()]
    assert [each.name for each in places] == ["flight-delays", "flight-delays-training"]
    folder = (moved.path / "mlartifacts").as_uri()
    assert [each.artifact_location for each in places] == [folder, folder]


def test_metric_bears_the_name_of_its_entry(project: TinyProject) -> None:
    project.replace(
        "conf/base/catalog.yml",
        "model: {type: json.JSONDataset, filepath: data/06_models/model.json}",
        "model: {type: kedro_mlflow.io.metrics.MlflowMetricDataset}",
    )
    project.replace("src/tiny/pipeline_registry.py", 'return {"mean":', "return float(")
    project.replace("src/tiny/pipeline_registry.py", ".mean()}", ".mean())")
    project.run("collection", "training")
    (run,) = project.list_runs()
    assert run.data.metrics == {"model": 2.0}
