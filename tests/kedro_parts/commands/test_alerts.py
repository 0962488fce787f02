"""`kedro alerts` as it is typed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from kedro.framework.cli.cli import KedroCLI

from flight_delays.monitoring.alerts.store import AlertStore
from flight_delays.schemas.alerts import Finding, Findings
from projects import TinyProject

ENTRY = """
alerts:
  type: flight_delays.kedro_parts.datasets.alerts.AlertsDataset
  filepath: data/08_reporting/alerts.json
  webhooks: {desk: {url_from: DESK_URL}}
  retries: 0
  backoff_seconds: 0
  timeout_seconds: 1
"""
STUCK = Finding(kind="broken_input", subject="weather.visib", message="stuck")
OLD = Finding(kind="retrain", subject="version 1", message="too old")


@pytest.fixture
def store(project: TinyProject) -> AlertStore:
    conf = project.path / "conf" / "base" / "catalog.yml"
    conf.write_text(conf.read_text() + ENTRY)
    store = AlertStore(Path("data/08_reporting/alerts.json"), ["desk"])
    for period, findings in (("2013-10", [STUCK, OLD]), ("2013-11", [OLD])):
        store.record(Findings(source="monitoring", period=period, findings=findings))
    return store


def type_alerts(project: TinyProject, *words: str) -> Result:
    return CliRunner().invoke(KedroCLI(project.path), ["alerts", *words])


def test_alerts_are_listed_acknowledged_and_sent(project: TinyProject, store: AlertStore) -> None:
    done = type_alerts(project, "acknowledge", "2", "--by=ann", "--why=winter")
    waits = "Messages wait for the webhook desk: The webhook desk has its address in the"
    assert (done.exit_code, done.stderr.startswith(waits)) == (0, True)
    note = store.read().alerts[1].acknowledged
    assert note
    assert (note.by, note.why) == ("ann", "winter")
    line = "2\tacknowledged\tretrain\tversion 1\t2013-10 to 2013-11\ttoo old\n"
    assert type_alerts(project, "list").stdout == line
    assert type_alerts(project, "list", "--all").stdout == (
        "1\tresolved\tbroken_input\tweather.visib\t2013-10 to 2013-10\tstuck\n" + line
    )
    sent = type_alerts(project, "send")
    assert (sent.exit_code, sent.stderr.startswith(f"Error: {waits}")) == (1, True)
    assert len(store.read().outbox) == 4
