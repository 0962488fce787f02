"""Parameters that one process has planned are the same to a later one."""

from pathlib import Path

import pytest
from kedro.io import DataCatalog, DatasetError

from flight_delays.parameters import FeatureEngineeringParameters
from tables import read_parameters

FEATURES = FeatureEngineeringParameters(**read_parameters("feature_engineering"))


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    entry = {
        "type": "flight_delays.kedro_parts.datasets.planned.PlannedParametersDataset",
        "filepath": str(tmp_path / "plan" / "features.json"),
        "model": "flight_delays.parameters.FeatureEngineeringParameters",
    }
    return DataCatalog.from_config({"params:planned_features": entry})


def test_parameters_come_back_as_they_were_planned(catalog: DataCatalog) -> None:
    assert not catalog.exists("params:planned_features")
    catalog.save("params:planned_features", FEATURES)
    assert catalog.exists("params:planned_features")
    assert catalog.load("params:planned_features") == FEATURES


def test_a_file_of_something_else_is_refused(catalog: DataCatalog, tmp_path: Path) -> None:
    catalog.save("params:planned_features", FEATURES)
    (tmp_path / "plan" / "features.json").write_text('{"splits": {}}')
    with pytest.raises(DatasetError, match="FeatureEngineeringParameters"):
        catalog.load("params:planned_features")
