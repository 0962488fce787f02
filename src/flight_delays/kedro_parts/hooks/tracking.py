"""One MLflow run per `kedro run`, with what it takes to repeat it."""

import atexit
import os
import warnings
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import mlflow
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from mlflow.utils.validation import MAX_PARAM_VAL_LENGTH
from omegaconf import OmegaConf
from pydantic import BaseModel

from flight_delays.errors import NothingToDo
from flight_delays.kedro_parts.hooks.run_name import name_experiment, name_run
from flight_delays.lineage.catalog_entries import list_tables, select_tables
from flight_delays.lineage.provenance import describe_code, digest_tables
from flight_delays.registry.connection import check_server, list_variables
from flight_delays.registry.relocation import relocate_artifacts

with warnings.catch_warnings(record=True):  # MLflow warns of kedro-mlflow's own model class
    from kedro_mlflow.config.kedro_mlflow_config import KedroMlflowConfig
    from kedro_mlflow.framework.hooks.mlflow_hook import MlflowHook


class TrackingHooks(MlflowHook):  # type: ignore[misc]
    """kedro-mlflow's own hooks, and on top of them what this project expects of a run.

    - Only a run opens the tracking store. Other commands and notebooks learn where it is.
    - The run bears the name of what was asked for.
    - Tags say which code, which lock and which data it was made from.
    - A parameter is logged once, one typed as a Pydantic model leaf by leaf.
    - A run that is interrupted ends as KILLED.

    It takes the place of the plugin's hooks, so settings.py disables those.
    """

    def __init__(self) -> None:
        """Start without an open run; Kedro shares one instance among all sessions of a process."""
        super().__init__()
        self._open_run = False
        self._variables: dict[str, str] = {}
        self._lock = Lock()
        atexit.register(self._end_interrupted_run)

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Tell MLflow where the store is, with `${project_path:}` for mlflow.yml to resolve."""
        self._end_interrupted_run()
        self._context = context
        OmegaConf.register_resolver(
            "project_path", lambda: context.project_path.as_posix(), replace=True
        )
        self._locate_store(context)

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
        """Remember which entries are data that models are made from, and name metrics."""
        self._tables = [list_tables(conf_catalog, layer) for layer in ("raw", "model_input")]
        # kedro-mlflow names metrics after their entries. To find them it would make all datasets,
        # and import for seconds what these are made with.
        metrics = {
            name: catalog[name]
            for name, entry in conf_catalog.items()
            if entry["type"].startswith("kedro_mlflow.io.metrics.") and "{" not in name
        }
        super().after_catalog_created(
            metrics, conf_catalog, conf_creds, parameters, save_version, load_versions
        )
        for name, dataset in metrics.items():
            if dataset is not catalog[name]:  # Kedro warns of each one that is replaced
                catalog[name] = dataset

    # Last of all hooks, so that none can fail once the run is open.
    @hook_impl(trylast=True)
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Open the store and in it the run, tagged with the code and the lock.

        Raises:
            TrackingError: The tracking server does not answer or refuses the login.
        """
        check_server(self._context.mlflow.server.mlflow_tracking_uri)  # type: ignore[attr-defined]
        # kedro-mlflow is about to read its configuration, and to open the experiment.
        config: Any = self._context.config_loader["mlflow"]
        experiment = config["tracking"]["experiment"]
        experiment["name"] = name_experiment(experiment["name"], run_params)
        self._context.config_loader["mlflow"] = config
        super().after_context_created(self._context)
        run = self.mlflow_config.tracking.run
        run.name = run.name or name_run(run_params)
        self.run_id = None  # or kedro-mlflow opens an earlier session's where tracking is off
        super().before_pipeline_run(run_params, pipeline, catalog)
        if self._is_mlflow_enabled:
            self._open_run = not self._already_active_mlflow
            mlflow.set_tags(describe_code(self._context.project_path))
        self._logged: set[str] = set()
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
        """Log the node's parameters, as far as no other node has them, in one go.

        kedro-mlflow would send each leaf by itself, and all of them again for every node. Pydantic
        models are logged as the dictionaries that they are in YAML.
        """
        with self._lock:  # threads share the batch
            new = {
                name: value.model_dump(mode="json") if isinstance(value, BaseModel) else value
                for name, value in inputs.items()
                if name.partition(":")[0] in ("params", "parameters") and name not in self._logged
            }
            self._logged |= new.keys()
            self._batch: dict[str, Any] = {}
            super().before_node_run(node, catalog, new, is_async)
            if self._batch:
                mlflow.log_params(self._batch)

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
        """End the run as FAILED, or as FINISHED where there was nothing to do."""
        if isinstance(error, NothingToDo):
            self.after_pipeline_run(run_params, pipeline, catalog)
            return
        super().on_pipeline_error(error, run_params, pipeline, catalog)
        self._open_run = False

    def _locate_store(self, context: KedroContext) -> None:
        # In the environment, where MLflow looks, and only as long as the session needs it.
        for name in self._variables:
            os.environ.pop(name, None)
        loader: Any = context.config_loader
        loader.config_patterns.setdefault("mlflow", ["mlflow*", "mlflow*/**", "**/mlflow*"])
        config = KedroMlflowConfig.model_validate(loader["mlflow"])
        uri = config.server.mlflow_tracking_uri
        # Kedro reads conf/local only where no other environment is asked for.
        local = Path(loader.conf_source, loader.default_run_env)
        self._variables = list_variables(uri, local / "credentials.yml")
        os.environ.update(self._variables)
        if not urlsplit(uri).scheme:
            uri = (context.project_path / uri).as_uri()
        experiment = config.tracking.experiment
        location = experiment.create_experiment_kwargs.artifact_location
        if location and urlsplit(uri).scheme == "sqlite":
            folder = context.project_path / location
            relocate_artifacts(Path(urlsplit(uri).path[1:]), experiment.name, folder)
        if not mlflow.active_run():  # whoever opened a run has set the store as well
            mlflow.set_tracking_uri(uri)
        config.server.mlflow_tracking_uri = uri
        context.mlflow = config  # type: ignore[attr-defined]  # where `kedro mlflow ui` looks

    def _log_param(self, name: str, value: Any) -> None:
        if len(str(value)) <= MAX_PARAM_VAL_LENGTH:
            self._batch[name] = value
        else:  # as mlflow.yml says
            super()._log_param(name, value)

    def _tag_data(self) -> None:
        if self._is_mlflow_enabled and self._read_tables and not self._awaited_tables:
            mlflow.set_tag("data_sha256", digest_tables(self._read_tables))

    def _end_interrupted_run(self) -> None:
        # Kedro calls no hook on KeyboardInterrupt and SystemExit. Left alone, the run would go to
        # the next session in the process, or be ended as FINISHED by MLflow when Python exits.
        if self._open_run:
            mlflow.end_run("KILLED")
            self._open_run = False
