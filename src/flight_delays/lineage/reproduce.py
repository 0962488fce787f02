"""Repeats a run of the past and tells whether the same comes of it."""

from contextlib import chdir
from pathlib import Path
from typing import Any

from kedro.framework.project import pipelines
from kedro.framework.session import KedroSession
from rich.console import Console

from flight_delays.errors import DataError
from flight_delays.lineage.catalog_entries import get_path, list_tables

from .comparison import compare_provenance, list_differences, tabulate
from .record import describe_present, find_run, read_provenance, read_results
from .rerun import rerun


def reproduce(run_id: str, env: str | None) -> bool:
    """Tell what has changed since a run, run it again with its parameters, and compare.

    Args:
        run_id: The run's id in MLflow.
        env: The environment whose MLflow has the run, and whose catalog is used.

    Returns:
        Whether all metrics and the predictions are the same to the last digit.

    Raises:
        DataError: The run cannot be repeated, or failed this time.
    """
    console = Console(highlight=False, soft_wrap=True)
    with KedroSession.create(env=env) as session:
        context = session.load_context()  # type: ignore[attr-defined]
    catalog = context.config_loader["catalog"]
    with chdir(context.project_path):  # paths in the catalog are relative to it
        run = find_run(run_id)
        check_outputs_inside(catalog, pipelines["__default__"].all_outputs())
        then, now = read_provenance(run), describe_present(context)
        console.print(tabulate(compare_provenance(then, now)))
        console.print("Running what there is now, with the run's parameters, in a temporary copy")
        raw_paths = [str(get_path(entry)) for entry in list_tables(catalog, "raw").values()]
        again = rerun(context.project_path, raw_paths, then.parameters, env, console)
    results, results_again = read_results(run), read_results(again)
    if differences := list_differences(results, results_again):
        console.print(tabulate(differences))
        console.print(f"different: {len(differences)} of {len(results)} results")
    else:
        console.print(f"identical: {len(results) - 1} metrics and the predictions")
    return not differences


def check_outputs_inside(catalog: dict[str, Any], outputs: set[str]) -> None:
    """Check that a copy of the project writes into the copy.

    Args:
        catalog: The catalog as configured.
        outputs: The names of what will be written.

    Raises:
        DataError: Something lies elsewhere, and would be written over.
    """
    for name in sorted(outputs):
        path = get_path(catalog.get(name, {})) or ""
        if "://" in path or Path(path).is_absolute():
            raise DataError(
                f"A repetition would write over {name} ({path}): give it a path inside the project "
                "in the catalog of an environment, and choose that with --env."
            )
