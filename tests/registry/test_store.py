"""Changes of the registry: aliases move last, and only from where they were thought to be."""

from collections.abc import Callable
from typing import Any

import pytest
from mlflow import MlflowClient

from flight_delays.errors import DataError
from flight_delays.registry import lock
from flight_delays.registry.store import (
    change_registered_model,
    read_registered_model,
    read_version,
)
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    RegisteredModel,
    RegisteredModelChange,
    VersionChange,
)

NAME = "flight-delays"
WRITES = (
    "set_model_version_tag",
    "update_model_version",
    "set_registered_model_alias",
    "create_registered_model",
    "delete_registered_model",
)


def promote(number: int, champion_was: int | None) -> RegisteredModelChange:
    notes = [VersionChange(champion_was, {"replaced_by": str(number)})] if champion_was else []
    champion = VersionChange(number, {"decision": "promoted"}, "Better.", CHAMPION)
    return RegisteredModelChange([*notes, champion], champion_was)


def test_what_is_written_can_be_read(client: MlflowClient) -> None:
    change_registered_model(client, NAME, promote(2, champion_was=None), "run")
    registered_model = read_registered_model(client, NAME)
    assert (registered_model.name, registered_model.aliases) == (NAME, {CHAMPION: 2})
    assert sorted(registered_model.versions) == [1, 2, 3]
    assert registered_model.versions[2].tags == {"decision": "promoted"}
    assert registered_model.versions[2].description == "Better."
    version = read_version(client, NAME, 1)
    assert (version.number, version.description) == (1, "Model 1")


def test_versions_are_those_of_the_model_and_tell_their_run(client: MlflowClient) -> None:
    run_id = client.create_run("0").info.run_id
    client.create_model_version(NAME, "mlflow-artifacts:/none", run_id)
    client.create_registered_model("trains")
    for _ in range(5):
        client.create_model_version("trains", "mlflow-artifacts:/none")
    versions = read_registered_model(client, NAME).versions
    assert [versions[number].run_id for number in sorted(versions)] == ["", "", "", run_id]


def test_where_nothing_is_registered_there_is_no_version(client: MlflowClient) -> None:
    assert read_registered_model(client, "trains") == RegisteredModel("trains", {}, {})


@pytest.mark.parametrize(
    ("champion", "expected", "told"),
    [
        (None, 1, "gone, and this run took it to be version 1"),
        (3, 1, "version 3, and this run took it to be version 1"),
        (3, None, "version 3, and this run took it to be none"),
    ],
)
def test_a_champion_other_than_expected_stops_the_change(
    client: MlflowClient, champion: int | None, expected: int | None, told: str
) -> None:
    if champion:
        client.set_registered_model_alias(NAME, CHAMPION, str(champion))
    with pytest.raises(DataError) as error:
        change_registered_model(client, NAME, promote(2, champion_was=expected), "run")
    assert str(error.value) == (
        f"The champion of flight-delays is {told}: it has changed in between. Nothing was written: "
        "run it again."
    )
    registered_model = read_registered_model(client, NAME)
    assert registered_model.aliases.get(CHAMPION) == champion
    assert not any(version.tags for version in registered_model.versions.values())


def test_the_lock_is_gone_afterwards_also_after_a_failure(client: MlflowClient) -> None:
    change_registered_model(client, NAME, promote(2, champion_was=None), "run")
    with pytest.raises(DataError):
        change_registered_model(client, NAME, promote(3, champion_was=None), "run")
    assert [model.name for model in client.search_registered_models()] == [NAME]


class Killed(BaseException):
    """Stands for whatever ends a process."""


def count_writes(client: MlflowClient, monkeypatch: pytest.MonkeyPatch, fatal: int) -> list[str]:
    """Let the process end before the write number `fatal`; no later one is done either."""
    done: list[str] = []

    def watch(name: str, write: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if len(done) == fatal:
                raise Killed
            done.append(name)
            return write(*arguments, **named)

        return call

    for name in WRITES:
        monkeypatch.setattr(client, name, watch(name, getattr(client, name)))
    return done


STEPS = 6


@pytest.mark.parametrize("fatal", range(STEPS))
def test_a_promotion_killed_before_any_step_leaves_a_champion_and_can_be_repeated(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch, fatal: int
) -> None:
    change_registered_model(client, NAME, promote(1, champion_was=None), "run")
    with monkeypatch.context() as patch:
        done = count_writes(client, patch, fatal)
        with pytest.raises(Killed):
            change_registered_model(client, NAME, promote(2, champion_was=1), "run")
    moved = "set_registered_model_alias" in done
    registered_model = read_registered_model(client, NAME)
    assert registered_model.aliases == {CHAMPION: 2 if moved else 1}
    if moved:
        assert registered_model.versions[2].tags == {"decision": "promoted"}
        assert registered_model.versions[2].description == "Better."

    monkeypatch.setattr(lock, "ABANDONED_SECONDS", -1.0)
    change_registered_model(client, NAME, promote(2, champion_was=2 if moved else 1), "run")
    assert read_registered_model(client, NAME).aliases == {CHAMPION: 2}


def test_the_alias_moves_last_though_its_version_comes_first(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = promote(2, champion_was=None)
    change.versions.append(VersionChange(3, {"decision": "refused"}, "Worse."))
    done = count_writes(client, monkeypatch, fatal=STEPS + 1)
    change_registered_model(client, NAME, change, "run")
    assert done.index("set_registered_model_alias") == len(done) - 2


def test_other_aliases_need_no_lock_and_no_certain_champion(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_registered_model(client, NAME, promote(1, champion_was=None), "run")
    done = count_writes(client, monkeypatch, fatal=STEPS)
    challenger = RegisteredModelChange([VersionChange(2, {}, "Evaluated.", CHALLENGER)])
    change_registered_model(client, NAME, challenger, "run")
    assert done == ["update_model_version", "set_registered_model_alias"]
    assert read_registered_model(client, NAME).aliases == {CHAMPION: 1, CHALLENGER: 2}


@pytest.mark.parametrize(("description", "expected"), [(None, "Model 2"), ("", "")])
def test_a_description_stays_unless_there_is_another(
    client: MlflowClient, description: str | None, expected: str
) -> None:
    change = RegisteredModelChange([VersionChange(2, {"note": "x"}, description)])
    change_registered_model(client, NAME, change, "run")
    assert read_version(client, NAME, 2).description == expected


def test_the_alias_moves_last_and_under_the_lock(
    client: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_registered_model(client, NAME, promote(1, champion_was=None), "run")
    done = count_writes(client, monkeypatch, fatal=STEPS)
    held: list[Any] = []
    create = client.create_registered_model
    monkeypatch.setattr(
        client,
        "create_registered_model",
        lambda name, **named: held.extend((name, named["description"])) or create(name, **named),
    )
    change_registered_model(client, NAME, promote(2, champion_was=1), "run")
    assert held == [f"{NAME}.lock", "The champion is being changed by the run run."]
    assert done == [
        "create_registered_model",
        "set_model_version_tag",
        "update_model_version",
        "set_model_version_tag",
        "set_registered_model_alias",
        "delete_registered_model",
    ]


def test_an_alias_is_taken_from_the_version_that_has_it_and_from_no_other(
    client: MlflowClient,
) -> None:
    client.set_registered_model_alias(NAME, "challenger", "2")
    for number, left in ((1, {"challenger": 2}), (2, {}), (2, {})):
        change = RegisteredModelChange([VersionChange(number, {}, lost_alias="challenger")])
        change_registered_model(client, NAME, change, "run")
        assert client.get_registered_model(NAME).aliases == left
