"""Candidates are stored whole or not at all; what was played has a registered model of its own."""

from collections.abc import Iterator
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from kedro.io import DatasetError
from mlflow import MlflowClient

from flight_delays.kedro_parts.datasets.backtest import (
    PlayedVersionsDataset,
    StoredCandidatesDataset,
)
from flight_delays.monitoring.backtest.history import PlayedVersion

NAME = "flights-backtest"
SAID = pd.DataFrame({"flight_id": ["a"], "late_probability": [0.25]})


def test_candidates_are_added_to_those_that_are_there(tmp_path: Path) -> None:
    dataset = StoredCandidatesDataset(str(tmp_path / "backtest"))
    assert dataset.exists()
    assert dataset.load() == {}
    dataset.save({"2013-01_2013-02": SAID})
    dataset.save({"2013-01_2013-03": SAID})
    later = SAID.assign(late_probability=0.5)
    dataset.save({"2013-01_2013-02": later})
    loaded = dataset.load()
    assert [*loaded] == ["2013-01_2013-02", "2013-01_2013-03"]
    pd.testing.assert_frame_equal(loaded["2013-01_2013-02"], later)
    pd.testing.assert_frame_equal(loaded["2013-01_2013-03"], SAID)


def test_a_half_written_candidate_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = StoredCandidatesDataset(str(tmp_path))
    dataset.save({"2013-01_2013-02": SAID})

    def be_killed(table: pd.DataFrame, path: Path, **options: object) -> None:
        path.write_bytes(b"PAR1")
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_parquet", be_killed)
    with pytest.raises(KeyboardInterrupt):
        dataset.save({"2013-01_2013-02": SAID, "2013-01_2013-03": SAID})
    pd.testing.assert_frame_equal(dataset.load()["2013-01_2013-02"], SAID)


@pytest.fixture
def client(tmp_path: Path, tracking_store: Path) -> Iterator[MlflowClient]:
    (tmp_path / "mlflow.db").write_bytes(tracking_store.read_bytes())
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{tmp_path}/mlflow.db")
    yield MlflowClient()
    while mlflow.active_run():
        mlflow.end_run()
    mlflow.set_tracking_uri(before)


def make_version(number: int, aliases: list[str]) -> PlayedVersion:
    return PlayedVersion({"fitted_to": f"2013-0{number}-28"}, "- rule: in use", aliases)


def test_what_is_played_again_takes_the_place_of_what_was_played(client: MlflowClient) -> None:
    dataset = PlayedVersionsDataset(NAME, "reporting/backtest")
    assert not dataset.exists()
    with mlflow.start_run():
        dataset.save([make_version(2, ["never"]), make_version(3, ["rule"])])
    with mlflow.start_run() as run:
        dataset.save([make_version(4, ["never", "rule"])])
    assert dataset.exists()
    (version,) = client.search_model_versions(f"name = '{NAME}'")
    assert (version.version, version.run_id) == (1, run.info.run_id)
    assert version.tags == {"fitted_to": "2013-04-28"}
    assert version.source == f"runs:/{run.info.run_id}/reporting/backtest"
    assert client.get_registered_model(NAME).aliases == {"never": 1, "rule": 1}


def test_the_real_model_is_not_written_over(client: MlflowClient) -> None:
    client.create_registered_model("flight-delays")
    client.create_model_version("flight-delays", str(Path.cwd()))
    dataset = PlayedVersionsDataset("flight-delays", "reporting/backtest")
    with mlflow.start_run(), pytest.raises(DatasetError, match="a name of its own"):
        dataset.save([make_version(2, ["never"])])
    assert len(client.search_model_versions("name = 'flight-delays'")) == 1


def test_without_a_run_nothing_is_registered(client: MlflowClient) -> None:
    PlayedVersionsDataset(NAME, "reporting/backtest").save([make_version(2, [])])
    assert client.search_registered_models() == []
