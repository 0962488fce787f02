"""Say what somebody should know of a month."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from flight_delays.monitoring.alerts.findings import collect_findings
from flight_delays.schemas.alerts import Findings


def raise_alerts(
    summaries: dict[str, Callable[[], dict[str, Any]]],
    period: str,
    found: dict[str, Callable[[], pd.DataFrame]],
) -> Findings:
    """Say what there is to raise, to keep up and to resolve.

    Args:
        summaries: What loads the summaries (`MonitoringSummary`), by month and name of the file.
        period: The month.
        found: Likewise what is wrong with what came in (`MonitoringFindings`).

    Returns:
        All that was found in the month.
    """
    return collect_findings(
        summaries[f"{period}/monitoring_summary"](),
        found[f"{period}/findings"](),
    )
