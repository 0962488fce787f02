"""Of two who change the champion at once, one waits or is refused."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import RESOURCE_ALREADY_EXISTS

from flight_delays.errors import DataError
from flight_delays.registry import lock
from flight_delays.registry.lock import lock_champion
from flight_delays.registry.store import read_registered_model
from flight_delays.registry.versions import CHAMPION

NAME = "flight-delays"
LOCK = "flight-delays.lock"


class Clock:
    """Time as a test has it: it passes only while somebody waits."""

    def __init__(self, on_wait: Callable[[], None] = lambda: None) -> None:
        self.on_wait, self.waited, self.start = on_wait, 0.0, 0.0

    def age_lock(self, client: MlflowClient, seconds: float) -> None:
        """Let a lock that is there now be so old."""
        created = client.get_registered_model(LOCK).creation_timestamp
        self.start = created / 1000 + seconds

    def monotonic(self) -> float:
        return self.waited

    def time(self) -> float:
        return self.start + self.waited

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        self.on_wait()


def hold(client: MlflowClient) -> None:
    """Lock as a run that never gives the lock back."""
    client.create_registered_model(LOCK, description="Held by the run first.")


def read_holder(client: MlflowClient) -> str:
    return str(client.get_registered_model(LOCK).description)


def test_the_second_waits_until_the_first_is_done(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ExitStack()
    clock = Clock(on_wait=first.close)
    monkeypatch.setattr(lock, "time", clock)
    first.enter_context(lock_champion(client, NAME, "first"))
    clock.age_lock(client, seconds=0)
    with lock_champion(client, NAME, "second"):
        assert clock.waited > 0
        assert "second" in read_holder(client)
    assert not client.search_registered_models(f"name = '{LOCK}'")


@pytest.mark.parametrize(("age", "waited"), [(0, 60), (44, 16), (61, 0)])
def test_a_lock_of_a_minute_is_what_a_killed_process_left_and_keeps_nobody_longer(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch, age: float, waited: float
) -> None:
    clock = Clock()
    monkeypatch.setattr(lock, "time", clock)
    hold(client)
    clock.age_lock(client, seconds=age)
    with lock_champion(client, NAME, "second"):
        assert "second" in read_holder(client)
    assert waited <= clock.waited < waited + 1
    assert not client.search_registered_models(f"name = '{LOCK}'")


def test_one_who_may_not_remove_what_a_killed_process_left_is_told_the_way_out(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: str) -> None:
        raise MlflowException("Permission denied")

    clock = Clock()
    monkeypatch.setattr(lock, "time", clock)
    hold(client)
    clock.age_lock(client, seconds=0)
    monkeypatch.setattr(client, "delete_registered_model", refuse)
    told = pytest.raises(DataError, match=r"Held by the run first\..*flight-delays\.lock deleted")
    with told, lock_champion(client, NAME, "second"):
        pass
    assert 75 <= clock.waited < 76
    assert "first" in read_holder(client)


def test_the_lock_is_given_back_after_an_error(client: MlflowClient) -> None:
    with pytest.raises(ZeroDivisionError), lock_champion(client, NAME, "first"):
        raise ZeroDivisionError
    assert not client.search_registered_models(f"name = '{LOCK}'")


def test_a_lock_that_is_gone_by_the_time_one_looks_is_tried_again(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = client.create_registered_model

    def meet_another(*arguments: Any, **named: Any) -> Any:
        monkeypatch.setattr(client, "create_registered_model", created)
        raise MlflowException("", error_code=RESOURCE_ALREADY_EXISTS)

    monkeypatch.setattr(client, "create_registered_model", meet_another)
    monkeypatch.setattr(lock, "time", Clock())
    with lock_champion(client, NAME, "second"):
        assert "second" in read_holder(client)


def test_a_registry_in_trouble_is_no_lock(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **named: Any) -> None:
        raise MlflowException("The disk is full.")

    for name in ("create_registered_model", "get_registered_model"):
        with monkeypatch.context() as patch:
            patch.setattr(client, name, fail)
            with (
                pytest.raises(MlflowException, match="disk is full"),
                lock_champion(client, NAME, "second"),
            ):
                pass


def test_a_lock_that_another_has_taken_over_is_left_to_it(client: MlflowClient) -> None:
    with lock_champion(client, NAME, "first"):
        client.delete_registered_model(LOCK)
        client.create_registered_model(LOCK, description="Held by the run second.")
    assert client.get_registered_model(LOCK)


PROMOTE = """
import sys
import mlflow
from flight_delays.registry.store import change_registered_model
from flight_delays.registry.versions import RegisteredModelChange, VersionChange

mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
client.get_registered_model("flight-delays")
print("ready", flush=True)
sys.stdin.readline()
champion = VersionChange(int(sys.argv[2]), {"decision": "promoted"}, "Better.", "champion")
change = RegisteredModelChange([champion], champion_was=1)
change_registered_model(client, "flight-delays", change, "run")
"""


@pytest.mark.slow
@pytest.mark.parametrize("registry", ["client", "client_of_server"])
def test_of_two_promotions_at_once_in_two_processes_one_wins(
    registry: str, request: pytest.FixtureRequest
) -> None:
    client: MlflowClient = request.getfixturevalue(registry)
    client.set_registered_model_alias(NAME, CHAMPION, "1")
    command = [sys.executable, "-c", PROMOTE, mlflow.get_tracking_uri()]
    processes = [
        subprocess.Popen(
            [*command, challenger],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for challenger in ("2", "3")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [(process.communicate()[1], process.returncode) for process in processes]
    ((winner, _),) = [
        (number, code) for number, (_, code) in zip((2, 3), results, strict=True) if code == 0
    ]
    (message,) = [error for error, code in results if code]
    registered_model = read_registered_model(client, NAME)
    assert registered_model.aliases == {CHAMPION: winner}
    assert f"The champion of flight-delays is version {winner}, and this run took it" in message
    assert "Nothing was written" in message
    assert not registered_model.versions[5 - winner].tags
