"""MLflow answers every threshold by name, with nothing but what stands beside the model."""

import json
import subprocess
import sys
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from kedro.io import DataCatalog
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from docs.conf import load_conf
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.registry.versions import Candidate

ROWS = pd.DataFrame({"miles": [1.0, 2.0]})
LINK = make_pipeline(LogisticRegression()).fit(ROWS, [False, True])
MODEL = LatenessClassifier([15, 60], [LINK, LINK])
ANSWERS = MODEL.predict_lateness(ROWS)
# As on a machine that has the packages, and not the project.
ASK = """
import sys
from pathlib import Path
sys.path = [path for path in sys.path if not Path(path, "flight_delays").exists()]
sys.meta_path = [finder for finder in sys.meta_path if "editable" not in repr(finder).lower()]
import mlflow, pandas as pd
rows = pd.DataFrame({"miles": [1.0, 2.0]})
print(mlflow.pyfunc.load_model(sys.argv[1]).predict(rows).to_json())
assert sys.argv[1] in sys.modules["flight_delays"].__file__
"""


@pytest.fixture
def folder(client: MlflowClient, tmp_path: Path) -> Path:
    """The model as the catalog logs it."""
    entry = load_conf("catalog")["candidate"] | {
        "filepath": str(tmp_path / "candidate.json"),
        "pip_requirements": ["scikit-learn"],
    }
    experiment = mlflow.create_experiment("models", artifact_location=str(tmp_path / "artifacts"))
    with mlflow.start_run(experiment_id=experiment):
        candidate = Candidate(MODEL, ROWS, {}, "", {"splits": {}}, ROWS)
        DataCatalog.from_config({"candidate": entry}).save("candidate", candidate)
    (version,) = (each for each in client.search_model_versions() if int(each.version) > 3)
    return Path(mlflow.artifacts.download_artifacts(f"models:/{version.name}/{version.version}"))


def test_the_signature_names_the_outputs_and_mlflow_gives_them(folder: Path) -> None:
    model = mlflow.pyfunc.load_model(str(folder))
    assert model.metadata.signature.inputs.input_names() == ["miles"]
    assert model.metadata.signature.outputs.input_names() == ["late_15", "late_60"]
    pd.testing.assert_frame_equal(model.predict(ROWS), ANSWERS)
    loaded = mlflow.sklearn.load_model(str(folder))
    pd.testing.assert_frame_equal(loaded.predict_lateness(ROWS), ANSWERS)


@pytest.mark.slow
def test_the_model_brings_its_code_along(folder: Path) -> None:
    command = [sys.executable, "-c", ASK, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder.parent)
    assert json.loads(done.stdout.splitlines()[-1]) == json.loads(ANSWERS.to_json())
