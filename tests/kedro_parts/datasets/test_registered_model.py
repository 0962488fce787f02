"""The registered model as catalog entries: the last model, the contenders, the champion."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from kedro.io import DatasetError
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from flight_delays.kedro_parts.datasets.candidate import CandidateDataset
from flight_delays.kedro_parts.datasets.reference import ChampionReferenceDataset
from flight_delays.kedro_parts.datasets.registered_model import (
    ChampionDataset,
    ContendersDataset,
    RegisteredModelDataset,
    ServedVersionDataset,
)
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    Candidate,
    RegisteredModelChange,
    VersionChange,
)
from servers import find_free_port

NAME = "flight-delays"
TRUSTED = ["flight_delays.modelling.lateness.LatenessClassifier"]
ROWS = pd.DataFrame({"miles": [1.0, 2.0]})
PACKAGES = ("flight_delays", "numpy", "pandas", "pip", "scikit-learn", "skops")
ENVIRONMENT = "provenance/environment.txt"


@pytest.fixture
def run_id(tmp_path: Path, tracking_store: Path) -> Iterator[str]:
    """An MLflow run, as open as during `kedro run`, in a store of its own."""
    uri = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    experiment = mlflow.create_experiment("models", artifact_location=str(tmp_path / "artifacts"))
    with mlflow.start_run(experiment_id=experiment) as run:
        mlflow.log_text("a: 1\n", "provenance/parameters.yml")
        mlflow.log_text("".join(f"{name}==1.2\n" for name in PACKAGES), ENVIRONMENT)
        yield run.info.run_id
    mlflow.set_tracking_uri(uri)


@pytest.fixture
def candidate(tmp_path: Path, run_id: str) -> CandidateDataset:
    return CandidateDataset(
        filepath=str(tmp_path / "06_models" / "candidate.json"),
        name=NAME,
        trusted_types=TRUSTED,
        pip_requirements=["scikit-learn"],
    )


def train(certainty: float) -> Candidate:
    """A model that is recognised by its intercept."""
    link = make_pipeline(LogisticRegression()).fit(ROWS, [False, True])
    link[-1].intercept_[:] = certainty
    model = LatenessClassifier([15], [link])
    tags, metadata = {"fitted_to": "2013-10-31"}, {"certainty": {"is": certainty}}
    return Candidate(model, ROWS, tags, f"Intercept {certainty}", metadata, ROWS * certainty)


def save(number: int, alias: str, champion_was: int | None = None) -> None:
    version = VersionChange(number, {"note": alias}, alias=alias)
    change = RegisteredModelChange([version], champion_was)
    RegisteredModelDataset(NAME, run_tag="changed_by").save(change)


def test_a_candidate_is_registered_and_is_itself_when_it_is_loaded_again(
    candidate: CandidateDataset, run_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not candidate.exists()
    candidate.save(train(1.0))
    candidate.save(train(2.0))
    assert capsys.readouterr().err == ""
    assert candidate.exists()
    loaded = candidate.load()
    assert loaded.model.headline[-1].intercept_ == [2.0]
    version = loaded.version
    assert (version.number, version.run_id) == (2, run_id)
    assert version.tags == {"fitted_to": "2013-10-31"}
    assert version.description == "Intercept 2.0"
    assert loaded.metadata == {"certainty": {"is": 2.0}}
    served = mlflow.pyfunc.load_model(f"models:/{NAME}/2")
    assert served.metadata.signature is not None
    assert served.metadata.signature.inputs.input_names() == ["miles"]
    pd.testing.assert_frame_equal(served.predict(ROWS), loaded.model.predict_lateness(ROWS))


def test_a_candidate_of_another_store_is_told_apart(
    candidate: CandidateDataset, tmp_path: Path
) -> None:
    """Its numbers may be the same, or it may have none."""
    candidate.save(train(1.0))
    pointer = tmp_path / "06_models" / "candidate.json"
    content = json.loads(pointer.read_text())
    assert str(tmp_path) not in pointer.read_text()
    for change in ({"run_id": "of another store"}, {"version": 2}):
        pointer.write_text(json.dumps(content | change))
        with pytest.raises(DatasetError, match=r"is not registered in sqlite:.*train it here"):
            candidate.load()


def test_provenance_follows_the_version_to_its_run(
    candidate: CandidateDataset, run_id: str
) -> None:
    mlflow.set_tags({"git_commit": "abc", "python_version": "3.11.7"})
    table = mlflow.data.from_pandas(ROWS, source="train.parquet", name="train", digest="d1")
    mlflow.log_input(table, context="train")
    model = train(1.0)
    candidate.save(replace(model, tags=model.tags | {"last_delivery": "20131101T0Z-0"}))
    assert candidate.load().provenance == {
        "registered_model": NAME,
        "version": "1",
        "run_id": run_id,
        "git_commit": "abc",
        "last_delivery": "20131101T0Z-0",
        "packages": {
            "python": "3.11.7",
            "flight_delays": "1.2",
            "numpy": "1.2",
            "pandas": "1.2",
            "scikit-learn": "1.2",
            "skops": "1.2",
        },
        "datasets": {"train": "d1"},
    }


def test_contenders_come_with_their_models_and_without_a_champion_alone(
    candidate: CandidateDataset, run_id: str
) -> None:
    contenders = ContendersDataset(NAME, trusted_types=TRUSTED)
    candidate.save(train(1.0))
    assert contenders.load() == {}
    challenger = VersionChange(1, {}, alias=CHALLENGER)
    ContendersDataset(NAME, [], run_tag="changed_by").save(RegisteredModelChange([challenger]))
    (alone,) = contenders.load().values()
    assert alone.version.tags["changed_by"] == run_id
    save(1, CHAMPION)
    candidate.save(train(2.0))
    save(2, CHALLENGER)
    loaded = contenders.load()
    models = {alias: each.model.headline[-1].intercept_[0] for alias, each in loaded.items()}
    assert models == {CHALLENGER: 2.0, CHAMPION: 1.0}
    carried = {alias: each.metadata["certainty"]["is"] for alias, each in loaded.items()}
    assert carried == models


def test_contenders_of_an_empty_registry_are_told_in_a_sentence(run_id: str) -> None:
    message = "No model is registered as flight-delays: `kedro run` trains, registers and evaluates"
    with pytest.raises(DatasetError, match=message):
        ContendersDataset(NAME, trusted_types=TRUSTED).load()


def test_the_champion_is_the_model_in_use(
    candidate: CandidateDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    champion = ChampionDataset(NAME, trusted_types=TRUSTED)
    candidate.save(train(1.0))
    with pytest.raises(DatasetError, match=r"is champion: .*`kedro run --pipeline=promotion`"):
        champion.load()
    reference = ChampionReferenceDataset(NAME)
    with pytest.raises(DatasetError, match=r"is champion: `kedro run --pipeline=promotion`"):
        reference.load()
    save(1, CHAMPION)
    candidate.save(train(2.0))
    assert champion.load().headline[-1].intercept_ == [1.0]
    served = ServedVersionDataset(NAME, trusted_types=TRUSTED).load()
    assert served.model.headline[-1].intercept_ == [1.0]
    assert served.version.number == 1
    assert served.metadata == {"certainty": {"is": 1.0}}
    assert reference.load().number == 1
    pd.testing.assert_frame_equal(reference.load().rows, ROWS)
    # A version of before has none.
    monkeypatch.setattr("flight_delays.registry.loading.REFERENCE_FILE", "other.parquet")
    assert reference.load().rows.empty
    registered_model = RegisteredModelDataset(NAME).load()
    assert registered_model.aliases == {CHAMPION: 1}
    assert sorted(registered_model.versions) == [1, 2]


def test_models_are_found_by_their_metrics(candidate: CandidateDataset, run_id: str) -> None:
    candidate.save(train(1.0))
    candidate.save(train(2.0))
    for number, auc in ((1, 0.6), (2, 0.8)):
        change = RegisteredModelChange([VersionChange(number, {}, metrics={"roc_auc": auc})])
        ContendersDataset(NAME, []).save(change)
    (found,) = mlflow.search_logged_models(
        [mlflow.get_run(run_id).info.experiment_id],
        filter_string="metrics.roc_auc > .7",
        output_format="list",
    )
    assert found.model_id == mlflow.models.get_model_info(f"models:/{NAME}/2").model_id
    assert [(metric.value, metric.run_id) for metric in found.metrics or []] == [(0.8, run_id)]


def test_without_an_mlflow_run_no_metrics_are_logged(candidate: CandidateDataset) -> None:
    candidate.save(train(1.0))
    mlflow.end_run()
    change = RegisteredModelChange([VersionChange(1, {"note": "x"}, metrics={"roc_auc": 0.8})])
    ContendersDataset(NAME, []).save(change)
    assert MlflowClient().get_model_version(NAME, "1").tags["note"] == "x"
    assert mlflow.active_run() is None


def test_a_change_does_not_alter_what_the_node_returned(candidate: CandidateDataset) -> None:
    candidate.save(train(1.0))
    change = RegisteredModelChange([VersionChange(1, {"note": "x"})])
    RegisteredModelDataset(NAME, run_tag="changed_by").save(change)
    assert change.versions[0].tags == {"note": "x"}
    assert "changed_by" in MlflowClient().get_model_version(NAME, "1").tags


def test_the_champion_is_not_waited_for_where_the_server_is_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = f"http://127.0.0.1:{find_free_port()}"
    monkeypatch.setattr(mlflow, "get_tracking_uri", lambda: address)
    with pytest.raises(DatasetError, match=f"{address} cannot be reached"):
        ChampionDataset(NAME, trusted_types=TRUSTED).load()


def test_the_reference_is_not_saved() -> None:
    with pytest.raises(DatasetError, match="kept when a model is registered"):
        ChampionReferenceDataset(NAME).save("something")  # type: ignore[arg-type]


def test_the_champion_is_not_saved() -> None:
    champion = ChampionDataset(NAME, trusted_types=TRUSTED)
    with pytest.raises(DatasetError, match="by promotion and rollback"):
        champion.save("something")  # type: ignore[arg-type]
    assert NAME in str(champion)
