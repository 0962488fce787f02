"""What a run is made from, written into its MLflow run: tables, parameters and packages."""

import json
import warnings
from pathlib import Path
from threading import Lock
from typing import Any

import mlflow
import pandas as pd
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from mlflow.data.pandas_dataset import from_pandas
from mlflow.entities import Dataset, DatasetInput, InputTag
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT
from omegaconf import OmegaConf

from flight_delays.lineage.catalog_entries import get_layer, get_path, list_tables
from flight_delays.lineage.provenance import (
    digest_contents,
    digest_table,
    digest_tables,
    list_packages,
)

SCHEMA_ROWS = 1000  # to look at all of them would take MLflow ten seconds

# Advice that MLflow gives whatever the table.
warnings.filterwarnings("ignore", message="The specified dataset source can be interpreted")
warnings.filterwarnings("ignore", message="Hint: Inferred schema contains integer column")


class LineageHooks:
    """Lists the tables that a run reads, and keeps what it takes to repeat the run.

    The run gets the digest of its predictions as well, for a repetition to be held against.
    They stand after TrackingHooks in settings.py, which open the run.
    """

    def __init__(self) -> None:
        """Start without a run; Kedro shares one instance among all sessions of a process."""
        self._run_id: str | None = None
        self._lock = Lock()

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Remember the parameters, those of the environment and the command line among them."""
        self._project_path = context.project_path
        self._parameters = context.config_loader["parameters"]

    @hook_impl
    def after_catalog_created(self, conf_catalog: dict[str, Any]) -> None:
        """Remember which entries of the catalog are tables to list."""
        self._tables = list_tables(conf_catalog, "raw", "model_input")
        self._predictions = conf_catalog.get("test_predictions", {})

    # The last of all hooks: the run has to be open.
    @hook_impl(trylast=True)
    def before_pipeline_run(self) -> None:
        """Keep the parameters and the environment."""
        run = mlflow.active_run()
        self._run_id = run.info.run_id if run else None  # none where tracking is switched off
        self._listed: set[str] = set()
        if run:
            mlflow.log_text(OmegaConf.to_yaml(self._parameters), "provenance/parameters.yml")
            packages = (f"{name}=={version}\n" for name, version in list_packages().items())
            mlflow.log_text("".join(packages), "provenance/environment.txt")

    @hook_impl
    def after_dataset_loaded(self, dataset_name: str, data: Any) -> None:
        """List a table with its digest, the first time that the run reads it."""
        with self._lock:  # threads may read it at once
            is_new = dataset_name in self._tables and dataset_name not in self._listed
            self._listed.add(dataset_name)
        if is_new and self._run_id and len(data):  # one that is absent is read without rows
            entry = self._tables[dataset_name]
            is_raw = get_layer(entry) == "raw"
            context = InputTag(MLFLOW_DATASET_CONTEXT, "raw" if is_raw else dataset_name)
            table = describe_table(dataset_name, entry, data, self._project_path)
            # By the run's id, because MLflow knows no active run in a thread of its own.
            mlflow.MlflowClient().log_inputs(self._run_id, [DatasetInput(table, [context])])

    @hook_impl
    def after_dataset_saved(self, dataset_name: str) -> None:
        """Tag the run with the digest of its predictions."""
        if dataset_name == "test_predictions" and self._run_id:
            digest = digest_tables({dataset_name: self._predictions})
            mlflow.MlflowClient().set_tag(self._run_id, "predictions_digest", digest)


def describe_table(name: str, entry: dict[str, Any], data: Any, project_path: Path) -> Dataset:
    """Describe a table as MLflow lists it.

    Args:
        name: Its name in the catalog.
        entry: Its entry in the catalog, whose files exist.
        data: What was loaded: the table, or a dictionary of its parts.
        project_path: The root of the project; files below it are named relative to it.

    Returns:
        Name, source, digest, columns and number of rows. The digest of a raw table is that of its
        files, of another that of what was loaded.
    """
    parts = [*data.values()] if isinstance(data, dict) else [data]
    tables = [part for part in parts if isinstance(part, pd.DataFrame)]
    is_as_delivered = get_layer(entry) == "raw" or not isinstance(data, pd.DataFrame)
    digest = digest_table(name, entry) if is_as_delivered else digest_contents(data)[:36]
    sample = tables[0].head(SCHEMA_ROWS) if tables else pd.DataFrame()
    described = from_pandas(
        sample,
        source=str(get_path(entry)).removeprefix(f"{project_path.as_posix()}/"),
        name=name,
        digest=digest,
    ).to_dict()
    profile = json.dumps({"num_rows": sum(map(len, tables))})
    return Dataset(**described | {"profile": profile})
