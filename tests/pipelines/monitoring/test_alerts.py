"""Alerts and page are made of the month's own files."""

from typing import Any

import pandas as pd

from flight_delays.pipelines.monitoring.alerts import raise_alerts

SUMMARIES: Any = {
    f"{month}/monitoring_summary": lambda month=month: {
        "period": month,
        "version": 7,
        "retrain": month == "2013-11",
        "reason": "worse",
    }
    for month in ("2013-10", "2013-11")
}
FOUND: Any = {
    f"{month}/findings": lambda month=month: pd.DataFrame(
        [
            {
                "kind": "drift",
                "subject": month,
                "size": 2.0,
                "expected": 1.0,
                "message": "more",
            }
        ]
    )
    for month in ("2013-10", "2013-11")
}


def test_alerts_are_of_the_month() -> None:
    found = raise_alerts(SUMMARIES, "2013-10", FOUND)
    assert [(finding.kind, finding.subject) for finding in found.findings] == [("drift", "2013-10")]
    found = raise_alerts(SUMMARIES, "2013-11", FOUND)
    assert [(finding.kind, finding.message) for finding in found.findings] == [
        ("retrain", "worse"),
        ("drift", "more"),
    ]
