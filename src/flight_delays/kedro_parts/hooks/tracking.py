"""One MLflow run per `kedro run`, with what it takes to repeat it."""

import atexit
import os
import warnings
from pathlib import Path
from typing import Any

import mlflow
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from omegaconf import OmegaConf
from pydantic import BaseModel

from flight_delays.lineage.catalog_entries import list_tables
from flight_delays.lineage.provenance import describe_code, digest_tables
from flight_delays.registry.connection import check_server, list_variables

with warnings.catch_warnings(record=True):  # MLflow warns of kedro-mlflow's own model class
    from kedro_mlflow.framework.hooks.mlflow_hook import MlflowHook


class TrackingHooks(MlflowHook):  # type: ignore[misc]
    """kedro-mlflow's own hooks, and on top of them what this project expects of a run.

    - The run bears the name of its pipeline.
    - Tags say which code, which lock and which data it was made from.
    - A parameter typed as a Pydantic model is logged leaf by leaf.
    - A run that is interrupted ends as KILLED.

    It takes the place of the plugin's hooks, so settings.py disables those.
    """

    def __init__(self) -> None:
        """Start without an open run; Kedro shares one instance among all sessions of a process."""
        super().__init__()
        self._open_run = False
        self._variables: dict[str, str] = {}
        atexit.register(self._end_interrupted_run)

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Set MLflow up, with `${project_path:}` for mlflow.yml to resolve.

        Raises:
            TrackingError: The tracking server does not answer or refuses the login.
        """
        self._end_interrupted_run()
        self._project_path = context.project_path
        OmegaConf.register_resolver(
            "project_path", lambda: self._project_path.as_posix(), replace=True
        )
        self._open_store(context.config_loader)
        super().after_context_created(context)

    @hook_impl
    def after_catalog_created(
        self,
        catalog: DataCatalog,
        conf_catalog: dict[str, Any],
        conf_creds: dict[str, Any],
        parameters: dict[str, Any],
        save_version: str,
        load_versions: dict[str, str],
    ) -> None:
        """Remember which entries of the catalog are data that models are made from."""
        self._tables = [list_tables(conf_catalog, layer) for layer in ("raw", "model_input")]
        super().after_catalog_created(
            catalog, conf_catalog, conf_creds, parameters, save_version, load_versions
        )

    # Last of all hooks, so that none can fail once the run is open.
    @hook_impl(trylast=True)
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Open the run and tag it with the code and the lock."""
        run = self.mlflow_config.tracking.run
        run.name = run.name or name_run(run_params["pipeline_names"])
        self.run_id = None  # or kedro-mlflow opens an earlier session's where tracking is off
        super().before_pipeline_run(run_params, pipeline, catalog)
        if self._is_mlflow_enabled:
            self._open_run = not self._already_active_mlflow
            mlflow.set_tags(describe_code(self._project_path))
        self._read_tables = select_tables(self._tables, pipeline)
        self._awaited_tables = self._read_tables.keys() & pipeline.all_outputs()
        self._tag_data()

    @hook_impl
    def after_dataset_saved(self, dataset_name: str) -> None:
        """Tag the run with its data, once data_collection has written all that it writes."""
        if dataset_name in self._awaited_tables:
            self._awaited_tables.remove(dataset_name)
            self._tag_data()

    @hook_impl
    def before_node_run(
        self, node: Node, catalog: DataCatalog, inputs: dict[str, Any], is_async: bool
    ) -> None:
        """Log the node's parameters, Pydantic models as the dictionaries that they are in YAML."""
        as_written = {
            name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            for name, value in inputs.items()
        }
        super().before_node_run(node, catalog, as_written, is_async)

    # First of all hooks: the run is finished, whatever another hook does after that.
    @hook_impl(tryfirst=True)
    def after_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """End the run as FINISHED."""
        super().after_pipeline_run(run_params, pipeline, catalog)
        self._open_run = False

    @hook_impl(tryfirst=True)
    def on_pipeline_error(
        self,
        error: Exception,
        run_params: dict[str, Any],
        pipeline: Pipeline,
        catalog: DataCatalog,
    ) -> None:
        """End the run as FAILED."""
        super().on_pipeline_error(error, run_params, pipeline, catalog)
        self._open_run = False

    def _open_store(self, config_loader: Any) -> None:
        # In the environment, where MLflow looks, and only as long as the session needs it.
        for name in self._variables:
            os.environ.pop(name, None)
        config_loader.config_patterns.setdefault("mlflow", ["mlflow*", "mlflow*/**", "**/mlflow*"])
        uri = config_loader["mlflow"]["server"]["mlflow_tracking_uri"]
        # Kedro reads conf/local only where no other environment is asked for.
        local = Path(config_loader.conf_source, config_loader.default_run_env)
        self._variables = list_variables(uri, local / "credentials.yml")
        os.environ.update(self._variables)
        check_server(uri)

    def _tag_data(self) -> None:
        if self._is_mlflow_enabled and self._read_tables and not self._awaited_tables:
            mlflow.set_tag("data_sha256", digest_tables(self._read_tables))

    def _end_interrupted_run(self) -> None:
        # Kedro calls no hook on KeyboardInterrupt and SystemExit. Left alone, the run would go to
        # the next session in the process, or be ended as FINISHED by MLflow when Python exits.
        if self._open_run:
            mlflow.end_run("KILLED")
            self._open_run = False


def select_tables(layers: list[dict[str, Any]], pipeline: Pipeline) -> dict[str, Any]:
    """Select the tables that a run starts from.

    Args:
        layers: For each layer its entries of the catalog, the earliest layer first.
        pipeline: What is about to run.

    Returns:
        The entries of the earliest layer that the pipeline touches, as far as it touches them.
    """
    for tables in layers:
        if used := tables.keys() & pipeline.datasets():
            return {name: tables[name] for name in used}
    return {}


def name_run(pipeline_names: list[str] | None) -> str:
    """Name a run after its pipelines, `full` for the one that goes the whole way."""
    names = sorted(pipeline_names or ["__default__"])
    return "+".join("full" if name == "__default__" else name for name in names)
