"""The champion says of flights to come what the evaluation has seen it say, from what was known."""

from pathlib import Path
from shutil import copytree

import mlflow
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from kedro.framework.cli.cli import KedroCLI
from kedro.server.http_server import create_http_server

from flight_delays.schemas.raw import RawFlights, RawTimetable
from projects import Project

pytestmark = pytest.mark.slow

AS_OF = pd.Timestamp("2013-02-20T19:00Z")
# What the delivered tables say once a flight has left, and once it has landed.
OUTCOMES = {
    "actual_departure": ["dep_time", "dep_delay"],
    "actual_arrival": ["arr_time", "arr_delay", "air_time"],
}


@pytest.fixture
def project(promoted: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(copytree(promoted.path, tmp_path / "project"))
    monkeypatch.chdir(project.path)
    return project


def run(project: Project, pipelines: str, *arguments: str) -> None:
    command = ["run", "--env=test", f"--pipelines={pipelines}", *arguments]
    result = CliRunner().invoke(KedroCLI(project.path), command)
    assert result.exit_code == 0, result.output


def infer(project: Project, *before: str) -> bytes:
    pipelines = ",".join([*before, "inference"])
    run(project, pipelines, "--params=inference.as_of=2013-02-20T19:00Z")
    (file,) = (project.path / "data/07_model_output/predictions").iterdir()
    assert file.name == "2013-02-20T1900Z.parquet"
    return file.read_bytes()


def test_a_batch_repeats_what_the_evaluation_said_and_ignores_what_came_after(
    project: Project,
) -> None:
    data = project.path / "data"
    logged_before = read_log(data)
    written = infer(project)
    predictions = pd.read_parquet(data / "07_model_output/predictions")
    said = pd.read_parquet(data / "07_model_output/test_predictions.parquet")
    said = said[said["prediction_time"] == AS_OF].set_index("flight_id")["late_probability"]
    assert len(said) > 2  # flights due 30, 120 or 480 minutes later
    asked = predictions.set_index("flight_id").loc[said.index.unique()]
    np.testing.assert_array_equal(
        asked[["late_15", "late_60"]].to_numpy().T.ravel(), said.to_numpy()
    )

    # The log has it too, beside the test months: the same answers from the same features.
    logged = read_log(data)
    asked_in_log = logged.loc[logged["prediction_time"] == AS_OF, "flight_id"]
    assert set(asked_in_log) == set(predictions["flight_id"])
    pd.testing.assert_frame_equal(logged.loc[logged_before.index], logged_before)

    cut_delivered_tables(data)
    move_into_timetable(data)
    assert infer(project, "data_processing") == written


def read_log(data: Path) -> pd.DataFrame:
    logged = pd.read_parquet(data / "07_model_output/prediction_log/2013-02-20.parquet")
    return logged.set_index(["flight_id", "prediction_time"], drop=False)


def cut_delivered_tables(data: Path) -> None:
    """Blank out what was not known yet: flights to come stand among the others."""
    facts = pd.read_parquet(data / "03_primary/flights.parquet").set_index("flight_id")
    for file in (data / "01_raw/flights").iterdir():
        flights = pd.read_csv(file, dtype=str, keep_default_na=False)
        instants = facts.loc[RawFlights.name_rows(flights)].set_index(flights.index)
        for instant, columns in OUTCOMES.items():
            flights[columns] = flights[columns].where(instants[instant] <= AS_OF, "")
        flights.to_csv(file, index=False)
    weather = pd.read_csv(data / "01_raw/weather.csv", dtype=str, keep_default_na=False)
    known = pd.to_datetime(weather["time_hour"]) + pd.Timedelta(minutes=60) <= AS_OF
    weather[known].to_csv(data / "01_raw/weather.csv", index=False)


def move_into_timetable(data: Path) -> None:
    """Take every second flight that is due later out of its month, and make a timetable of them."""
    to_come = []
    for file in (data / "01_raw/flights").iterdir():
        flights = pd.read_csv(file, dtype=str, keep_default_na=False)
        is_moved = (pd.to_datetime(flights["time_hour"]) > AS_OF) & (flights.index % 2 == 0)
        flights[~is_moved].to_csv(file, index=False)
        to_come.append(flights[is_moved])
    timetable = pd.concat(to_come)[[*RawTimetable.to_schema().columns]]
    assert len(timetable) > 500
    timetable.to_csv(data / "01_raw/timetable.csv", index=False)


def test_two_batches_of_one_kedro_server_are_two_finished_runs(project: Project) -> None:
    moments = ["2013-02-20T19:00Z", "2013-02-20T20:00Z"]
    with TestClient(create_http_server(project.path, env="test")) as server:
        for moment in moments:
            wanted = {"pipeline_names": ["inference"], "params": {"inference": {"as_of": moment}}}
            response = server.post("/run", json=wanted)
            assert response.json()["status"] == "success", response.text
    client = mlflow.MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    experiments = [each.experiment_id for each in client.search_experiments()]
    runs = client.search_runs(experiments, order_by=["start_time DESC"], max_results=2)
    assert [run.info.status for run in runs] == ["FINISHED"] * 2
    told = [run.data.params["inference.as_of"] for run in reversed(runs)]
    assert [pd.Timestamp(moment) for moment in told] == [pd.Timestamp(each) for each in moments]
