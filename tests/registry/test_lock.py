"""Of two who change the champion at once, one waits or is refused."""

import subprocess
import sys
import threading

import mlflow
import pytest
from mlflow import MlflowClient

from flight_delays.errors import DataError
from flight_delays.registry import lock
from flight_delays.registry.lock import lock_champion
from flight_delays.registry.store import read_registered_model
from flight_delays.registry.versions import CHAMPION

NAME = "flight-delays"


def test_the_second_waits_for_the_first(client: MlflowClient) -> None:
    order = []
    held, waiting = threading.Event(), threading.Event()

    def first() -> None:
        with lock_champion(client, NAME, "first"):
            held.set()
            waiting.wait()
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    held.wait()
    waiting.set()
    with lock_champion(client, NAME, "second"):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_a_lock_that_stays_is_told_with_the_way_out(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0.0)
    client.create_registered_model("flight-delays.lock", description="Held by the run first.")
    with (
        pytest.raises(DataError, match=r"Held by the run first\..*delete flight-delays\.lock"),
        lock_champion(client, NAME, "second"),
    ):
        pass
    assert client.get_registered_model("flight-delays.lock")


def test_a_lock_that_a_killed_process_left_is_removed(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_registered_model("flight-delays.lock", description="Held by the run first.")
    monkeypatch.setattr(lock, "ABANDONED_SECONDS", -1.0)
    with lock_champion(client, NAME, "second"):
        assert "second" in client.get_registered_model("flight-delays.lock").description


def test_a_lock_that_another_has_taken_over_is_left_to_it(client: MlflowClient) -> None:
    with lock_champion(client, NAME, "first"):
        client.delete_registered_model("flight-delays.lock")
        client.create_registered_model("flight-delays.lock", description="Held by the run second.")
    assert client.get_registered_model("flight-delays.lock")


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


def test_of_two_promotions_at_once_in_two_processes_one_wins(client: MlflowClient) -> None:
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
