"""Raw tables are written once and whole; a model is logged with an example of its input."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
import pytest
from kedro.io import DatasetError
from mlflow.entities import Run
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from flight_delays.datasets import ModelWithExampleDataset, WriteOnceCSVDataset

FIRST, SECOND = pd.DataFrame({"a": ["1", "NA"]}), pd.DataFrame({"a": ["2", ""]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "01_raw" / "table.csv"


def save(path: Path, table: pd.DataFrame) -> None:
    WriteOnceCSVDataset(filepath=str(path)).save(table)


def test_a_new_table_is_written_and_nothing_else(path: Path) -> None:
    save(path, FIRST)
    assert path.read_text() == "a\n1\nNA\n"
    assert list(path.parent.iterdir()) == [path]


def test_an_existing_file_is_left_alone_and_the_log_says_so(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(path, FIRST)
    with caplog.at_level(logging.INFO, logger="flight_delays.datasets"):
        save(path, SECOND)
    assert path.read_text() == "a\n1\nNA\n"
    assert caplog.messages == [f"{path} is already there and is left alone"]


def test_a_save_that_dies_half_way_leaves_no_table_and_can_be_repeated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(table: pd.DataFrame, path_or_buf: Any, **arguments: Any) -> None:
        path_or_buf.write("a\n1")
        path_or_buf.flush()
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pd.DataFrame, "to_csv", write_half)
        with pytest.raises(DatasetError, match="disk full"):
            save(path, FIRST)
    assert not path.exists()
    save(path, SECOND)
    pd.testing.assert_frame_equal(
        pd.read_csv(path, dtype=str, keep_default_na=False), SECOND, check_dtype=False
    )


@pytest.fixture
def run(tmp_path: Path, tracking_store: Path) -> Iterator[Run]:
    """An MLflow run in a store of its own."""
    uri = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    experiment = mlflow.create_experiment("datasets", artifact_location=str(tmp_path))
    with mlflow.start_run(experiment_id=experiment) as started:
        yield started
    mlflow.set_tracking_uri(uri)


def test_a_model_is_logged_with_the_signature_of_its_example(run: Run) -> None:
    rows = pd.DataFrame({"miles": [1.0, 2.0], "carrier": ["UA", "B6"]})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(rows, [False, True])
    dataset = ModelWithExampleDataset(
        flavor="mlflow.sklearn", save_args={"name": "model", "pip_requirements": ["scikit-learn"]}
    )
    dataset.save((model, rows))
    (logged,) = mlflow.search_logged_models([run.info.experiment_id], output_format="list")
    saved = mlflow.models.Model.load(logged.artifact_location)
    assert logged.source_run_id == run.info.run_id
    assert saved.signature.inputs.input_names() == ["miles", "carrier"]
    pd.testing.assert_frame_equal(saved.load_input_example(logged.artifact_location), rows)
