"""Who has a key may ask much, everybody else little, and what watches over it always."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from limits import parse

from flight_delays.serving.api import limits
from flight_delays.serving.api.app import create_app
from flight_delays.serving.api.keys import ApiKeys
from flight_delays.serving.desk.desk import Desk


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WITH_KEY", parse("5/minute"))
    monkeypatch.setattr(limits, "WITHOUT_KEY", parse("2/minute"))


@pytest.fixture
def keys(tmp_path: Path) -> ApiKeys:
    return ApiKeys(tmp_path / "keys.json")


def ask(app: object, times: int, key: str | None = None, address: str = "1.2.3.4") -> list[int]:
    client = TestClient(app, client=(address, 50000))  # type: ignore[arg-type]
    headers = {"X-API-Key": key} if key else {}
    return [client.get("/flights", headers=headers).status_code for _ in range(times)]


def test_each_key_may_ask_so_often_from_wherever(still_desk: Desk, keys: ApiKeys) -> None:
    app = create_app(still_desk, keys)
    one, other = keys.create("one", "read"), keys.create("other", "read")
    assert ask(app, 3, one) == [200] * 3
    assert ask(app, 3, one, "5.6.7.8") == [200, 200, 429]
    assert ask(app, 1, other) == [200]


def test_who_has_none_or_guesses_is_counted_by_address(still_desk: Desk, keys: ApiKeys) -> None:
    """Another key for each guess gains nothing; who has a key there is not held up."""
    app = create_app(still_desk, keys)
    known = keys.create("desk", "read")
    tries = [ask(app, 1, key)[0] for key in ("guess", "another", "a third", None)]
    assert tries == [401, 401, 429, 429]
    assert ask(app, 1, address="5.6.7.8") == [401]
    assert ask(app, 1, known) == [200]


def test_without_keys_each_address_may_ask_so_often(still_desk: Desk) -> None:
    app = create_app(still_desk, None)
    assert ask(app, 6) == [200] * 5 + [429]
    assert ask(app, 1, address="5.6.7.8") == [200]


def test_a_refusal_says_how_long_to_wait(still_desk: Desk) -> None:
    client = TestClient(create_app(still_desk, None))
    responses = [client.get("/flights") for _ in range(6)]
    assert 1 <= int(responses[-1].headers["retry-after"]) <= 60
    assert responses[-1].json()["detail"].startswith("Too many requests: at most 5 per 1 minute")


def test_health_may_always_be_asked(still_desk: Desk, keys: ApiKeys) -> None:
    client = TestClient(create_app(still_desk, keys))
    for path in ("/health", "/ready"):
        assert [client.get(path).status_code for _ in range(9)] == [200] * 9
