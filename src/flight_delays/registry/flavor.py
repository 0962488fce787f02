"""How MLflow keeps the model: as one of scikit-learn, whose server answers every threshold.

MLflow's own flavour lets `mlflow models serve` call only the methods that every scikit-learn
classifier has. This one is written and loaded by it, and differs in the method that is called.
"""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.models import Model

from flight_delays.modelling.lateness import LatenessClassifier

REFERENCE_FILE = "reference.parquet"


def save_model(
    sk_model: LatenessClassifier,
    path: str,
    mlflow_model: Model,
    reference: pd.DataFrame,
    **options: Any,
) -> None:
    """Save the model, as `mlflow.models.Model.log` asks a flavour to.

    Args:
        sk_model: The fitted model.
        path: The folder.
        mlflow_model: What MLflow knows of it; is written there as well.
        reference: What drift is told by; is written beside the model.
        **options: As `mlflow.sklearn.save_model` takes them.
    """
    mlflow.sklearn.save_model(
        sk_model, path, mlflow_model=mlflow_model, pyfunc_predict_fn="predict_lateness", **options
    )
    mlflow_model.flavors["python_function"]["loader_module"] = __name__
    mlflow_model.save(str(Path(path, "MLmodel")))
    reference.to_parquet(Path(path, REFERENCE_FILE), index=False)


def _load_pyfunc(path: str) -> LatenessClassifier:
    """Load the model, as `mlflow.pyfunc.load_model` asks the loader module to."""
    model: LatenessClassifier = mlflow.sklearn.load_model(path)
    return model
