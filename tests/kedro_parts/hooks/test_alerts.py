"""Delivered data that stop a run raise an alert; what somebody has mistyped does not."""

from pathlib import Path
from typing import Any

import pytest
from kedro.io import DataCatalog, DatasetError
from kedro.pipeline import Node, Pipeline
from kedro.validation.exceptions import CheckFailure, DataValidationError

from flight_delays.errors import DataError
from flight_delays.kedro_parts.datasets.alerts import AlertsDataset
from flight_delays.kedro_parts.hooks.alerts import AlertHooks

RAW = {
    name: {"filepath": f"{name}.csv", "metadata": {"kedro-viz": {"layer": "raw"}}}
    for name in ("raw_flights", "raw_weather")
}
BELOW = CheckFailure("", "at_least(0)", "visib", 2, ["EWR 2013-01-01T06:00Z: -1", "LGA"])
BROKEN = DataValidationError("", dataset_name="raw_weather", failures=[BELOW])
REFUSED = DataError("The file flights.csv ends\nin the middle of a line.")


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    (tmp_path / "november").mkdir()
    return DataCatalog({"alerts": AlertsDataset(str(tmp_path / "alerts.json"), {}, 0, 0, 1)})


@pytest.fixture
def hooks() -> AlertHooks:
    hooks = AlertHooks()
    hooks.after_catalog_created(RAW)
    hooks.before_pipeline_run()
    return hooks


def describe_run(folder: Path, delivery: str | None) -> dict[str, Any]:
    parameters = {"data_collection": {"delivery": delivery}} if delivery else {}
    return {"project_path": str(folder), "runtime_params": parameters}


def list_states(catalog: DataCatalog) -> list[tuple[str, str]]:
    return [(alert.subject, alert.state) for alert in catalog.load("alerts")]


def read(*tables: str) -> Pipeline:
    return Pipeline([Node(lambda *tables: 1, [*tables], "read", name="read")])


COLLECTION = Pipeline([Node(lambda delivery: 1, "delivery", "raw_deliveries", name="accept")])


def test_table_that_breaks_its_contract_is_an_alert_until_all_tables_are_read(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path
) -> None:
    run = describe_run(tmp_path, None)
    hooks.on_pipeline_error(BROKEN, run, read(*RAW), catalog)
    hooks.on_pipeline_error(BROKEN, run, read(*RAW), catalog)
    (alert,) = catalog.load("alerts")
    assert (alert.kind, alert.subject) == ("broken_input", "raw_weather")
    assert alert.message == (
        "visib breaks at_least(0) in 2 rows, such as ['EWR 2013-01-01T06:00Z: -1']"
    )
    hooks.after_pipeline_run(run, read("raw_flights"), catalog)
    assert list_states(catalog) == [("raw_weather", "open")]
    hooks.after_pipeline_run(run, read("raw_flights", "raw_weather"), catalog)
    assert list_states(catalog) == [("raw_weather", "resolved")]


def test_delivery_that_is_refused_is_an_alert_until_one_is_taken(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path
) -> None:
    run = describe_run(tmp_path, "november")
    hooks.on_pipeline_error(REFUSED, run, COLLECTION, catalog)
    (alert,) = catalog.load("alerts")
    assert (alert.kind, alert.subject) == ("broken_input", "delivery november")
    assert alert.message == "The file flights.csv ends in the middle of a line."
    hooks.after_pipeline_run(run, read("raw_flights"), catalog)
    hooks.after_dataset_saved("raw_deliveries")
    hooks.after_pipeline_run(describe_run(tmp_path, None), COLLECTION, catalog)
    assert list_states(catalog) == [("delivery november", "open")]
    hooks.after_pipeline_run(run, COLLECTION, catalog)
    assert list_states(catalog) == [("delivery november", "resolved")]


def test_delivery_that_a_dataset_refuses_is_an_alert_too(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path
) -> None:
    run = describe_run(tmp_path, "november")
    hooks.on_pipeline_error(DatasetError("no room"), run, COLLECTION, catalog)
    assert list_states(catalog) == [("delivery november", "open")]


@pytest.mark.parametrize(
    ("error", "delivery", "pipeline"),
    [
        (REFUSED, "novembre", COLLECTION),  # no such folder
        (REFUSED, None, COLLECTION),
        (REFUSED, "november", read("train")),
        (ZeroDivisionError(), "november", COLLECTION),
        (DataValidationError("x", dataset_name="prm_flights"), None, read("prm_flights")),
        (KeyError("raw_weather"), None, read(*RAW)),
    ],
)
def test_errors_of_other_kinds_are_no_alert(
    hooks: AlertHooks,
    catalog: DataCatalog,
    tmp_path: Path,
    error: Exception,
    delivery: str | None,
    pipeline: Pipeline,
) -> None:
    hooks.on_pipeline_error(error, describe_run(tmp_path, delivery), pipeline, catalog)
    assert list_states(catalog) == []


def test_what_fails_after_a_delivery_was_taken_is_not_its_fault(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path
) -> None:
    run = describe_run(tmp_path, "november")
    hooks.after_dataset_saved("raw_flights")
    hooks.after_dataset_saved("raw_deliveries")
    hooks.after_dataset_saved("train")
    hooks.on_pipeline_error(REFUSED, run, COLLECTION, catalog)
    assert list_states(catalog) == []
    hooks.before_pipeline_run()
    hooks.on_pipeline_error(REFUSED, run, COLLECTION, catalog)
    assert list_states(catalog) == [("delivery november", "open")]


def test_damaged_file_of_alerts_does_not_hide_the_runs_own_error(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "alerts.json").write_text("{")
    hooks.on_pipeline_error(BROKEN, describe_run(tmp_path, None), read(*RAW), catalog)
    hooks.after_pipeline_run(describe_run(tmp_path, None), read(*RAW), catalog)
    assert caplog.text.count("alerts.json is damaged") == 2


def test_run_that_has_nothing_to_tell_leaves_no_trace(
    hooks: AlertHooks, catalog: DataCatalog, tmp_path: Path
) -> None:
    hooks.after_pipeline_run(describe_run(tmp_path, None), read(*RAW), catalog)
    assert [file.name for file in tmp_path.iterdir()] == ["november"]


def test_project_without_alerts_has_none(
    hooks: AlertHooks, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hooks.on_pipeline_error(BROKEN, describe_run(tmp_path, None), read(*RAW), DataCatalog())
    assert caplog.text == ""
