"""What a run lacks is told with the pipelines that make it."""

from typing import Any

import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Node, Pipeline

from flight_delays.errors import DataError
from flight_delays.kedro_parts.hooks.inputs import (
    list_makers,
    list_missing_inputs,
    list_optional,
)


def make(value: int) -> int:
    return value


PIPELINES = {
    "collection": Pipeline([Node(make, "params:collection", "raw")]),
    "training": Pipeline([Node(make, "raw", "model")]),
}
PIPELINES["__default__"] = sum(PIPELINES.values(), start=Pipeline([]))


@pytest.mark.parametrize(
    ("made", "makers"),
    [([], ["collection", "training"]), (["raw"], ["training"])],
)
def test_makers_are_those_whose_results_are_missing(made: list[str], makers: list[str]) -> None:
    catalog = DataCatalog({name: MemoryDataset(1) for name in ["params:collection", *made]})
    assert list_makers(["model"], PIPELINES, catalog, set()) == makers


def test_dataset_that_no_pipeline_makes_is_named() -> None:
    with pytest.raises(DataError, match=r"weather does not exist, and no pipeline makes it"):
        list_makers(["weather"], PIPELINES, DataCatalog(), set())


def test_optional_is_what_is_read_without_rows_and_no_pipeline_makes() -> None:
    may_be_absent = {"columns_if_absent": ["a"]}
    tables: dict[str, dict[str, Any]] = {"raw": may_be_absent, "timetable": may_be_absent}
    assert list_optional(tables | {"planes": {}}, PIPELINES) == {"timetable"}


def test_what_is_optional_is_not_missed_on_the_way_either() -> None:
    fit = Pipeline([Node(max, ["raw", "timetable"], "model")])
    pipelines = PIPELINES | {"training": fit, "report": Pipeline([Node(make, "model", "report")])}
    catalog = DataCatalog({"params:collection": MemoryDataset(1)})
    assert list_missing_inputs(fit, catalog, {"timetable"}) == ["raw"]
    makers = list_makers(["report"], pipelines, catalog, {"timetable"})
    assert makers == ["collection", "training", "report"]
    with pytest.raises(DataError, match="timetable does not exist"):
        list_makers(["report"], pipelines, catalog, set())
