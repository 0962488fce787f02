"""The page answers in words what one wants to know of the champion."""

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pandas as pd
import pytest

from flight_delays.monitoring.page import write_page
from flight_delays.schemas.alerts import Acknowledgement, Alert

NOW = datetime(2014, 1, 1, tzinfo=UTC)
FLIGHTS = pd.DataFrame(
    {
        "flight_date": pd.to_datetime(["2013-11-29", "2013-11-30", "2013-12-02"]),
        "arrival_delay_minutes": [5.0, 60.0, None],
    }
)
TRACKING = {
    "champion_since": "2013-10-03",
    "run_id": "0123456789ab",
    "run_url": "http://127.0.0.1:5000/#/experiments/2/runs/0123456789ab",
    "run_at": "2013-12-02 08:00",
}
NO_TRACKING = dict.fromkeys(TRACKING)


def summarise(month: str = "2013-11", **changes: Any) -> dict[str, Any]:
    score = {"threshold_minutes": 15, "metric": "roc_auc", "lower": 0.7, "upper": 0.8}
    return {
        "period": month,
        "version": 4,
        "fitted_to": "2013-09-30",
        "age_days": 61,
        "lead_minutes": 120,
        "questions": 12345,
        "open_share": 0.025,
        "retrain": False,
        "reason": "the loss is as expected",
        "months": [
            {
                "month": each,
                "flights": 2345,
                "realised": realised,
                "expected": 0.4,
                "difference": realised - 0.4,
                "lower": -0.01,
                "upper": 0.03,
            }
            for each, realised in (("2013-10", 0.3), (month, 0.412))
            if each <= month
        ][-2:],
        "scores": [
            score | {"lead_minutes": 120, "value": 0.761},
            score | {"lead_minutes": 480, "value": 0.7},
            score | {"lead_minutes": 120, "value": 0.9, "threshold_minutes": 60},
        ],
        **changes,
    }


def make_alert(number: int, kind: str, subject: str, state: str = "open") -> Alert:
    return Alert(
        kind=kind,
        subject=subject,
        message=f"message {number} <b>",
        id=number,
        severity="warning" if kind == "drift" else "alert",
        state=state,
        source="monitoring",
        first_seen="2013-10",
        last_seen="2013-11",
        raised_at=NOW,
        acknowledged=Acknowledgement(by="ann", why="", at=NOW) if state == "acknowledged" else None,
    )


def write(
    *alerts: Alert,
    summaries: list[dict[str, Any]] | None = None,
    tracking: dict[str, str | None] = TRACKING,
    has_drift_page: bool = True,
    last_delivery: str | None = None,
) -> str:
    return write_page(
        summaries or [summarise()], FLIGHTS, [*alerts], tracking, has_drift_page, last_delivery
    )


def read(page: str, heading: str = "") -> str:
    """The words of a section, or of the whole page, without tags."""
    part = page[page.index("<body>") :]
    if heading:
        part = part[part.index(f"<h2>{heading}</h2>") :].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())


def test_page_says_whether_the_model_is_good_and_why() -> None:
    page = write()
    assert read(page, "Is the model still good?") == (
        "Is the model still good? Yes The loss is as expected. Log loss 0.412, expected 0.400 "
        "Difference +0.012 (-0.010 to +0.030) ROC AUC 0.761 (0.700 to 0.800)"
    )
    assert "<title>Flight delays: still good, November 2013</title>" in page
    worse = write(summaries=[summarise(retrain=True)])
    assert "No: retrain it" in read(worse, "Is the model still good?")
    assert "<title>Flight delays: retrain, November 2013</title>" in worse


def test_page_says_since_when_it_is_champion_and_what_came_in() -> None:
    page = write()
    assert read(page, "The champion") == (
        "The champion Version 4 Champion since 3 October 2013 Has learnt from flights to "
        "30 September 2013 Age 61 days at the end of the month"
    )
    assert read(page, "What came in last") == (
        "What came in last Flights to 2 December 2013 Outcomes to 30 November 2013 In the month "
        "2,345 flights judged Still open 2.5 % of 12,345 predictions"
    )
    assert "Champion since" not in read(write(tracking=NO_TRACKING))
    told = read(write(last_delivery="20131202T0800-abc"), "What came in last")
    assert "Last delivery 20131202T0800-abc In the month" in told


def test_page_lists_alerts_that_are_not_resolved_and_drift_apart() -> None:
    page = write(
        make_alert(1, "broken_input", "weather.visib"),
        make_alert(2, "retrain", "version 4", "acknowledged"),
        make_alert(3, "retrain", "version 3", "resolved"),
        make_alert(4, "drift", "wind"),
    )
    assert read(page, "Alerts") == (
        "Alerts 1 broken input: weather.visib message 1 <b> (2013-10 to 2013-11) "
        "2 retrain: version 4 , noted by ann message 2 <b> (2013-10 to 2013-11)"
    )
    assert read(page, "What has drifted") == (
        "What has drifted 4 drift: wind message 4 <b> (2013-10 to 2013-11)"
    )


def test_page_tells_nothing_apart_from_nothing_known() -> None:
    assert read(write(), "Alerts") == "Alerts None is open."
    assert "Nothing beyond what is usual." in read(write(), "What has drifted")
    assert "Nobody can tell" in read(write(has_drift_page=False), "What has drifted")


def test_of_much_drift_the_rest_is_counted() -> None:
    page = write(*(make_alert(number, "drift", f"column {number}") for number in range(1, 9)))
    told = read(page, "What has drifted")
    assert "column 5" in told
    assert "column 6" not in told
    assert told.endswith("and 3 more: kedro alerts list")


def test_year_so_far_has_the_last_twelve_months_each_by_its_own_champion() -> None:
    summaries = [
        summarise(f"{year}-{month:02d}", version=month)
        for year, month in [(2013, month) for month in range(10, 13)]
        + [(2014, month) for month in range(1, 11)]
    ]
    told = read(write(summaries=summaries), "The year so far")
    assert re.findall(r"\w{3}\d\d v\d+", told) == [
        "Nov13 v11",
        "Dec13 v12",
        *(f"{name}14 v{number}" for number, name in enumerate(NAMES, start=1)),
    ]


NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")


@pytest.mark.parametrize("known", [True, False])
def test_page_links_to_what_there_is(known: bool) -> None:
    page = write(tracking=TRACKING if known else NO_TRACKING, has_drift_page=known)
    links = re.findall(r'href="([^"]*)"', page)
    always = ["2013-11/monitoring_summary.json", "2013-11/months.png"]
    more = ["2013-11/drift.html", TRACKING["run_url"]] if known else []
    assert sorted(links) == sorted([*always, *more])
