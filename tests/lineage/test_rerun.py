import sys
from pathlib import Path

import pytest
from rich.console import Console

from flight_delays.errors import DataError
from flight_delays.lineage import rerun as module
from flight_delays.lineage.rerun import find_message, rerun


@pytest.mark.parametrize("python", [sys.executable, "/other/python"])
def test_process_knows_no_store_and_in_another_environment_no_other_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    def watch(command, folder, variables, *_):  # type: ignore[no-untyped-def]
        assert (command[0], command[3:6], folder) == (
            Path(python),
            ["run", "--env", "test"],
            tmp_path,
        )
        given.update(variables)
        command[-1].write_text('[{"train": "t1"}, {"predictions_digest": "p1"}, {"auc": 0.1}]')
        return 0, ""

    given: dict[str, str] = {}
    monkeypatch.setattr(module, "watch", watch)
    monkeypatch.setenv("MLFLOW_RUN_ID", "another")
    monkeypatch.setenv("PYTHONPATH", "/present/src")
    monkeypatch.setenv("KEPT", "yes")
    outcome = rerun(tmp_path, "test", Path(python), Console())
    assert outcome.metrics == {"auc": "0.1"}
    assert (outcome.tables, outcome.predictions) == ({"train": "t1"}, {"predictions_digest": "p1"})
    assert given["KEPT"] == "yes"
    assert "MLFLOW_RUN_ID" not in given
    assert ("PYTHONPATH" in given) == (python == sys.executable)


def test_failure_is_told_by_its_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "watch", lambda *_: (1, "12:00 INFO\nError: Too odd.\n"))
    with pytest.raises(DataError, match=r"^The rerun failed: Too odd\.$"):
        rerun(tmp_path, None, Path(sys.executable), Console())


@pytest.mark.parametrize(
    ("printed", "message"),
    [
        ("12:00 INFO [1/2] fit\nError: Too odd.\nAnd too old.\n", "Too odd.\nAnd too old."),
        ("Error: Too odd.", "Too odd."),
        (
            "Traceback:\n  line\nZeroDivisionError: division by zero\n",
            "ZeroDivisionError: division",
        ),
        ("", ""),
    ],
)
def test_last_message_of_a_failed_command(printed: str, message: str) -> None:
    assert find_message(printed).startswith(message)
