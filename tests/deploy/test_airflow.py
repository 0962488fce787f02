"""The DAGs for Airflow: what they run, when, and in which order. Airflow itself is not needed."""

import ast
import shutil
from typing import Any

import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from docs.conf import load_conf
from flight_delays.pipeline_registry import register_pipelines
from projects import ROOT, enter

TABLES = ["data_collection", "data_processing"]
PARTS = ["plan", "feature_engineering", "training", "evaluation", "promotion"]
DAGS = {
    "inference": [*TABLES, "inference"],
    "monitoring": [*TABLES, "monitoring"],
    "continuous_training": [*TABLES, *PARTS],
}


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ast.Module]:
    """What `make airflow` writes, for the environment `server`."""
    project = tmp_path_factory.mktemp("project")
    (project / "src").mkdir()
    shutil.copy(ROOT / "pyproject.toml", project)
    shutil.copytree(ROOT / "conf", project / "conf", ignore=shutil.ignore_patterns("local"))
    (project / "conf/local").mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        enter(project, monkeypatch)
        (line,) = (
            line
            for line in (ROOT / "Makefile").read_text().replace("\\\n", "").splitlines()
            if "kedro airflow create" in line
        )
        for make, value in {
            "$(or $(ENV),local)": "server",
            '"project=$(CURDIR)"': "project=/srv/flights",
            "=deploy/": f"={ROOT}/deploy/",
            "$(AIRFLOW_HOME)/": "",
        }.items():
            assert make in line
            line = line.replace(make, value)
        done = CliRunner().invoke(KedroCLI(project), line.split()[1:])
    assert done.exit_code == 0, done.output
    return {
        name: ast.parse((project / f"dags/flight_delays_server_{name}_dag.py").read_text())
        for name in DAGS
    }


def find_calls(dag: ast.Module, name: str) -> list[ast.Call]:
    calls = [node for node in ast.walk(dag) if isinstance(node, ast.Call)]
    return [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]


def list_tasks(dag: ast.Module) -> dict[str, str]:
    """List what each task adds to `kedro run`."""
    (own,) = (
        ast.literal_eval(node.value)
        for node in dag.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "OWN"
    )
    calls = [[ast.unparse(each) for each in call.args] for call in find_calls(dag, "run")]
    return {
        ast.literal_eval(name): ast.literal_eval(options.removeprefix("f")).replace("{OWN}", own)
        for name, options in calls
    }


def list_settings(dag: ast.Module) -> dict[str, str]:
    """List the arguments of the DAG, and those of its tasks, as they are written."""
    (call,) = find_calls(dag, "DAG")
    settings: dict[str | None, ast.expr] = {each.arg: each.value for each in call.keywords}
    tasks: Any = settings.pop("default_args")
    return {str(name): ast.unparse(value) for name, value in settings.items()} | {
        ast.literal_eval(key): ast.unparse(value)
        for key, value in zip(tasks.keys, tasks.values, strict=True)
    }


@pytest.mark.parametrize("name", DAGS)
def test_a_pipeline_group_is_run_in_order(dags: dict[str, ast.Module], name: str) -> None:
    assert [*list_tasks(dags[name])] == DAGS[name]
    (chained,) = find_calls(dags[name], "chain")
    assert ast.unparse(chained) == "chain(*tasks.values())"


@pytest.mark.parametrize(
    ("name", "task", "options"),
    [
        ("inference", "data_processing", "--pipelines=data_processing --env=server"),
        (
            "inference",
            "inference",
            "--pipelines=inference --env=server"
            " --params=inference.as_of={{ moment.strftime('%Y-%m-%dT%H:%MZ') }}",
        ),
        (
            "monitoring",
            "monitoring",
            "--pipelines=monitoring --env=server --params=monitoring.period="
            "{{ (moment - macros.timedelta(days=16)).strftime('%Y-%m') }}",
        ),
        (
            "continuous_training",
            "plan",
            "--pipelines=continuous_training --env=server --params=continuous_training.as_of="
            "{{ moment.strftime('%Y-%m-01') }} --tags=plan",
        ),
        (
            "continuous_training",
            "training",
            "--pipelines=continuous_training --env=server --params=continuous_training.as_of="
            "{{ moment.strftime('%Y-%m-01') }} --tags=training",
        ),
    ],
)
def test_a_task_is_one_command_for_the_moment_of_its_run(
    dags: dict[str, ast.Module], name: str, task: str, options: str
) -> None:
    assert list_tasks(dags[name])[task] == options
    text = ast.unparse(dags[name])
    assert "bash_command=f'{MOMENT}exec .venv/bin/kedro run {options}', cwd='/srv/flights'" in text
    assert "'{% set moment = dag_run.logical_date or dag_run.run_after %}'" in text


@pytest.mark.parametrize(
    ("name", "cron", "delay"),
    [
        ("inference", "*/15 * * * *", 1),
        ("monitoring", "0 11 * * *", 5),
        ("continuous_training", "0 12 1 * *", 5),
    ],
)
def test_a_dag_has_its_times_and_retries_and_makes_up_for_nothing(
    dags: dict[str, ast.Module], name: str, cron: str, delay: int
) -> None:
    settings = list_settings(dags[name])
    assert settings["dag_id"] == f"'{name}_server'"
    assert settings["schedule"] == f"CronTriggerTimetable('{cron}', timezone='UTC')"
    assert (settings["catchup"], settings["max_active_runs"]) == ("False", "1")
    assert (settings["retries"], settings["pool"]) == ("2", "'flight-delays'")
    assert settings["retry_delay"] == f"timedelta(minutes={delay})"


def test_a_task_is_told_its_parent_and_how_to_say_that_nothing_was_to_do(
    dags: dict[str, ast.Module],
) -> None:
    (operator,) = find_calls(dags["monitoring"], "BashOperator")
    settings = {each.arg: each.value for each in operator.keywords}
    assert ast.literal_eval(settings["env"]) == {
        "MLFLOW_PARENT_RUN": "{{ dag.dag_id }} {{ run_id }}",
        "EXIT_CODE_IF_NOTHING_TO_DO": str(ast.literal_eval(settings["skip_on_exit_code"])),
    }
    assert ast.literal_eval(settings["append_env"])


@pytest.mark.parametrize("name", DAGS)
def test_nothing_travels_between_tasks_but_what_is_in_the_catalog(name: str) -> None:
    pipeline = register_pipelines()[name]
    tasks = [pipeline]
    if name == "continuous_training":
        tasks = [pipeline.only_nodes_with_tags(part) for part in PARTS]
        assert {node for task in tasks for node in task.nodes} == {*pipeline.nodes}
    made = set().union(*(task.all_outputs() for task in tasks))
    taken = set().union(*(task.inputs() for task in tasks))
    assert made & taken <= load_conf("catalog").keys()
