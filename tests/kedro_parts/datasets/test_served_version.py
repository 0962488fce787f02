"""Which version is champion, and the one that answered last, as catalog entries."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import mlflow
import pandas as pd
import pytest
import skops.io
from kedro.io import DatasetError
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from flight_delays.kedro_parts.datasets.served_version import (
    ChampionNumberDataset,
    LastServedVersionDataset,
    name_registry,
)
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.versions import Contender, Version
from servers import find_free_port

NAME = "flight-delays"
TRUSTED = ["flight_delays.modelling.lateness.LatenessClassifier"]
ROWS = pd.DataFrame({"miles": [1.0, 2.0]})
VERSION = Version(3, "run", {"judged_thresholds": "15"}, "A model\nof two lines")
METADATA: dict[str, Any] = {"groups": {"schedule": ["miles"]}, "ordinary": [1.5, None]}


@pytest.fixture(autouse=True)
def _registry() -> Iterator[None]:
    before = mlflow.get_tracking_uri()
    yield
    mlflow.set_tracking_uri(before)


@pytest.fixture
def kept(tmp_path: Path) -> LastServedVersionDataset:
    mlflow.set_tracking_uri("http://127.0.0.1:5000")
    return LastServedVersionDataset(str(tmp_path / "models" / "last.skops"), TRUSTED)


def make_contender() -> Contender:
    link = make_pipeline(LogisticRegression()).fit(ROWS, [False, True])
    return Contender(VERSION, LatenessClassifier([15], [link]), METADATA)


def test_the_number_is_that_of_the_champion_or_none(tmp_path: Path, tracking_store: Path) -> None:
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    number = ChampionNumberDataset(NAME)
    assert number.load() is None
    client = MlflowClient()
    client.create_registered_model(NAME)
    for _ in range(2):
        client.create_model_version(NAME, "mlflow-artifacts:/none")
    assert number.load() is None
    client.set_registered_model_alias(NAME, "champion", "2")
    assert number.load() == 2


def test_a_registry_that_cannot_be_asked_is_not_taken_for_one_without_a_champion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    mlflow.set_tracking_uri(f"http://127.0.0.1:{find_free_port()}")
    with pytest.raises(DatasetError, match="refused"):
        ChampionNumberDataset(NAME).load()


def test_the_number_is_not_saved() -> None:
    with pytest.raises(DatasetError, match="by promotion and rollback"):
        ChampionNumberDataset(NAME).save(8)  # type: ignore[arg-type]
    assert NAME in str(ChampionNumberDataset(NAME))


def test_what_is_kept_is_the_version_with_all_that_it_carries(
    kept: LastServedVersionDataset,
) -> None:
    assert not kept.exists()
    contender = make_contender()
    kept.save(contender)
    assert kept.exists()
    loaded = kept.load()
    assert (loaded.version, loaded.metadata) == (VERSION, METADATA)
    pd.testing.assert_frame_equal(
        loaded.model.predict_lateness(ROWS), contender.model.predict_lateness(ROWS)
    )


def test_one_of_another_registry_is_refused(kept: LastServedVersionDataset) -> None:
    """Its numbers mean other models. A login in the address is no part of it, and not written."""
    mlflow.set_tracking_uri("http://anna:secret@127.0.0.1:5000")
    kept.save(make_contender())
    assert b"secret" not in kept._path.read_bytes()
    mlflow.set_tracking_uri("http://127.0.0.1:5000")
    assert kept.load().version == VERSION
    mlflow.set_tracking_uri("sqlite:////project/mlflow.db")
    assert name_registry() == "sqlite:////project/mlflow.db"
    with pytest.raises(
        DatasetError, match=r"from the registry http://127\.0\.0\.1:5000, not from sqlite:////proj"
    ):
        kept.load()


def test_a_type_that_is_not_trusted_is_refused(kept: LastServedVersionDataset) -> None:
    kept.save(make_contender())
    with pytest.raises(DatasetError, match=r"none of its code has run: .*LatenessClassifier"):
        LastServedVersionDataset(str(kept._path), []).load()


def test_a_file_that_holds_something_else_is_refused(kept: LastServedVersionDataset) -> None:
    kept.save(make_contender())
    for other in ({"carried": "{}"}, {"carried": "no JSON"}, [1], {"model": None}):
        skops.io.dump(other, kept._path)
        with pytest.raises(DatasetError, match=r"answered last is refused: it was written"):
            kept.load()


def load(kept: LastServedVersionDataset) -> str | None:
    """Load the right version, or tell why that is refused."""
    try:
        loaded = kept.load()
    except DatasetError as error:
        return str(error)
    assert (loaded.version, loaded.metadata) == (VERSION, METADATA)
    return None


def test_a_damaged_file_is_refused_however_it_is_damaged(kept: LastServedVersionDataset) -> None:
    """Cut off, or a byte changed: it is refused, or what it says is what was written."""
    kept.save(make_contender())
    whole = kept._path.read_bytes()
    random = Random(7)  # noqa: S311
    for _ in range(60):
        place = random.randrange(len(whole))
        for damaged in (
            whole[:place],
            whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :],
        ):
            kept._path.write_bytes(damaged)
            refusal = load(kept)
            assert refusal is None or "of the version that answered last is refused" in refusal


def test_it_is_written_whole_or_not_at_all(
    kept: LastServedVersionDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.save(make_contender())
    before = kept._path.read_bytes()

    def write_half(_: object, file: Any) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(skops.io, "dump", write_half)
    with pytest.raises(DatasetError, match="No space left"):
        kept.save(make_contender())
    assert kept._path.read_bytes() == before
    assert kept.load().version == VERSION
