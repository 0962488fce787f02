"""The file of alerts outlives kills and other processes, and tells what it cannot read."""

import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from flight_delays.errors import DataError
from flight_delays.monitoring.alerts import store as stores
from flight_delays.monitoring.alerts.store import AlertStore
from flight_delays.schemas.alerts import Finding, Findings

STUCK = Finding(kind="broken_input", subject="weather.visib", message="stuck")
DRIFT = Finding(kind="drift", subject="wind", message="windy")
CHANGES: dict[str, Callable[[AlertStore], None]] = {
    "record": lambda store: store.record(find("2013-12")),
    "acknowledge": lambda store: store.acknowledge(1, "ann", ""),
    "note_sent": lambda store: store.note_sent(store.read().outbox[0].message.id, "a"),
}


def find(period: str, *findings: Finding) -> Findings:
    return Findings(source="monitoring", period=period, findings=[*findings])


@pytest.fixture
def store(tmp_path: Path) -> AlertStore:
    store = AlertStore(tmp_path / "reporting" / "alerts.json", ["a", "b"])
    store.record(find("2013-11", STUCK, DRIFT))
    return store


def test_file_holds_alerts_and_a_message_about_each_change(
    store: AlertStore, tmp_path: Path
) -> None:
    store.acknowledge(1, "ann", "winter")
    store.record(find("2013-12", DRIFT))
    file = json.loads((tmp_path / "reporting" / "alerts.json").read_text())
    assert [alert["state"] for alert in file["alerts"]] == ["resolved", "open"]
    messages = [waiting["message"] for waiting in file["outbox"]]
    assert [(message["type"], message["data"]["id"]) for message in messages] == [
        ("alert.raised", 1),
        ("alert.raised", 2),
        ("alert.acknowledged", 1),
        ("alert.resolved", 1),
    ]
    assert messages[0]["data"]["state"] == "open"  # as it was then
    assert len({message["id"] for message in messages}) == 4
    assert file["outbox"][0]["webhooks"] == ["a", "b"]


def test_message_leaves_the_outbox_when_all_webhooks_have_it(store: AlertStore) -> None:
    first, second = store.read().outbox
    store.note_sent(first.message.id, "a")
    assert [each.webhooks for each in store.read().outbox] == [["b"], ["a", "b"]]
    store.note_sent(first.message.id, "b")
    assert store.read().outbox == [second]


def test_without_webhooks_nothing_waits(tmp_path: Path) -> None:
    store = AlertStore(tmp_path / "alerts.json", [])
    store.record(find("2013-11"))
    assert not (tmp_path / "alerts.json").exists()
    store.record(find("2013-11", STUCK))
    assert (len(store.read().alerts), store.read().outbox) == (1, [])


def test_log_tells_alerts_as_errors_and_drift_as_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = AlertStore(tmp_path / "alerts.json", [])
    with caplog.at_level(logging.INFO):
        store.record(find("2013-11", STUCK, DRIFT))
        store.record(find("2013-11", STUCK, DRIFT))
        store.record(find("2013-12", STUCK))
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("ERROR", "Alert 1: broken input, weather.visib: stuck"),
        ("WARNING", "Warning 2: drift, wind: windy"),
        ("INFO", "Alert 2 is resolved (drift, wind: windy)"),
    ]


@pytest.mark.parametrize("change", CHANGES)
def test_one_process_changes_it_at_a_time(
    store: AlertStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before = store.read()
    monkeypatch.setattr(stores, "WAIT_SECONDS", 0)
    lock = FileLock(tmp_path / "reporting" / "alerts.lock")
    with lock, pytest.raises(DataError, match="is being changed by another process"):
        CHANGES[change](store)
    assert store.read() == before
    CHANGES[change](store)
    assert store.read() != before


@pytest.mark.parametrize("change", CHANGES)
def test_change_that_is_cut_off_leaves_the_file_as_it_was(
    store: AlertStore, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    before = store.read()

    def die(descriptor: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", die)
        with pytest.raises(KeyboardInterrupt):
            CHANGES[change](store)
    assert store.read() == before
    CHANGES[change](store)


@pytest.mark.parametrize("text", ["{", '{"alerts": [], "outbox": [], "more": 1}'])
def test_damaged_file_is_told_and_not_written_over(
    store: AlertStore, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "reporting" / "alerts.json"
    file.write_text(text)
    with pytest.raises(DataError, match=r"alerts.json is damaged .*move it away"):
        store.record(find("2013-12"))
    assert file.read_text() == text
