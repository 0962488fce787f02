"""Repeats a run of the past and tells whether the same comes of it."""

import sys
from contextlib import chdir
from pathlib import Path
from typing import Any

import mlflow
from kedro.framework.project import settings
from kedro.framework.session import KedroSession
from mlflow.entities import Run
from rich.console import Console

from flight_delays.errors import DataError
from flight_delays.registry.connection import check_server

from .comparison import compare_outcomes, compare_provenance, list_differences, tabulate
from .copying import check_paths_inside, configure, copy_code, copy_tables, name_package
from .environment import provide_environment
from .git import ask_git
from .record import Provenance, describe_present, find_run, read_outcome, read_provenance
from .rerun import rerun

PACKAGE = __name__.partition(".")[0]


def reproduce(run_id: str, env: str | None, present_code: bool) -> bool:
    """Tell what has changed since a run, run its commit again with its parameters, and compare.

    Args:
        run_id: The run's id in MLflow.
        env: The environment whose MLflow has the run, and whose catalog is used.
        present_code: Whether to run what is here now, in this environment, in place of the run's
            commit in the environment of that commit's lock.

    Returns:
        Whether all metrics and the predictions are the same to the last digit.

    Raises:
        DataError: The run cannot be repeated, or failed this time.
        TrackingError: The tracking server does not answer or refuses the login.
    """
    console = Console(highlight=False, soft_wrap=True)
    with KedroSession.create(env=env) as session:
        context = session.load_context()  # type: ignore[attr-defined]
    project, catalog = context.project_path, context.config_loader["catalog"]
    env = context.env  # KEDRO_ENV may name it too
    check_server(mlflow.get_tracking_uri())
    with chdir(project):  # paths in the catalog are relative to it
        run = find_run(run_id)
        commit = None if present_code else find_commit(run, project)
        then, now = read_provenance(run), describe_present(context)
        console.print(tabulate(compare_provenance(then, now)))
        with copy_code(project, commit) as copy:
            catalog_of_copy = load_catalog(copy, env)
            check_paths_inside(catalog_of_copy)
            copy_tables(project, catalog, copy, catalog_of_copy, then.tables)
            configure(copy, then.parameters)
            if commit:
                console.print(describe_commit(then))
                name_package(copy, PACKAGE, then.packages[PACKAGE])
                python = choose_python(then, now, copy, project, console)
            else:
                console.print("Running what there is now, with the run's parameters, in a copy")
                python = Path(sys.executable)
            again = rerun(copy, env, python, console)
    differences, verdict = compare_outcomes(read_outcome(run), again)
    if differences:
        console.print(tabulate(differences))
    console.print(verdict)
    return not differences


def find_commit(run: Run, project: Path) -> str:
    """Find the commit that a run was made from in the project's repository.

    Args:
        run: The run.
        project: The root of the project.

    Returns:
        The full hash.

    Raises:
        DataError: The run does not say, or the repository lacks it.
    """
    commit = str(run.data.tags.get("git_commit", "unknown"))
    if commit == "unknown":
        raise DataError(
            f"Run {run.info.run_id} was not made from a git repository, so its code is not known. "
            "With --present-code what is here now is run."
        )
    if ask_git(project, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}") is None:
        raise DataError(
            f"Run {run.info.run_id} was made from commit {commit}, which is not in a git "
            "repository here: fetch it. With --present-code what is here now is run."
        )
    return commit


def load_catalog(project: Path, env: str | None) -> dict[str, Any]:
    """Load the catalog of a copy of the project as configured."""
    loader = settings.CONFIG_LOADER_CLASS(
        str(project / settings.CONF_SOURCE), env=env, **settings.CONFIG_LOADER_ARGS
    )
    catalog: dict[str, Any] = loader["catalog"]
    return catalog


def describe_commit(then: Provenance) -> str:
    """Say which commit is run, and what cannot be had of a run with uncommitted changes."""
    told = f"Running commit {then.code['git_commit'][:12]} with the run's parameters, in a copy"
    if then.code["git_dirty"] != "false":
        told += (
            ". The run had uncommitted changes: except for its parameters they are nowhere kept, "
            "and cannot be had"
        )
    return told


def choose_python(
    then: Provenance, now: Provenance, copy: Path, project: Path, console: Console
) -> Path:
    """Choose the interpreter: this one if it has the run's packages, or that of the run's lock.

    Args:
        then: What the run was made from.
        now: What there is now.
        copy: The root of the copy, with the lock.
        project: The root of the project, which keeps the environments that are built.
        console: Where to say that one is built.

    Returns:
        The interpreter.

    Raises:
        DataError: The environment of the lock cannot be built.
    """
    lock = copy / "requirements.txt"
    # The project's own code comes from the copy.
    differing = {name for name, *_ in list_differences(then.packages, now.packages)} - {PACKAGE}
    if not differing or not lock.exists():
        return Path(sys.executable)
    return provide_environment(lock, project / ".environments", console)
