"""When an alert is raised, kept quiet about and resolved."""

from collections.abc import Callable
from datetime import datetime

from flight_delays.errors import DataError
from flight_delays.schemas.alerts import Acknowledgement, Alert, Change, Finding, Findings

Changes = list[tuple[Change, Alert]]
Step = Callable[[list[Alert], datetime], tuple[list[Alert], Changes]]


def follow(alerts: list[Alert], found: Findings, now: datetime) -> tuple[list[Alert], Changes]:
    """Bring alerts up to date with what was found in a month.

    What was found before, and is not resolved, is not raised again. What is not found any more, in
    the month it was last seen in or in a later one, is resolved. An earlier month that is looked
    back on again raises nothing that is resolved since.

    Args:
        alerts: Those so far.
        found: What was found; alerts from other sources are left alone.
        now: When that was, in UTC.

    Returns:
        All alerts, and what is new: those that were raised and resolved.
    """
    findings = {(finding.kind, finding.subject): finding for finding in found.findings}
    kept: list[Alert] = []
    changes: Changes = []
    for alert in alerts:
        key = (alert.kind, alert.subject)
        if alert.source != found.source:
            kept.append(alert)
        elif alert.state == "resolved":
            kept.append(alert)
            if alert.resolved_in and alert.resolved_in > found.period:
                findings.pop(key, None)
        elif found.period < alert.last_seen:
            kept.append(alert)
            findings.pop(key, None)
        elif key in findings:
            news = {**findings.pop(key).model_dump(), "last_seen": found.period}
            kept.append(alert.model_copy(update=news))
        else:
            over = {"state": "resolved", "resolved_in": found.period, "resolved_at": now}
            kept.append(alert.model_copy(update=over))
            changes.append(("alert.resolved", kept[-1]))
    for number, finding in enumerate(findings.values(), start=len(alerts) + 1):
        kept.append(_raise(number, finding, found, now))
        changes.append(("alert.raised", kept[-1]))
    return kept, changes


def acknowledge(
    alerts: list[Alert], number: int, by: str, why: str, now: datetime
) -> tuple[list[Alert], Changes]:
    """Note that somebody has taken note of an alert.

    Args:
        alerts: Those so far.
        number: Its id.
        by: Who.
        why: What they say about it; may be empty.
        now: When, in UTC.

    Returns:
        All alerts, and the one that has changed.

    Raises:
        DataError: No open alert has this number.
    """
    found = [alert for alert in alerts if alert.id == number]
    if not found:
        raise DataError(f"There is no alert {number}: `kedro alerts list --all` shows all of them.")
    if (state := found[0].state) != "open":
        raise DataError(f"Alert {number} is {state} already: only an open one is acknowledged.")
    note = Acknowledgement(by=by, why=why, at=now)
    noted = found[0].model_copy(update={"state": "acknowledged", "acknowledged": note})
    return [noted if alert.id == number else alert for alert in alerts], [
        ("alert.acknowledged", noted)
    ]


def _raise(number: int, finding: Finding, found: Findings, now: datetime) -> Alert:
    return Alert(
        **finding.model_dump(),
        id=number,
        severity="warning" if finding.kind == "drift" else "alert",
        state="open",
        source=found.source,
        first_seen=found.period,
        last_seen=found.period,
        raised_at=now,
    )
