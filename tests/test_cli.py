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
        r"\d\d:\d\d:\d\d  INFO     Done in \d s\n"
        r"MLflow run: collection \(\w{32}\), shown by `make mlflow`\n",
        done.stdout,
    )


def test_interrupted_process_leaves_a_killed_run(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCIDENT", "ctrl-c")
    assert run_process(project, "run").returncode == 1
    (run,) = project.list_runs()
    assert run.info.status == "KILLED"
