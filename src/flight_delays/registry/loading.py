"""Models are rebuilt from types that are listed, never by running what a file says."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
import pandas as pd

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import LatenessClassifier

from .flavor import REFERENCE_FILE
from .versions import TRAIN_ANEW

MODEL_FILE = "model.skops"


def load_metadata(name: str, number: int) -> dict[str, Any]:
    """Load what MLflow keeps with the model of a registered version.

    Args:
        name: The registered model.
        number: The version.

    Returns:
        What was handed over when it was registered.
    """
    return mlflow.models.get_model_info(f"models:/{name}/{number}").metadata or {}


def load_model(name: str, number: int, trusted_types: list[str]) -> LatenessClassifier:
    """Load the model of a registered version.

    MLflow's own loader takes the list of trusted types, and whether to use pickle instead, from
    the artifact that it is about to load. This one takes the list from the caller, and reads
    nothing but the skops file.

    Args:
        name: The registered model.
        number: The version.
        trusted_types: The types that it may hold besides those that skops trusts by itself.

    Returns:
        The model.

    Raises:
        DataError: It holds other types, or is no skops file. None of its code has run.
    """
    uri = f"models:/{name}/{number}"
    if MODEL_FILE not in [file.path for file in mlflow.artifacts.list_artifacts(uri)]:
        raise DataError(
            f"Version {number} of {name} is refused: it has no {MODEL_FILE}, and other files could "
            "run code while they are loaded. Register models by `kedro run`."
        )
    with TemporaryDirectory() as folder:
        file = mlflow.artifacts.download_artifacts(f"{uri}/{MODEL_FILE}", dst_path=folder)
        model = load_trusted(file, trusted_types, f"Version {number} of {name}")
    if not isinstance(model, LatenessClassifier):
        raise DataError(
            f"Version {number} of {name} is refused: it holds a {type(model).__name__}, not a "
            f"LatenessClassifier, as versions do that `kedro run` registers now. {TRAIN_ANEW}"
        )
    return model


def load_reference(name: str, number: int) -> pd.DataFrame:
    """Load what drift of a registered version is told by.

    Args:
        name: The registered model.
        number: The version.

    Returns:
        The table that was handed over when it was registered; one without rows where none was.
    """
    uri = f"models:/{name}/{number}"
    if REFERENCE_FILE not in [file.path for file in mlflow.artifacts.list_artifacts(uri)]:
        return pd.DataFrame()
    with TemporaryDirectory() as folder:
        file = mlflow.artifacts.download_artifacts(f"{uri}/{REFERENCE_FILE}", dst_path=folder)
        return pd.read_parquet(file)


def load_trusted(file: str | Path, trusted_types: list[str], subject: str) -> Any:
    """Load what is in a skops file.

    Args:
        file: The file.
        trusted_types: The types that it may hold besides those that skops trusts by itself.
        subject: What an error calls it.

    Returns:
        What `skops.io.dump` was given.

    Raises:
        DataError: It holds other types, or is damaged. None of its code has run.
    """
    # Only here, because it takes seconds, and the catalog is looked at without a model too.
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        return skops.io.load(file, trusted=trusted_types)
    except UntrustedTypesFoundException as error:
        raise DataError(
            f"{subject} is refused, and none of its code has run: {error} "
            "If you know the types and need them, add them to trusted_types in "
            "conf/base/catalog_06_models.yml."
        ) from None
    except Exception as error:  # a damaged file may fail in any way
        raise DataError(
            f"{subject} is refused: its {Path(file).name} is no file of skops ({error})."
        ) from None
