"""Runs the project again in a temporary copy, which leaves its data, runs and models alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
import yaml
from mlflow.entities import Run
from omegaconf import OmegaConf
from rich.console import Console
from rich.text import Text

from flight_delays.errors import DataError

PROJECT_FILES = ("conf", "src", "pyproject.toml", "requirements.txt", ".telemetry")


def rerun(
    project: Path,
    raw_paths: Iterable[str],
    parameters: dict[str, Any],
    env: str | None,
    console: Console,
) -> Run:
    """Run the default pipeline in a new process, in a copy of the project that is then deleted.

    Args:
        project: The root of the project.
        raw_paths: Where its raw tables are, relative to the root. Those that are not there are
            collected, as in any run.
        parameters: All parameters; those in conf do not count.
        env: The environment of the run, for its catalog.
        console: Where a terminal shows how far it is.

    Returns:
        The MLflow run.

    Raises:
        DataError: The run failed.
    """
    with TemporaryDirectory(prefix="reproduce-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder).resolve()
        copy_files(project, copy, [*PROJECT_FILES, *raw_paths])
        configure(copy, parameters)
        _run_kedro(copy, env, console)
        client = mlflow.MlflowClient(f"sqlite:///{copy}/mlflow.db")
        experiments = [each.experiment_id for each in client.search_experiments()]
        (run,) = client.search_runs(experiments, "tags.predictions_sha256 LIKE '%'")
        return run


def copy_files(source: Path, target: Path, names: Iterable[str]) -> None:
    """Copy those files and folders that exist."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(
                source / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        elif (source / name).exists():
            shutil.copy2(source / name, target / name)


def configure(project: Path, parameters: dict[str, Any]) -> None:
    """Give a copy of the project these parameters and no others, and an MLflow store of its own.

    Args:
        project: The root of the copy.
        parameters: All parameters.
    """
    conf = project / "conf"
    base = conf / "base"
    tracking = yaml.safe_load((base / "mlflow.yml").read_text())["tracking"]
    store = {"mlflow_tracking_uri": f"sqlite:///{project}/mlflow.db"}
    for path in [*conf.rglob("parameters*"), *conf.rglob("mlflow*")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    (base / "parameters.yml").write_text(OmegaConf.to_yaml(parameters))
    (base / "mlflow.yml").write_text(yaml.safe_dump({"server": store, "tracking": tracking}))


def _run_kedro(project: Path, env: str | None, console: Console) -> None:
    command = [sys.executable, "-m", "kedro", "run", *(["--env", env] if env else [])]
    # MLflow's variables name the store, and perhaps a run in it, that this one must not touch.
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")
    }
    with (
        console.status("Running it again") as status,
        subprocess.Popen(  # noqa: S603
            command,
            cwd=project,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        printed = []
        for line in process.stdout or ():
            printed.append(line)
            status.update(Text(line.strip()))
    if process.returncode:
        raise DataError(f"The rerun failed: {find_message(''.join(printed))}")


def find_message(printed: str) -> str:
    """Find what a failed command said last: its message, or the end of its traceback."""
    _, told, message = f"\n{printed}".rpartition("\nError: ")
    return message.strip() if told else printed.strip().rpartition("\n")[2]
