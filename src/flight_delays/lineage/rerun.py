"""Runs a copy of the project in a process of its own."""

import json
import os
import sys
from pathlib import Path

from rich.console import Console

from flight_delays.errors import DataError

from .record import Outcome, describe_outcome
from .watching import watch

# Told by the copy's own MLflow: another one may not read the store that it wrote.
RUN_AND_TELL = """
import json, pathlib, sys
from kedro.framework.cli import main

told = pathlib.Path(sys.argv.pop())
try:
    main()
except SystemExit as end:
    if end.code:
        raise
import mlflow

run = mlflow.last_active_run()
tables = {each.dataset.name: each.dataset.digest for each in run.inputs.dataset_inputs}
told.write_text(json.dumps([tables, run.data.tags, run.data.metrics]))
"""


def rerun(copy: Path, env: str | None, python: Path, console: Console) -> Outcome:
    """Run the default pipeline of a copy of the project.

    Args:
        copy: The root of the copy.
        env: The environment of the run, for its catalog.
        python: The interpreter, which has the packages that the copy needs.
        console: Where a terminal shows how far it is.

    Returns:
        What came of it.

    Raises:
        DataError: The run failed.
    """
    told = copy / "told.json"
    command = [python, "-c", RUN_AND_TELL, "run", *(["--env", env] if env else []), told]
    # MLflow's variables name the store, and perhaps a run in it, that this one must not touch.
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")
    }
    if python != Path(sys.executable):
        variables.pop("PYTHONPATH", None)  # this environment's packages
    code, printed = watch(command, copy, variables, "Running it again", console)
    if code:
        raise DataError(f"The rerun failed: {find_message(printed)}")
    return describe_outcome(*json.loads(told.read_text()))


def find_message(printed: str) -> str:
    """Find what a failed command said last: its message, or the end of its traceback."""
    _, told, message = f"\n{printed}".rpartition("\nError: ")
    return message.strip() if told else printed.strip().rpartition("\n")[2]
