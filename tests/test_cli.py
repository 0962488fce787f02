"""`kedro run` as it is typed: what it tells of errors, and what it prints to a pipe."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result
from kedro.framework.cli.cli import KedroCLI

from projects import TinyProject


def type_command(project: TinyProject, *command: str) -> Result:
    return CliRunner().invoke(KedroCLI(project.path), command)


def run_process(project: TinyProject, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kedro", *command],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            ["--params=training.lerning_rate=0.2"],
            "There is no parameter training.lerning_rate: did you mean training.learning_rate?",
        ),
        (["--from-nodes=nothing"], "Pipeline does not contain nodes named ['nothing']."),
        (["--pipeline=training"], "These inputs do not exist yet: raw_numbers"),
        (["--pipeline=trainin"], "Failed to find the pipeline named 'trainin'"),
        (["--env=nowhere"], "Given configuration path either does not exist"),
        (["--pipeline=training", "--pipelines=training"], "Give --pipeline or --pipelines"),
    ],
)
def test_wrong_command_is_told_in_one_message(
    project: TinyProject, command: list[str], message: str
) -> None:
    result = type_command(project, "run", *command)
    assert result.exit_code != 0
    assert f"Error: {message}" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["--async"], "Saved in threads of their own, as --async does"),
        (["--runner-params=is_async=True"], "Saved in threads of their own, as --async does"),
        (["--runner=ParallelRunner"], "ParallelRunner calls no hooks in its processes"),
        (["--runner=kedro.runner.ParallelRunner"], "ParallelRunner calls no hooks"),
        (["--load-versions=model:2026-01-01T00.00.00.000Z"], "Nothing in the catalog is versioned"),
    ],
)
def test_what_does_not_work_here_is_refused_before_anything_is_opened(
    project: TinyProject, command: list[str], message: str
) -> None:
    (project.path / "mlflow.db").unlink()
    result = type_command(project, "run", *command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {message}" in result.stderr
    assert not (project.path / "mlflow.db").exists()


def test_threads_run_nodes_side_by_side(project: TinyProject) -> None:
    assert type_command(project, "run", "--runner=ThreadRunner").exit_code == 0


def test_run_is_named_by_what_was_typed(project: TinyProject) -> None:
    node = type_command(project, "registry", "describe", "collection").stdout.split()[-2]
    result = type_command(project, "run", f"--nodes={node}")
    assert f"MLflow run: nodes={node} (" in result.stdout


def test_parameter_that_conf_asks_for_is_none_of_the_pipelines(project: TinyProject) -> None:
    project.replace(
        "conf/base/catalog.yml", "data/01_raw", '"${runtime_params:folders.raw, data/01_raw}'
    )
    project.replace("conf/base/catalog.yml", "numbers.csv", 'numbers.csv"')
    result = type_command(project, "run", "--pipeline=collection", "--params=folders.raw=elsewhere")
    assert result.exit_code == 0, result.stderr
    assert (project.path / "elsewhere" / "numbers.csv").exists()
    refused = type_command(project, "run", "--params=folder.raw=elsewhere")
    assert "There is no parameter folder." in refused.stderr


@pytest.mark.parametrize("command", ["list-patterns", "describe-datasets", "resolve-patterns"])
def test_catalog_commands_ask_no_server_and_make_no_store(
    project: TinyProject, command: str
) -> None:
    (project.path / "mlflow.db").unlink()
    server = project.path / "conf" / "server" / "mlflow.yml"
    server.parent.mkdir()
    server.write_text("server: {mlflow_tracking_uri: http://127.0.0.1:9}")
    for env in ([], ["--env=server"]):
        result = type_command(project, "catalog", command, *env)
        assert result.exit_code == 0, result.output
        assert "WARNING" not in result.output
    assert not (project.path / "mlflow.db").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("conf/base/parameters.yml", "training:", "training: [", "Invalid YAML or JSON file"),
        ("conf/base/catalog.yml", "json.JSON", "json.JASON", "Dataset 'JASONDataset' not found"),
        (
            "conf/base/catalog.yml",
            "data/01_raw/numbers.csv",
            "${package_file:nothing,numbers.csv}",
            "The package nothing, which brings numbers.csv, is not installed",
        ),
    ],
)
def test_wrong_file_of_conf_is_told_in_one_message(
    project: TinyProject, file: str, old: str, new: str, message: str
) -> None:
    project.replace(file, old, new)
    result = type_command(project, "run")
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_data_error_in_a_node_is_one_message(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "data")
    result = type_command(project, "run")
    assert (result.exit_code, result.stderr) == (1, "Error: The table raw_numbers is too odd.\n")


def test_bug_in_a_node_keeps_its_traceback(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "bug")
    assert isinstance(type_command(project, "run").exception, ZeroDivisionError)


def test_run_prints_a_line_per_node_and_nothing_else(project: TinyProject) -> None:
    (project.path / "mlflow.db").unlink()  # as in a fresh clone
    done = run_process(project, "run", "--pipeline=collection")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(
        r"\d\d:\d\d:\d\d  INFO     \[1/1\] collect_numbers__\w+\n"
        r"\d\d:\d\d:\d\d  INFO     Done in \d+ s\n"
        r"MLflow run: collection \(\w{32}\), shown by `make mlflow`\n",
        done.stdout,
    )


@pytest.mark.slow
def test_interrupted_process_leaves_a_killed_run(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "ctrl-c")
    assert run_process(project, "run").returncode == 1
    (run,) = project.list_runs()
    assert run.info.status == "KILLED"


def test_a_run_with_nothing_to_do_says_so_and_ends_well(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ACCIDENT", "done")
    result = type_command(project, "run")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "The model is there already."
    assert "--from-nodes" not in caplog.text  # Kedro's advice after an error
    (run,) = project.list_runs()
    assert run.info.status == "FINISHED"
    monkeypatch.setenv("EXIT_CODE_IF_NOTHING_TO_DO", "99")  # for a scheduler
    assert type_command(project, "run").exit_code == 99
    monkeypatch.setenv("ACCIDENT", "data")
    assert type_command(project, "run").exit_code == 1
    assert "--from-nodes" in caplog.text
