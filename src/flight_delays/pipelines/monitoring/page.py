"""Write the page that a person looks at."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from flight_delays.monitoring.page import write_page
from flight_delays.registry.versions import Reference
from flight_delays.schemas.alerts import Alert


def render_page(
    summaries: dict[str, Callable[[], dict[str, Any]]],
    period: str,
    flights: pd.DataFrame,
    reference: Reference,
    deliveries: list[str],
    alerts: list[Alert],
    tracking: dict[str, str | None],
) -> str:
    """Write one page: is the model still good, what came in, what drifted, which alerts are open.

    Args:
        summaries: What loads the summaries (`MonitoringSummary`), by month and name of the file.
        period: The month.
        flights: Facts of all flights.
        reference: What the champion has learnt from; without it there is no report of the drift.
        deliveries: The ids of the deliveries that the tables are made from, the newest last.
        alerts: All alerts.
        tracking: What MLflow knows of the champion and of this run.

    Returns:
        The page, in HTML.
    """
    this = f"{period}/monitoring_summary"
    return write_page(
        [summaries[name]() for name in sorted(summaries) if name <= this],
        flights,
        alerts,
        tracking,
        has_drift_page=not reference.rows.empty,
        last_delivery=deliveries[-1] if deliveries else None,
    )
