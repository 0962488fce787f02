"""A project is lost; what `make backup` kept of it answers as before, elsewhere."""

import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree
from subprocess import run

import pandas as pd
import pytest

from end_to_end.renewal import NAME, open_registry
from flight_delays.kedro_parts.datasets.event_store import EventStoreDataset
from flight_delays.kedro_parts.datasets.prediction_log import PredictionLogDataset
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.facts.events import Cancelled
from projects import Project

pytestmark = pytest.mark.slow

OUTPUT = "data/07_model_output"
AS_OF = "--params=inference.as_of=2013-02-20T19:00Z"


def keep(project: Project, action: str, folder: Path) -> None:
    done = run(
        [sys.executable, "-m", "backup", action, str(folder)],
        cwd=project.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def read_log(project: Project) -> pd.DataFrame:
    return PredictionLogDataset(str(project.path / OUTPUT / "prediction_log"), 400).load()


def read_batch(project: Project) -> bytes:
    return (project.path / OUTPUT / "predictions/2013-02-20T1900Z.parquet").read_bytes()


def test_after_a_loss_the_same_champion_gives_the_same_answers(
    promoted: Project, tmp_path: Path, type_kedro: Callable[..., str]
) -> None:
    lost = Project(copytree(promoted.path, tmp_path / "lost"))
    type_kedro(lost, "run", "--pipelines=inference", AS_OF)
    events = EventStoreDataset(str(lost.path / OUTPUT / "events.db"), 60)
    events.load().append([Cancelled(flight_id="2013-02-20_UA_1_EWR")])
    ApiKeys(lost.path / "conf/local/api_keys.json").create("desk", "write")
    keep(lost, "make", tmp_path / "kept")
    said, logged = read_batch(lost), read_log(lost)
    champion = open_registry(lost).get_model_version_by_alias(NAME, "champion")
    rmtree(lost.path)

    found = Project.clone(tmp_path / "elsewhere")
    keep(found, "restore", tmp_path / "kept")
    pd.testing.assert_frame_equal(read_log(found), logged)
    assert read_batch(found) == said
    (found.path / OUTPUT / "predictions/2013-02-20T1900Z.parquet").unlink()
    type_kedro(found, "run", "--pipelines=data_processing,inference", AS_OF)
    assert read_batch(found) == said
    again = open_registry(found).get_model_version_by_alias(NAME, "champion")
    assert (again.version, again.tags) == (champion.version, champion.tags)
    assert len(EventStoreDataset(str(found.path / OUTPUT / "events.db"), 60).load().read()) == 1
    assert [*ApiKeys(found.path / "conf/local/api_keys.json").list_keys()] == ["desk"]
