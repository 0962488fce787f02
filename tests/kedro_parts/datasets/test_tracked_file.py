"""Each file of a partition is an artifact of the run, below the name of its folder."""

import shutil
from pathlib import Path

import mlflow
import pandas as pd
from kedro.io import DataCatalog

from docs.conf import load_conf


def test_only_the_file_that_is_written_becomes_an_artifact(
    tmp_path: Path, tracking_store: Path
) -> None:
    entry = load_conf("catalog")["monitoring_findings"] | {"path": str(tmp_path / "monitoring")}
    catalog = DataCatalog.from_config({"monitoring_findings": entry})
    old = tmp_path / "monitoring" / "2013-10" / "findings.csv"
    old.parent.mkdir(parents=True)
    old.write_text("kind\n")
    uri = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(f"sqlite:///{shutil.copy(tracking_store, tmp_path)}")
    try:
        experiment = mlflow.create_experiment("files", artifact_location=str(tmp_path / "kept"))
        row = {"kind": "drift", "subject": "NA", "size": 0.1 + 0.2, "expected": 0.1, "message": "m"}
        table = pd.DataFrame([row])
        with mlflow.start_run(experiment_id=experiment):
            catalog.save("monitoring_findings", {"2013-11/findings": table})
    finally:
        mlflow.set_tracking_uri(uri)
    (kept,) = tmp_path.glob("kept/**/*.csv")
    assert kept.as_posix().endswith("artifacts/reporting/monitoring/2013-11/findings.csv")
    loaded = catalog.load("monitoring_findings")["2013-11/findings"]()
    pd.testing.assert_frame_equal(loaded, table)
