"""A model that needs types nobody listed is refused before any of its code runs."""

import functools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cloudpickle
import mlflow
import pandas as pd
import pytest
import skops.io
import yaml
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.validation import check_array

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.loading import load_metadata, load_model

NAME = "flight-delays"
CATALOG = Path(__file__).parents[2] / "conf/base/catalog_06_models.yml"
TRUSTED = [
    "flight_delays.modelling.lateness.LatenessClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "functools.partial",
    "sklearn.utils.validation.check_array",
    "numpy.dtype",
]
ROWS = pd.DataFrame({"miles": [1.0, 2.0]})


@pytest.fixture
def run(client: MlflowClient, tmp_path: Path) -> Iterator[None]:
    experiment = mlflow.create_experiment("models", artifact_location=str(tmp_path / "artifacts"))
    with mlflow.start_run(experiment_id=experiment):
        yield


def register(model: Any, trusted: list[str]) -> tuple[int, Path]:
    """Register a model as its author likes; return its number and its folder."""
    logged = mlflow.sklearn.log_model(
        model,
        name="model",
        pip_requirements=["scikit-learn"],
        serialization_format="skops",
        skops_trusted_types=trusted,
    )
    number = int(mlflow.register_model(logged.model_uri, NAME).version)
    return number, Path(mlflow.artifacts.download_artifacts(logged.model_uri))


def wrap(*links: Pipeline) -> LatenessClassifier:
    return LatenessClassifier([15, 60][: len(links)], [*links])


def fit() -> LatenessClassifier:
    link = make_pipeline(LogisticRegression()).fit(ROWS, [False, True])
    return wrap(link, link)


def test_the_list_is_the_one_of_the_catalog() -> None:
    text = CATALOG.read_text().replace("${", "").replace('"installed', '"')
    assert yaml.safe_load(text)["_trusted_types"] == TRUSTED


@pytest.mark.usefixtures("run")
def test_a_model_of_listed_types_is_loaded() -> None:
    model = fit()
    number, _ = register(model, TRUSTED)
    loaded = load_model(NAME, number, TRUSTED)
    assert loaded.thresholds_minutes == [15, 60]
    pd.testing.assert_frame_equal(loaded.predict_lateness(ROWS), model.predict_lateness(ROWS))


@pytest.mark.usefixtures("run")
def test_a_model_that_came_without_metadata_has_none_to_tell() -> None:
    number, _ = register(fit(), TRUSTED)
    assert load_metadata(NAME, number) == {}


@pytest.mark.usefixtures("run")
def test_a_type_is_trusted_if_it_is_listed_here() -> None:
    check = FunctionTransformer(functools.partial(check_array, copy=True))
    number, _ = register(wrap(make_pipeline(check)), TRUSTED)
    assert load_model(NAME, number, TRUSTED).headline.transform([[1.0]]) == [[1.0]]
    with pytest.raises(DataError, match=r"none of its code has run: .*functools\.partial") as told:
        load_model(NAME, number, TRUSTED[:1])
    assert str(told.value).endswith(
        " If you know the types and need them, add them to trusted_types in "
        "conf/base/catalog_06_models.yml."
    )


@pytest.mark.usefixtures("run")
def test_a_hostile_model_is_refused_and_its_code_does_not_run(tmp_path: Path) -> None:
    """It trusts itself: its MLmodel file lists the types that it needs."""
    trace = tmp_path / "trace"
    number, folder = register(fit(), TRUSTED)
    skops.io.dump(functools.partial(os.system, f"touch {trace}"), folder / "model.skops")
    meta = yaml.safe_load((folder / "MLmodel").read_text())
    needed = ["functools.partial", "posix.system"]
    meta["flavors"]["sklearn"]["skops_trusted_types"] = needed
    (folder / "MLmodel").write_text(yaml.safe_dump(meta))
    with pytest.raises(DataError) as refusal:
        load_model(NAME, number, TRUSTED)
    assert f"Version {number} of flight-delays is refused" in str(refusal.value)
    assert "posix.system" in str(refusal.value)
    assert not trace.exists()
    # MLflow's own loader does trust it.
    mlflow.sklearn.load_model(str(folder))()
    assert trace.exists()


class Bomb:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (f"touch {self.trace}",)


@pytest.mark.usefixtures("run")
def test_a_pickle_is_refused_and_its_code_does_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    number, folder = register(fit(), TRUSTED)
    (folder / "model.skops").unlink()
    (folder / "model.pkl").write_bytes(cloudpickle.dumps(Bomb(trace)))
    meta = yaml.safe_load((folder / "MLmodel").read_text())
    meta["flavors"]["sklearn"] |= {"serialization_format": "cloudpickle"}
    meta["flavors"]["sklearn"]["pickled_model"] = "model.pkl"
    (folder / "MLmodel").write_text(yaml.safe_dump(meta))
    with pytest.raises(DataError) as refusal:
        load_model(NAME, number, TRUSTED)
    assert str(refusal.value) == (
        f"Version {number} of flight-delays is refused: it has no model.skops, and other files "
        "could run code while they are loaded. Register models by `kedro run`."
    )
    assert not trace.exists()
    # It is a bomb: what loads it by pickle sets it off.
    cloudpickle.loads((folder / "model.pkl").read_bytes())
    assert trace.exists()


@pytest.mark.usefixtures("run")
def test_a_pickle_by_the_name_of_a_skops_file_is_refused(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    number, folder = register(fit(), TRUSTED)
    (folder / "model.skops").write_bytes(cloudpickle.dumps(Bomb(trace)))
    with pytest.raises(DataError, match="is no file of skops"):
        load_model(NAME, number, TRUSTED)
    assert not trace.exists()


@pytest.mark.usefixtures("run")
def test_a_zip_file_without_a_model_is_refused() -> None:
    number, folder = register(fit(), TRUSTED)
    with ZipFile(folder / "model.skops", "w") as file:
        file.writestr("nothing", "")
    with pytest.raises(DataError, match="is no file of skops"):
        load_model(NAME, number, TRUSTED)


@pytest.mark.usefixtures("run")
def test_a_damaged_file_is_refused_however_it_is_damaged() -> None:
    number, folder = register(fit(), TRUSTED)
    whole = (folder / "model.skops").read_bytes()
    for place in range(0, len(whole), len(whole) // 15):
        (folder / "model.skops").write_bytes(whole[:place])
        with pytest.raises(DataError, match=f"Version {number} .* is no file of skops"):
            load_model(NAME, number, TRUSTED)


@pytest.mark.usefixtures("run")
def test_what_is_no_chain_is_refused_as_of_an_old_version() -> None:
    number, _ = register(fit().headline, [])
    with pytest.raises(DataError) as refusal:
        load_model(NAME, number, TRUSTED)
    assert str(refusal.value) == (
        f"Version {number} of flight-delays is refused: it holds a Pipeline, not a "
        "LatenessClassifier, as versions do that `kedro run` registers now. Train anew; where it "
        "is the champion and cannot be compared any more, take the alias champion off it in MLflow."
    )
