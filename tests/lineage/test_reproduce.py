"""`kedro reproduce` as it is typed, on the tiny project."""

import pytest
from click.testing import CliRunner, Result
from kedro.framework.cli.cli import KedroCLI

from flight_delays.errors import DataError
from flight_delays.lineage.reproduce import check_outputs_inside
from projects import TinyProject


def type_reproduce(project: TinyProject) -> Result:
    """Run the project, and type the command with the run's id."""
    run, *_ = project.list_runs()
    return CliRunner().invoke(KedroCLI(project.path), ["reproduce", run.info.run_id])


def test_run_with_parameters_of_its_own_is_identical_and_leaves_the_project_alone(
    whole_way: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_way.run(training={"learning_rate": 0.7})
    monkeypatch.setenv("MLFLOW_RUN_ID", "another")  # MLflow would write into that run
    (whole_way.path / "data/07_model_output/predictions.json").write_text("mine")
    result = type_reproduce(whole_way)
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    *checks, last = result.stdout.strip().splitlines()
    assert ["training.learning_rate", "0.7", "0.1"] in [check.split() for check in checks]
    assert last == "identical: 1 metrics and the predictions"
    assert len(whole_way.list_runs()) == 1
    assert (whole_way.path / "data/07_model_output/predictions.json").read_text() == "mine"


def test_changed_table_is_named_and_so_are_the_results_that_it_changes(
    whole_way: TinyProject,
) -> None:
    whole_way.run()
    whole_way.replace("data/01_raw/numbers.csv", "2", "4")
    result = type_reproduce(whole_way)
    assert (result.exit_code, result.stderr) == (1, "")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert [row[0] for row in rows if len(row) == 3 and row[0] != "the"] == [
        "raw_numbers",
        "error",
        "predictions_sha256",
    ]
    assert ["error", "-1.85", "-3.75"] in rows
    assert rows[-1] == ["different:", "2", "of", "2", "results"]


def test_failing_rerun_tells_its_message(
    whole_way: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_way.run()
    monkeypatch.setenv("ACCIDENT", "data")
    result = type_reproduce(whole_way)
    assert result.exit_code == 1
    assert result.stderr == "Error: The rerun failed: The table train is too odd.\n"


def test_outputs_inside_the_project_are_written_into_the_copy() -> None:
    catalog = {"model": {"filepath": "data/model"}, "delivered": {"filepath": "/lib/flights.csv"}}
    check_outputs_inside(catalog, {"model", "memory"})


@pytest.mark.parametrize("path", ["s3://bucket/model", "/shared/model"])
def test_output_outside_the_project_is_refused(path: str) -> None:
    with pytest.raises(DataError, match=rf"would write over model \({path}\)"):
        check_outputs_inside({"model": {"dataset": {"filepath": path}}}, {"model"})
