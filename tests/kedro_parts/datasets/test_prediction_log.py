"""The log in the catalog: saved are rows that keep the contract, loaded is all that there is."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from kedro.io import DataCatalog, DatasetError
from kedro.validation import DataValidationError

from flight_delays.serving.log.prediction_log import PredictionLog
from predictions import LOGGED
from tables import CONF


@pytest.fixture
def entry(tmp_path: Path) -> dict[str, Any]:
    """The entry as it is delivered."""
    entries = yaml.safe_load((CONF / "catalog_07_model_output.yml").read_text())
    delivered: dict[str, Any] = entries["prediction_log"]
    return delivered | {"path": str(tmp_path / "log")}


@pytest.fixture
def catalog(entry: dict[str, Any]) -> DataCatalog:
    return DataCatalog.from_config({"prediction_log": entry})


def test_what_is_saved_comes_beside_what_is_there(catalog: DataCatalog, tmp_path: Path) -> None:
    assert not catalog.exists("prediction_log")
    with pytest.raises(DatasetError, match="log is empty"):
        catalog.load("prediction_log")
    catalog.save("prediction_log", LOGGED)
    assert catalog.exists("prediction_log")
    catalog.save("prediction_log", LOGGED.assign(version=8))
    loaded = catalog.load("prediction_log")
    assert loaded["version"].tolist() == [7, 8, 7, 8]
    assert [file.stem for file in (tmp_path / "log").glob("*.parquet")] == ["2013-11-15"]


def test_a_day_that_is_not_over_is_there_as_well(
    catalog: DataCatalog, entry: dict[str, Any]
) -> None:
    PredictionLog(Path(entry["path"]), entry["keep_days"]).add(LOGGED)
    assert catalog.exists("prediction_log")
    assert catalog.load("prediction_log")["flight_id"].tolist() == ["a", "b"]


def test_what_is_older_than_a_year_and_a_month_is_removed(
    catalog: DataCatalog, tmp_path: Path
) -> None:
    for days in (401, 400, 0):
        moment = LOGGED["prediction_time"] - pd.Timedelta(days=days)
        catalog.save("prediction_log", LOGGED.assign(prediction_time=moment))
    days = sorted(file.stem for file in (tmp_path / "log").glob("*.parquet"))
    assert days == ["2012-10-11", "2013-11-15"]


def test_what_breaks_the_contract_is_not_saved(catalog: DataCatalog) -> None:
    with pytest.raises(DataValidationError):
        catalog.save("prediction_log", LOGGED.assign(late_15=1.5))
    assert not catalog.exists("prediction_log")
