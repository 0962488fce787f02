"""One MLflow run per `kedro run`, with what it takes to repeat it."""

import atexit
import hashlib
import subprocess
import warnings
from pathlib import Path
from typing import Any

import mlflow
from fsspec.core import url_to_fs
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from omegaconf import OmegaConf
from pydantic import BaseModel

from .catalog import get_layer, get_path

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
        atexit.register(self._end_interrupted_run)

    @hook_impl
    def after_context_created(self, context: KedroContext) -> None:
        """Set MLflow up, with `${project_path:}` for mlflow.yml to resolve."""
        self._end_interrupted_run()
        self._project_path = context.project_path
        OmegaConf.register_resolver(
            "project_path", lambda: self._project_path.as_posix(), replace=True
        )
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
        """Remember which entries of the catalog are raw data."""
        self._raw_tables = {
            name: entry
            for name, entry in conf_catalog.items()
            if get_layer(entry) == "raw" and get_path(entry)
        }
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
        super().before_pipeline_run(run_params, pipeline, catalog)
        if self._is_mlflow_enabled:
            self._open_run = not self._already_active_mlflow
            mlflow.set_tags(describe_code(self._project_path))

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
        """Tag the run with its data and end it as FINISHED."""
        self._tag_data()
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
        """Tag the run with its data and end it as FAILED."""
        self._tag_data()
        super().on_pipeline_error(error, run_params, pipeline, catalog)
        self._open_run = False

    def _tag_data(self) -> None:
        # When the run is over: only now has data_collection written all that it writes.
        if self._is_mlflow_enabled:
            mlflow.set_tag("data_sha256", digest_tables(self._raw_tables))

    def _end_interrupted_run(self) -> None:
        # Kedro calls no hook on KeyboardInterrupt and SystemExit. Left alone, the run would go to
        # the next session in the process, or be ended as FINISHED by MLflow when Python exits.
        if self._open_run:
            mlflow.end_run("KILLED")
            self._open_run = False


def name_run(pipeline_names: list[str] | None) -> str:
    """Name a run after its pipelines, `full` for the one that goes the whole way."""
    names = sorted(pipeline_names or ["__default__"])
    return "+".join("full" if name == "__default__" else name for name in names)


def describe_code(project_path: Path) -> dict[str, str]:
    """Say which code a run was made with.

    Args:
        project_path: The root of the project.

    Returns:
        `git_commit` (full hash), `git_dirty` (`true` or `false`; a file that is neither committed
        nor ignored is dirt too) and `lock_sha256` (of requirements.txt, as `sha256sum` gives it);
        each `unknown` where there is no git or no such file.
    """
    commit = _ask_git(project_path, "rev-parse", "--verify", "HEAD")
    status = _ask_git(project_path, "status", "--porcelain")
    lock = project_path / "requirements.txt"
    return {
        "git_commit": commit or "unknown",
        "git_dirty": "unknown" if status is None else str(bool(status)).lower(),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest()
        if lock.exists()
        else "unknown",
    }


def digest_tables(tables: dict[str, dict[str, Any]]) -> str:
    """Digest the files behind catalog entries: SHA-256 over each one's name and contents.

    The name is the entry's, with the path below it where the entry is a folder, so that the digest
    is the same in every copy of the project. Files of a folder that the entry does not read (its
    `filename_suffix`) do not count, and neither does an entry that has no files.

    Args:
        tables: Entries of the catalog by name, as configured.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name, entry in sorted(tables.items()):
        fs, root = url_to_fs(get_path(entry))
        for path in fs.find(root):
            if path.endswith(entry.get("filename_suffix", "")):
                with fs.open(path, "rb") as file:
                    contents = hashlib.file_digest(file, "sha256").hexdigest()
                digest.update(f"{name}{path.removeprefix(root)} {contents}\n".encode())
    return digest.hexdigest()


def _ask_git(project_path: Path, *question: str) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603
            ["git", *question],  # noqa: S607
            cwd=project_path,
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
