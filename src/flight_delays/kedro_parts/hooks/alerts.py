"""What a run raises alerts of by itself: tables that break their contract, deliveries refused."""

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog, DatasetError
from kedro.pipeline import Pipeline
from kedro.validation.exceptions import DataValidationError

from flight_delays.errors import DataError
from flight_delays.lineage.catalog_entries import list_tables
from flight_delays.schemas.alerts import Finding, Findings, Source

DELIVERIES = "raw_deliveries"

logger = logging.getLogger(__name__)


class AlertHooks:
    """Raises an alert where delivered data stops a run, and resolves it once they do not."""

    @hook_impl
    def after_catalog_created(self, conf_catalog: dict[str, Any]) -> None:
        """Remember which tables are delivered."""
        self._raw = set(list_tables(conf_catalog, "raw"))

    @hook_impl
    def before_pipeline_run(self) -> None:
        """Begin anew: Kedro shares one instance among all sessions of a process."""
        self._is_taken = False

    @hook_impl
    def after_dataset_saved(self, dataset_name: str) -> None:
        """See that a delivery is taken: what fails after that is not its fault."""
        self._is_taken |= dataset_name == DELIVERIES

    @hook_impl
    def after_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Resolve what this run has seen to be right."""
        if self._is_taken and _find_delivery(run_params):
            _save(catalog, "delivery", [])
        if self._raw and self._raw <= {name for node in pipeline.nodes for name in node.inputs}:
            _save(catalog, "raw_tables", [])

    @hook_impl
    def on_pipeline_error(
        self,
        error: Exception,
        run_params: dict[str, Any],
        pipeline: Pipeline,
        catalog: DataCatalog,
    ) -> None:
        """Raise an alert if it is the data that are wrong, and not what was typed."""
        is_asked = DELIVERIES in pipeline.all_outputs() and not self._is_taken
        delivery = _find_delivery(run_params) if is_asked else None
        if delivery and isinstance(error, DataError | DatasetError):
            _save(catalog, "delivery", [_describe(f"delivery {delivery}", error)])
        elif isinstance(error, DataValidationError) and error.dataset_name in self._raw:
            _save(catalog, "raw_tables", [_describe(str(error.dataset_name), error)])


def _find_delivery(run_params: dict[str, Any]) -> str | None:
    """Find the delivery that a run is told to take; None where there is no such folder."""
    collection = (run_params["runtime_params"] or {}).get("data_collection", {})
    delivery = collection.get("delivery") if isinstance(collection, dict) else None
    if not delivery:
        return None
    return str(delivery) if Path(run_params["project_path"], delivery).is_dir() else None


def _describe(subject: str, error: Exception) -> Finding:
    failures = error.failures if isinstance(error, DataValidationError) else []
    told = "; ".join(
        f"{failure.column} breaks {failure.check} in {failure.failure_count} rows, such as "
        f"{failure.failure_examples[:1]}"
        for failure in failures
    )
    message = " ".join((told or str(error)).split())
    return Finding(kind="broken_input", subject=subject, message=message)


def _save(catalog: DataCatalog, source: Source, findings: list[Finding]) -> None:
    if "alerts" not in catalog:
        return
    month = f"{datetime.now(UTC):%Y-%m}"
    try:
        # A run that has nothing to raise or to resolve leaves no trace.
        if findings or any(
            alert.source == source and alert.state != "resolved" for alert in catalog.load("alerts")
        ):
            catalog["alerts"].save(Findings(source=source, period=month, findings=findings))
    except DatasetError as error:  # what became of the run counts
        logger.error(error)
