"""The champion says of flights to come what the evaluation has seen it say, from what was known."""

from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from projects import Project

AS_OF = pd.Timestamp("2013-02-20T19:00Z")
OUTCOMES = {
    "actual_departure": ["actual_departure", "departure_delay_minutes"],
    "actual_arrival": ["actual_arrival", "arrival_delay_minutes", "air_time_minutes", "is_late"],
}


@pytest.fixture
def project(sample: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A copy of the sample, registry and all, whose challenger has become champion."""
    project = Project(copytree(sample.path, tmp_path / "project"))
    monkeypatch.chdir(project.path)
    run(project, "promotion")
    return project


def run(project: Project, pipeline: str, *arguments: str) -> None:
    command = ["run", "--env=test", f"--pipeline={pipeline}", *arguments]
    result = CliRunner().invoke(KedroCLI(project.path), command)
    assert result.exit_code == 0, result.output


def infer(project: Project) -> bytes:
    run(project, "inference", "--params=inference.as_of=2013-02-20T19:00Z")
    (file,) = (project.path / "data/07_model_output/predictions").iterdir()
    assert file.name == "2013-02-20T1900Z.parquet"
    return file.read_bytes()


def test_a_batch_repeats_what_the_evaluation_said_and_ignores_what_came_after(
    project: Project,
) -> None:
    written = infer(project)
    data = project.path / "data"
    predictions = pd.read_parquet(data / "07_model_output/predictions")
    said = pd.read_parquet(data / "07_model_output/test_predictions.parquet")
    said = said[said["prediction_time"] == AS_OF].set_index("flight_id")["late_probability"]
    assert len(said) > 2  # flights due 30, 120 or 480 minutes later
    asked = predictions.set_index("flight_id").loc[said.index.unique()]
    np.testing.assert_array_equal(
        asked[["late_15", "late_60"]].to_numpy().T.ravel(), said.to_numpy()
    )

    flights = pd.read_parquet(data / "03_primary/flights.parquet")
    for instant, columns in OUTCOMES.items():
        known = flights[instant] <= AS_OF
        flights[columns] = flights[columns].where(known)
    flights.to_parquet(data / "03_primary/flights.parquet")
    weather = pd.read_parquet(data / "02_intermediate/weather.parquet")
    known = weather["observed_at"] + pd.Timedelta(minutes=60) <= AS_OF
    weather[known].to_parquet(data / "02_intermediate/weather.parquet")
    assert infer(project) == written
