"""Every answer has strict headers, and one that failed tells no details."""

import logging

import pytest
from fastapi.testclient import TestClient

from flight_delays.serving.board.live_board import LiveBoard


@pytest.mark.parametrize(
    "path", ["/flights", "/health", "/docs", "/docs/start.js", "/nowhere", "/flights?limit=0"]
)
def test_every_answer_has_strict_headers(asking: TestClient, path: str) -> None:
    headers = asking.get(path).headers
    policy = headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'none'"} <= {*policy}
    assert not any(word in " ".join(policy) for word in ("unsafe", "http", "*"))
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers


def test_only_a_page_may_load_anything_and_that_from_here(asking: TestClient) -> None:
    assert "script-src" not in asking.get("/flights").headers["content-security-policy"]
    policy = asking.get("/docs").headers["content-security-policy"].split("; ")
    assert {"script-src 'self'", "style-src 'self'", "form-action 'self'"} <= {*policy}
    assert {"connect-src 'self'", "base-uri 'none'"} <= {*policy}


def test_a_page_that_is_kept_stays_a_page(asking: TestClient) -> None:
    """It is kept under its own rule, and asked about each time."""
    page = asking.get("/")
    kept = asking.get("/", headers={"If-None-Match": page.headers["etag"]})
    assert (page.status_code, kept.status_code) == (200, 304)
    assert "no-store" not in page.headers["cache-control"]
    assert kept.headers["content-security-policy"] == page.headers["content-security-policy"]
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_what_fails_here_is_told_without_details_and_logged_with_them(
    asking: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: LiveBoard) -> None:
        raise ValueError("/secret/path")

    monkeypatch.setattr(LiveBoard, "last", property(fail))
    with caplog.at_level(logging.ERROR):
        response = asking.get("/flights?due_from=2020-03-10T10:00:00Z")
    assert response.status_code == 500
    assert response.json() == {"detail": "This failed here; the log tells why."}
    assert response.headers["x-content-type-options"] == "nosniff"
    (record,) = caplog.records
    assert record.getMessage() == "GET /flights failed"
    assert "/secret/path" in caplog.text
