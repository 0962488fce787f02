"""The page is made of the months up to the one that is looked back on."""

import re
from typing import Any

import pandas as pd

from flight_delays.pipelines.monitoring.page import render_page
from flight_delays.registry.versions import Reference

FLIGHTS = pd.DataFrame(
    {"flight_date": pd.to_datetime(["2013-11-30"]), "arrival_delay_minutes": [5.0]}
)


def summarise(month: str) -> dict[str, Any]:
    return {
        "period": month,
        "version": 4,
        "fitted_to": "2013-09-30",
        "age_days": 61,
        "lead_minutes": 120,
        "questions": 12,
        "open_share": 0.0,
        "retrain": False,
        "reason": "the loss is as expected",
        "months": [
            {
                "month": month,
                "flights": 9,
                "realised": 0.4,
                "expected": 0.4,
                "difference": 0.0,
                "lower": -0.01,
                "upper": 0.01,
            }
        ],
        "scores": [
            {
                "threshold_minutes": 15,
                "lead_minutes": 120,
                "metric": "roc_auc",
                "lower": None,
                "upper": None,
                "value": None,
            }
        ],
    }


def render(period: str, *deliveries: str, reference: pd.DataFrame = FLIGHTS) -> str:
    summaries: Any = {
        f"{month}/monitoring_summary": lambda month=month: summarise(month)
        for month in ("2013-12", "2013-10", "2013-11")
    }
    tracking = dict.fromkeys(["champion_since", "run_id", "run_url", "run_at"])
    kept = Reference(4, reference)
    return render_page(summaries, period, FLIGHTS, kept, [*deliveries], [], tracking)


def test_page_is_of_the_month_and_those_before() -> None:
    page = render("2013-11")
    assert "Flight delays in November 2013" in page
    assert re.findall(r">(\w{3}13)<", page) == ["Oct13", "Nov13"]
    assert "n/a (n/a to n/a)" in page


def test_page_knows_the_newest_delivery() -> None:
    page = render("2013-11", "1-a", "2-b")
    assert "2-b" in page
    assert "1-a" not in page
    assert "Last delivery" not in render("2013-11")


def test_page_leads_to_the_drift_where_it_could_be_told() -> None:
    assert "2013-11/drift.html" in render("2013-11")
    assert "drift.html" not in render("2013-11", reference=FLIGHTS[:0])
