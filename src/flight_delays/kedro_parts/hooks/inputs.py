"""Which inputs of a run are not there, and which pipelines make them."""

from collections.abc import Set
from typing import Any

from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from flight_delays.errors import DataError


def list_optional(tables: dict[str, dict[str, Any]], pipelines: dict[str, Pipeline]) -> set[str]:
    """List the tables that may be absent whatever is run: those that no pipeline makes.

    Args:
        tables: Entries of the catalog by name, as configured.
        pipelines: All registered pipelines by name.

    Returns:
        The names of those that are read without rows where there is no file.
    """
    made = set().union(*(pipeline.all_outputs() for pipeline in pipelines.values()))
    return {name for name, entry in tables.items() if "columns_if_absent" in entry} - made


def list_missing_inputs(pipeline: Pipeline, catalog: DataCatalog, optional: Set[str]) -> list[str]:
    """List the inputs of a pipeline that do not exist and have to.

    Args:
        pipeline: The pipeline.
        catalog: The catalog to look them up in.
        optional: Datasets that need not exist.

    Returns:
        Their names, sorted.
    """
    return sorted(name for name in pipeline.inputs() - optional if not catalog.exists(name))


def list_makers(
    missing: list[str],
    pipelines: dict[str, Pipeline],
    catalog: DataCatalog,
    optional: Set[str],
) -> list[str]:
    """List the pipelines that make datasets, and before them those that make what these lack.

    Args:
        missing: The datasets to make.
        pipelines: All registered pipelines by name.
        catalog: The catalog to look up what exists.
        optional: Datasets that need not exist.

    Returns:
        Names of pipelines in the order to run them.

    Raises:
        DataError: No pipeline makes one of the datasets.
    """
    made_by = {
        dataset: name
        for name, pipeline in pipelines.items()
        if name != "__default__"
        for dataset in pipeline.all_outputs()
    }
    makers: list[str] = []
    for dataset in missing:
        maker = made_by.get(dataset)
        if maker is None:
            raise DataError(
                f"The input {dataset} does not exist, and no pipeline makes it: "
                "put it where the catalog says."
            )
        lacks = list_missing_inputs(pipelines[maker], catalog, optional)
        earlier = list_makers(lacks, pipelines, catalog, optional)
        makers += [name for name in [*earlier, maker] if name not in makers]
    return makers
