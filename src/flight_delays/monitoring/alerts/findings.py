"""What of a month that was looked back on somebody should know."""

from typing import Any

import pandas as pd

from flight_delays.schemas.alerts import Finding, Findings


def collect_findings(summary: dict[str, Any], found: pd.DataFrame) -> Findings:
    """Collect what is to be raised or kept up.

    Args:
        summary: Of the month (`MonitoringSummary`).
        found: What is wrong with what came in (`MonitoringFindings`).

    Returns:
        Those, each once, and the verdict if it is to retrain.
    """
    findings = []
    if summary["retrain"]:
        subject = f"version {summary['version']}"
        findings.append(Finding(kind="retrain", subject=subject, message=summary["reason"]))
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    findings += [Finding.model_validate(row) for row in rows]
    return Findings(source="monitoring", period=summary["period"], findings=findings)
