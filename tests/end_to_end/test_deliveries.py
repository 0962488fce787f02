"""A month delivered again, as a user types it: corrected, twice, half; and what learns from it."""

import json
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest
from mlflow import MlflowClient

from projects import Project

MONTH = "flights/2013-02.csv"
DELIVERIES = "data/01_raw/deliveries"

pytestmark = pytest.mark.slow


def deliver(project: Project, folder: Path, *options: str) -> tuple[int, str]:
    done = project.kedro("run", *options, f"--params=data_collection.delivery={folder}")
    return done.returncode, done.stdout + done.stderr


def test_a_corrected_month_counts_and_the_model_says_so(sample: Project, tmp_path: Path) -> None:
    project = Project(copytree(sample.path, tmp_path / "project"))
    first = project.digest("01_raw/**/*")
    base = (project.path / "data/01_raw" / MONTH).read_text().splitlines(keepends=True)
    file = tmp_path / "february" / MONTH
    file.parent.mkdir(parents=True)

    file.write_text("".join(base[:-7]))
    code, told = deliver(project, file.parents[1], "--pipeline=data_collection")
    assert (code, f"{MONTH} lacks 7 of the {len(base) - 1:,} flights" in told) == (1, True), told
    assert project.digest("01_raw/**/*") == first

    # Outcomes of the first day came late, and with them a column.
    month = pd.read_csv(project.path / "data/01_raw" / MONTH, dtype=str, keep_default_na=False)
    late = month["day"] == "1"
    delay = month["arr_delay"].mask(late & (month["arr_delay"] != ""), "77")
    month.assign(arr_delay=delay, gate="A1").to_csv(file, index=False)
    code, told = deliver(project, file.parents[1])
    assert code == 0, told
    assert f"{MONTH}: no contract names gate: kept, and not read" in told
    [delivery] = (project.path / DELIVERIES).iterdir()
    assert (delivery / MONTH).read_bytes() == file.read_bytes()
    assert first.items() <= project.digest("01_raw/**/*").items()
    facts = pd.read_parquet(project.path / "data/03_primary/flights.parquet")
    of_day = facts[facts["flight_date"] == "2013-02-01"]["arrival_delay_minutes"].dropna()
    assert set(of_day) == {77.0}
    assert facts["flight_id"].is_unique
    listed = json.loads((project.path / "data/02_intermediate/deliveries.json").read_text())
    client = MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    versions = {each.version: each for each in client.search_model_versions()}
    assert listed == [versions[max(versions)].tags["last_delivery"]] == [delivery.name]
    assert "last_delivery" not in versions[min(versions)].tags
    card = (project.path / "data/08_reporting/model_card.md").read_text()
    assert f"| last delivery, after all before it | {delivery.name} |" in card

    before = project.digest("*/**/*")
    code, told = deliver(project, file.parents[1], "--pipeline=data_collection")
    assert (code, f"delivered before, as {delivery.name}" in told) == (0, True), told
    assert project.digest("*/**/*") == before
