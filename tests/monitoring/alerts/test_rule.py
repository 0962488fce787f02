"""An alert is raised once, kept quiet about, and resolved when it is not found any more."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.monitoring.alerts.findings import collect_findings
from flight_delays.monitoring.alerts.rule import acknowledge, follow
from flight_delays.schemas.alerts import Alert, Finding, Findings

NOW = datetime(2014, 1, 1, tzinfo=UTC)
STUCK = Finding(kind="broken_input", subject="weather.visib", size=70, expected=24, message="stuck")
OLD = Finding(kind="retrain", subject="version 1", message="too old")
DRIFT = Finding(kind="drift", subject="wind", size=0.9, expected=0.75, message="windy")


def look(
    alerts: list[Alert], period: str, *findings: Finding, source: str = "monitoring"
) -> tuple[list[Alert], list[str]]:
    """Follow what was found in a month, and say what is new as "alert.raised 1"."""
    found = Findings(source=source, period=period, findings=[*findings])
    alerts, changes = follow(alerts, found, NOW)
    return alerts, [f"{change} {alert.id}" for change, alert in changes]


def test_findings_are_raised_and_only_drift_is_a_mere_warning() -> None:
    alerts, news = look([], "2013-10", STUCK, OLD, DRIFT)
    assert news == ["alert.raised 1", "alert.raised 2", "alert.raised 3"]
    assert [alert.severity for alert in alerts] == ["alert", "alert", "warning"]
    assert alerts[0].model_dump(include={"state", "size", "first_seen", "raised_at"}) == {
        "state": "open",
        "size": 70,
        "first_seen": "2013-10",
        "raised_at": NOW,
    }


def test_what_is_found_again_is_told_of_its_last_month_and_not_raised_again() -> None:
    alerts, _ = look([], "2013-10", STUCK)
    worse = STUCK.model_copy(update={"size": 90, "message": "still stuck"})
    (alert,), news = look(alerts, "2013-11", worse)
    assert news == []
    assert (alert.first_seen, alert.last_seen) == ("2013-10", "2013-11")
    assert (alert.size, alert.message) == (90, "still stuck")


def test_another_subject_or_kind_is_another_alert() -> None:
    alerts, _ = look([], "2013-10", STUCK)
    other = STUCK.model_copy(update={"subject": "weather.wind"})
    drift = STUCK.model_copy(update={"kind": "drift"})
    assert look(alerts, "2013-10", STUCK, other, drift)[1] == ["alert.raised 2", "alert.raised 3"]


@pytest.mark.parametrize("later", ["2013-10", "2013-11"])
def test_what_is_not_found_any_more_is_resolved_and_raised_anew_if_it_comes_back(
    later: str,
) -> None:
    alerts, _ = look([], "2013-10", STUCK, OLD)
    alerts, news = look(alerts, later, OLD)
    assert news == ["alert.resolved 1"]
    assert (alerts[0].state, alerts[0].resolved_in) == ("resolved", later)
    assert (alerts[0].last_seen, alerts[1].state) == ("2013-10", "open")
    assert look(alerts, later, OLD, STUCK)[1] == ["alert.raised 3"]
    alerts, news = look(alerts, "2013-12", OLD)
    assert news == []
    _, news = look(alerts, "2013-12", OLD, STUCK)
    assert news == ["alert.raised 3"]


def test_an_earlier_month_changes_nothing_of_what_is_known_from_later_ones() -> None:
    alerts, _ = look([], "2013-10", STUCK)
    alerts, _ = look(alerts, "2013-11", OLD)
    for findings in ([], [STUCK], [OLD], [STUCK, OLD]):
        assert look(alerts, "2013-10", *findings) == (alerts, [])


def test_sources_do_not_resolve_each_others_alerts() -> None:
    alerts, _ = look([], "2013-10", STUCK)
    refused = STUCK.model_copy(update={"subject": "delivery x"})
    alerts, news = look(alerts, "2026-11", refused, source="delivery")
    assert news == ["alert.raised 2"]
    assert look(alerts, "2013-10", STUCK)[1] == []
    assert look(alerts, "2026-11", source="delivery")[1] == ["alert.resolved 2"]


def test_what_somebody_has_noted_keeps_quiet_until_it_is_over() -> None:
    alerts, _ = look([], "2013-10", STUCK, OLD, DRIFT)
    alerts, ((change, noted),) = acknowledge(alerts, 2, "ann", "winter", NOW)
    assert (change, noted.id, noted.state) == ("alert.acknowledged", 2, "acknowledged")
    assert noted.acknowledged
    assert (noted.acknowledged.by, noted.acknowledged.why) == ("ann", "winter")
    assert [alert.state for alert in alerts] == ["open", "acknowledged", "open"]
    alerts, news = look(alerts, "2013-11", STUCK, OLD, DRIFT)
    assert (news, alerts[1].state, alerts[1].last_seen) == ([], "acknowledged", "2013-11")
    assert look(alerts, "2013-12", STUCK, DRIFT)[1] == ["alert.resolved 2"]


def test_only_an_open_alert_is_noted() -> None:
    alerts, _ = look([], "2013-10", STUCK)
    with pytest.raises(DataError, match=r"There is no alert 2: `kedro alerts list --all`"):
        acknowledge(alerts, 2, "ann", "", NOW)
    alerts, _ = look(alerts, "2013-11")
    with pytest.raises(DataError, match="Alert 1 is resolved already"):
        acknowledge(alerts, 1, "ann", "", NOW)


def test_findings_are_the_verdict_to_retrain_and_what_is_wrong_with_what_came_in() -> None:
    summary = {"period": "2013-11", "version": 7, "retrain": True, "reason": "worse"}
    table = pd.DataFrame([STUCK.model_dump(), DRIFT.model_dump() | {"expected": None}])
    found = collect_findings(summary, table)
    assert (found.source, found.period) == ("monitoring", "2013-11")
    assert found.findings == [
        Finding(kind="retrain", subject="version 7", message="worse"),
        STUCK,
        DRIFT.model_copy(update={"expected": None}),
    ]
    good = summary | {"retrain": False}
    assert collect_findings(good, table[:0]).findings == []
