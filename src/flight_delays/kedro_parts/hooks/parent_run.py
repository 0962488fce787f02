"""One MLflow run above those of the tasks that a scheduler runs as one."""

import atexit
import os
import signal

import mlflow
from kedro.framework.hooks import hook_impl
from mlflow.entities import Run
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from flight_delays.errors import NothingToDo

VARIABLE = "MLFLOW_PARENT_RUN"


class ParentRunHooks:
    """Puts a run below the one that the environment names, and lets that one end as it does.

    The first of the tasks opens it. A later one goes on with it, and closes the runs of its earlier
    attempts: one that was killed could not do so itself.
    """

    def __init__(self) -> None:
        """Start without an open parent; Kedro shares one instance among all sessions."""
        self._parent: str | None = None
        atexit.register(self._end, "KILLED")

    # After TrackingHooks, which has to stand before it in settings.py.
    @hook_impl(trylast=True)
    def before_pipeline_run(self) -> None:
        """Open the parent, or go on with it."""
        self._end("KILLED")  # of a run that was interrupted, of which Kedro tells no hook
        name, run = os.environ.get(VARIABLE), mlflow.active_run()
        if name and run:
            # So a scheduler ends a task. It is to be as orderly as ctrl-c.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            self._parent = open_parent(name, run)
            mlflow.set_tag(MLFLOW_PARENT_RUN_ID, self._parent)

    @hook_impl
    def after_pipeline_run(self) -> None:
        """End the parent as FINISHED, until another task goes on with it."""
        self._end("FINISHED")

    @hook_impl
    def on_pipeline_error(self, error: Exception) -> None:
        """End the parent as FAILED, or as FINISHED where there was nothing to do."""
        self._end("FINISHED" if isinstance(error, NothingToDo) else "FAILED")

    def _end(self, status: str) -> None:
        if self._parent:
            mlflow.MlflowClient().set_terminated(self._parent, status)
            self._parent = None


def open_parent(name: str, run: Run) -> str:
    """Open the run of a name, or go on with it and close what a killed attempt has left open.

    Args:
        name: The name of the parent.
        run: The run that is to be below it.

    Returns:
        The parent's id.
    """
    client = mlflow.MlflowClient()
    experiment = run.info.experiment_id
    found = client.search_runs([experiment], f"attributes.run_name = '{name}'", max_results=1)
    if not found:
        return str(client.create_run(experiment, run_name=name).info.run_id)
    parent = str(found[0].info.run_id)
    client.update_run(parent, status="RUNNING")
    earlier = (
        f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent}' and attributes.status = 'RUNNING' "
        f"and attributes.run_name = '{run.info.run_name}'"
    )
    for attempt in client.search_runs([experiment], earlier):
        client.set_terminated(attempt.info.run_id, "KILLED")
    return parent
