"""`kedro reproduce` as it is typed, on the tiny project in a git repository."""

import io
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
from click.testing import CliRunner, Result
from kedro.framework.cli.cli import KedroCLI
from rich.console import Console

from flight_delays.lineage import reproduce
from flight_delays.lineage.provenance import list_packages
from flight_delays.lineage.record import Provenance
from flight_delays.lineage.reproduce import choose_python, describe_commit
from projects import TinyProject
from repositories import commit_all, git
from servers import find_free_port

CODE = "src/tiny/pipeline_registry.py"


def type_reproduce(project: TinyProject, *options: str) -> Result:
    """Type the command with the id of the first run."""
    run, *_ = project.list_runs()
    return CliRunner().invoke(KedroCLI(project.path), ["reproduce", run.info.run_id, *options])


@pytest.fixture
def committed(whole_way: TinyProject) -> TinyProject:
    """The project after a run with a parameter of its own, from a commit."""
    (whole_way.path / ".gitignore").write_text("data\nmlflow.db\nmlartifacts\n__pycache__\n")
    commit_all(whole_way.path)
    whole_way.run(training={"learning_rate": 0.7})
    return whole_way


def test_commit_of_the_run_is_identical_and_leaves_the_project_alone(
    committed: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = git(committed.path, "rev-parse", "HEAD")
    committed.replace(CODE, "predictions[0] -", "predictions[0] +")
    commit_all(committed.path)
    committed.replace(CODE, "tail(1)", "tail(2)")  # not committed
    monkeypatch.setenv("MLFLOW_RUN_ID", "another")  # MLflow would write into that run
    (committed.path / "data/07_model_output/predictions.json").write_text("mine")
    status = git(committed.path, "status", "--porcelain")
    result = type_reproduce(committed)
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    *checks, running, last = result.stdout.strip().splitlines()
    assert ["training.learning_rate", "0.7", "0.1"] in [check.split() for check in checks]
    assert ["git", "commit", commit[:12]] in [check.split()[:3] for check in checks]
    assert running == f"Running commit {commit[:12]} with the run's parameters, in a copy"
    assert last == "identical: 1 metrics and the predictions"
    assert len(committed.list_runs()) == 1
    assert (committed.path / "data/07_model_output/predictions.json").read_text() == "mine"
    assert git(committed.path, "status", "--porcelain") == status
    assert len(git(committed.path, "worktree", "list").splitlines()) == 1


def test_present_code_on_request_and_what_differs_is_named(whole_way: TinyProject) -> None:
    whole_way.run()  # without git
    whole_way.replace("data/01_raw/numbers.csv", "2", "4")
    whole_way.replace(CODE, "return [model", "return [1 + model")
    result = type_reproduce(whole_way, "--present-code")
    assert (result.exit_code, result.stderr) == (1, "")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [row[0] for row in rows if len(row) == 3 and row[0] != "the"] == [
        "raw_numbers",
        "raw_numbers",
        "train",
        "error",
        "predictions_digest",
    ]
    assert ["error", "-1.85", "-2.75"] in rows
    assert rows[-1] == ["different:", "2", "of", "2", "results"]


@pytest.mark.parametrize(
    ("commit", "message"),
    [
        ("unknown", "was not made from a git repository, so its code is not known"),
        ("1" * 40, f"was made from commit {'1' * 40}, which is not in a git repository here"),
    ],
)
def test_commit_that_cannot_be_had_is_refused(
    committed: TinyProject, commit: str, message: str
) -> None:
    (run,) = committed.list_runs()
    mlflow.MlflowClient().set_tag(run.info.run_id, "git_commit", commit)
    result = type_reproduce(committed)
    assert result.exit_code == 1
    assert f"Error: Run {run.info.run_id} {message}" in result.stderr
    assert "--present-code" in result.stderr


def test_terminated_process_ends_as_an_interrupted_one(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(*_: object) -> bool:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
        return True

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(reproduce, "reproduce", wait)
    try:
        result = CliRunner().invoke(KedroCLI(project.path), ["reproduce", "abc"])
    finally:
        signal.signal(signal.SIGTERM, before)
    assert result.stderr.strip() == "Aborted!"


THEN = Provenance(
    code={"git_commit": "c" * 40, "git_dirty": "false"},
    tables={},
    packages=list_packages(),
    parameters={},
)


@pytest.mark.parametrize("dirty", ["true", "unknown"])
def test_run_with_uncommitted_changes_says_what_cannot_be_had(dirty: str) -> None:
    clean = describe_commit(THEN)
    assert clean == f"Running commit {'c' * 12} with the run's parameters, in a copy"
    told = describe_commit(replace(THEN, code=THEN.code | {"git_dirty": dirty}))
    assert told.startswith(clean)
    assert "uncommitted changes: except for its parameters" in told


@pytest.mark.parametrize(
    ("changed", "has_lock", "is_built"),
    [
        ({}, True, False),
        ({"flight_delays": "0.0.1"}, True, False),  # its code is the copy's
        ({"zipp": "0.0.1"}, True, True),
        ({"zipp": "0.0.1"}, False, False),
    ],
)
def test_environment_of_the_lock_is_built_where_packages_differ(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    has_lock: bool,
    is_built: bool,
) -> None:
    def provide(lock: Path, folder: Path, console: Console) -> Path:
        assert (lock, folder) == (tmp_path / "requirements.txt", Path("project/.environments"))
        return Path("built")

    monkeypatch.setattr(reproduce, "provide_environment", provide)
    if has_lock:
        (tmp_path / "requirements.txt").touch()
    then = replace(THEN, packages=THEN.packages | changed)
    python = choose_python(then, THEN, tmp_path, Path("project"), Console(file=io.StringIO()))
    assert python == (Path("built") if is_built else Path(sys.executable))


def test_server_that_is_down_is_told_at_once(committed: TinyProject) -> None:
    address = f"http://127.0.0.1:{find_free_port()}"
    (committed.path / "conf/server").mkdir()
    text = f"server: {{mlflow_tracking_uri: {address}}}"
    (committed.path / "conf/server/mlflow.yml").write_text(text)
    result = type_reproduce(committed, "--env=server")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert address in result.stderr
    assert "make mlflow-server" in result.stderr
