"""Messages reach a real receiver at least once, however it behaves, and can be told apart."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import yaml

from flight_delays.kedro_parts.datasets.alerts import AlertsDataset
from flight_delays.monitoring.alerts.webhooks import sign
from flight_delays.schemas.alerts import Finding, Findings
from projects import ROOT
from servers import find_free_port

STUCK = Finding(kind="broken_input", subject="weather.visib", message="stuck")
DRIFT = Finding(kind="drift", subject="wind", message="windy")
SECRET = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the example of the Standard Webhooks


class Receiver:
    """Answers as it is told to: a status, "hang up" or "say nothing"; then 204."""

    def __init__(self, port: int, *answers: int | str) -> None:
        self.got: list[tuple[dict[str, str], Any]] = []
        self.closing = Event()
        left = [*answers]
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((dict(self.headers), body))
                match left.pop(0) if left else 204:
                    case int(status):
                        self.send_response(status)
                        self.send_header("content-length", "0")
                        self.send_header("location", "/elsewhere")  # counts with 302
                        self.end_headers()
                    case "say nothing":
                        receiver.closing.wait()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@contextmanager
def listen(port: int, *answers: int | str) -> Iterator[Receiver]:
    receiver = Receiver(port, *answers)
    thread = Thread(target=receiver.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = find_free_port()
    monkeypatch.setenv("DESK_URL", f"http://127.0.0.1:{port}/secret-path")
    return port


def open_alerts(folder: Path, retries: int = 2, **variables: str) -> AlertsDataset:
    """The alerts, of which the webhook "desk" is told."""
    return AlertsDataset(
        str(folder / "alerts.json"),
        {"desk": {"url_from": "DESK_URL", **variables}},
        retries=retries,
        backoff_seconds=0,
        timeout_seconds=0.2,
    )


def look(alerts: AlertsDataset, period: str, *findings: Finding) -> None:
    alerts.save(Findings(source="monitoring", period=period, findings=[*findings]))


def test_each_change_is_sent_once_as_json(tmp_path: Path, port: int) -> None:
    alerts = open_alerts(tmp_path)
    with listen(port) as receiver:
        look(alerts, "2013-10", STUCK)
        look(alerts, "2013-11", STUCK)
        alerts.store.acknowledge(1, "ann", "winter")
        look(alerts, "2013-12")
    assert receiver.types == ["alert.raised", "alert.acknowledged", "alert.resolved"]
    headers, body = receiver.got[0]
    told = json.loads(body)
    assert (headers["content-type"], headers["webhook-id"]) == ("application/json", told["id"])
    assert told["data"]["subject"] == "weather.visib"
    assert "webhook-signature" not in headers
    assert alerts.store.read().outbox == []


def test_nothing_is_lost_while_the_receiver_is_down(
    tmp_path: Path, port: int, caplog: pytest.LogCaptureFixture
) -> None:
    alerts = open_alerts(tmp_path)
    look(alerts, "2013-10", STUCK, DRIFT)
    levels = yaml.safe_load((ROOT / "conf" / "logging.yml").read_text())["loggers"]
    told = [
        record.message
        for record in caplog.records
        if record.levelname == levels.get(record.name, {}).get("level", record.levelname)
    ]
    assert "Messages wait for the webhook desk: it cannot be reached (NewConnectionError)." in told
    assert not any("secret-path" in message for message in told)
    with listen(port) as receiver:
        assert open_alerts(tmp_path).send() == []
        assert open_alerts(tmp_path).send() == []
    assert [json.loads(body)["data"]["id"] for _, body in receiver.got] == [1, 2]


def test_receiver_that_fails_for_a_while_is_tried_again(tmp_path: Path, port: int) -> None:
    with listen(port, 500, 429) as receiver:
        look(open_alerts(tmp_path), "2013-10", STUCK)
    assert len(receiver.got) == 3
    assert len(set(receiver.ids)) == 1
    assert open_alerts(tmp_path).store.read().outbox == []


def test_receiver_that_goes_on_failing_gets_it_next_time(tmp_path: Path, port: int) -> None:
    alerts = open_alerts(tmp_path, retries=1)
    with listen(port, 503, 503) as receiver:
        look(alerts, "2013-10", STUCK, DRIFT)
        assert len(receiver.got) == 2  # the second message waits behind the first
        assert alerts.send() == []
    assert len(set(receiver.ids[:3])) == 1
    assert len(receiver.got) == 4


@pytest.mark.parametrize("status", [302, 404])
def test_message_that_is_refused_waits_as_well(tmp_path: Path, port: int, status: int) -> None:
    alerts = open_alerts(tmp_path)
    with listen(port, status) as receiver:
        alerts.store.record(Findings(source="monitoring", period="2013-10", findings=[STUCK]))
        assert alerts.send() == [f"Messages wait for the webhook desk: it answers {status}."]
    assert len(receiver.got) == 1
    assert len(alerts.store.read().outbox) == 1


@pytest.mark.parametrize("answer", ["hang up", "say nothing"])
def test_what_a_receiver_takes_without_saying_so_comes_twice_under_one_id(
    tmp_path: Path, port: int, answer: str
) -> None:
    with listen(port, answer) as receiver:
        look(open_alerts(tmp_path), "2013-10", STUCK)
    assert len(receiver.got) == 2
    assert len(set(receiver.ids)) == 1
    assert receiver.got[0][1] == receiver.got[1][1]


def test_each_wait_is_twice_the_last(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", waits.append)
    alerts = AlertsDataset(
        str(tmp_path / "alerts.json"), {"desk": {"url_from": "DESK_URL"}}, 4, 0.5, 1
    )
    look(alerts, "2013-10", STUCK)
    assert waits == [1, 2, 4]


def test_webhooks_are_told_independently(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_URL", f"http://127.0.0.1:{find_free_port()}")
    webhooks = {"other": {"url_from": "OTHER_URL"}, "desk": {"url_from": "DESK_URL"}}
    alerts = AlertsDataset(str(tmp_path / "alerts.json"), webhooks, 0, 0, 1)
    with listen(port) as receiver:
        look(alerts, "2013-10", STUCK)
        (failure,) = alerts.send()
    assert failure.startswith("Messages wait for the webhook other: it cannot be reached")
    assert len(receiver.got) == 1
    assert [each.webhooks for each in alerts.store.read().outbox] == [["other"]]


def test_signature_is_that_of_the_standard() -> None:
    told = sign(
        base64.b64decode(SECRET),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert told == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("prefix", ["", "whsec_"])
def test_message_is_signed_where_there_is_a_secret(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, prefix: str
) -> None:
    monkeypatch.setenv("DESK_SECRET", prefix + SECRET)
    with listen(port) as receiver:
        look(open_alerts(tmp_path, secret_from="DESK_SECRET"), "2013-10", STUCK)  # noqa: S106
    ((headers, body),) = receiver.got
    assert headers["webhook-signature"] == sign(
        base64.b64decode(SECRET), headers["webhook-id"], int(headers["webhook-timestamp"]), body
    )


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"DESK_SECRET": SECRET}, "has its address in the environment variable DESK_URL"),
        ({"DESK_URL": "http://127.0.0.1:1"}, "its secret in the environment variable DESK_SECRET"),
        ({"DESK_URL": "http://127.0.0.1:1", "DESK_SECRET": "no base64"}, "which holds none"),
        ({"DESK_URL": "nowhere://desk", "DESK_SECRET": SECRET}, "its address is none"),
        ({"DESK_URL": "http://[", "DESK_SECRET": SECRET}, "its address is none"),
    ],
)
def test_what_the_environment_lacks_is_told_and_the_message_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], told: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    alerts = open_alerts(tmp_path, secret_from="DESK_SECRET")  # noqa: S106
    look(alerts, "2013-10", STUCK)
    (failure,) = alerts.send()
    assert told in failure
    assert len(alerts.store.read().outbox) == 1
