"""Which version comes back, and what is written on both."""

import json

import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import RollbackParameters
from flight_delays.pipelines.rollback.nodes import choose_rollback
from flight_delays.registry.rollback import record_rollback
from flight_delays.registry.versions import (
    CHAMPION,
    SECTION_BREAK,
    RegisteredModel,
    RegisteredModelChange,
    Version,
    VersionChange,
)

NO_CHAMPION = (
    "No version of flight-delays is champion, so there is nothing to roll back: "
    r"`kedro run --pipeline=promotion` decides on the challenger\.$"
)


def make_registered_model(champion: int | None = 3) -> RegisteredModel:
    """Version 3 follows 2, and 2 follows 1; 4 was evaluated only, and 5 was trained only."""
    evaluated = {"gates": "passed"}
    written = {
        1: evaluated | {"previous_champion": "none", "replaced_by": "2"},
        2: evaluated | {"previous_champion": "1", "replaced_by": "3"},
        3: evaluated | {"previous_champion": "2"},
        4: evaluated,
        5: {},
    }
    versions = {
        number: Version(number, "run", has, f"Model {number}") for number, has in written.items()
    }
    return RegisteredModel("flight-delays", versions, {CHAMPION: champion} if champion else {})


def apply(before: RegisteredModel, change: RegisteredModelChange) -> RegisteredModel:
    """The registered model after a change, as the store would write it."""
    assert before.aliases.get(CHAMPION) == change.champion_was
    versions, aliases = dict(before.versions), dict(before.aliases)
    for new in change.versions:
        old = versions[new.number]
        description = old.description if new.description is None else new.description
        versions[new.number] = Version(old.number, old.run_id, old.tags | new.tags, description)
        if new.alias:
            aliases[new.alias] = new.number
    return RegisteredModel(before.name, versions, aliases)


def roll_back(before: RegisteredModel, version: int | None = None) -> RegisteredModel:
    chosen = choose_rollback(before, RollbackParameters(version=version, reason="false alarms"))
    return apply(before, record_rollback(json.loads(json.dumps(chosen)), before))


def test_the_champion_before_this_one_comes_back() -> None:
    parameters = RollbackParameters(version=None, reason="false alarms")
    decision = choose_rollback(make_registered_model(), parameters)
    assert decision == {"champion": 2, "replaced": 3, "reason": "false alarms"}


@pytest.mark.parametrize("version", [1, 4])
def test_a_version_that_was_asked_for_becomes_champion(version: int) -> None:
    decision = choose_rollback(
        make_registered_model(), RollbackParameters(version=version, reason="why")
    )
    assert decision == {"champion": version, "replaced": 3, "reason": "why"}


def test_one_can_go_back_further_and_further() -> None:
    once = roll_back(make_registered_model())
    assert once.aliases == {CHAMPION: 2}
    twice = roll_back(once)
    assert twice.aliases == {CHAMPION: 1}
    with pytest.raises(DataError, match="Version 1 of flight-delays is the first champion"):
        roll_back(twice)


def test_one_can_go_forth_again_and_back_again() -> None:
    forth = roll_back(roll_back(make_registered_model()), version=3)
    assert forth.aliases == {CHAMPION: 3}
    assert roll_back(forth).aliases == {CHAMPION: 2}


def test_one_that_never_was_champion_takes_the_place_of_the_one_that_goes() -> None:
    after = roll_back(make_registered_model(), version=4)
    assert after.versions[4].tags["previous_champion"] == "2"
    assert roll_back(after).aliases == {CHAMPION: 2}


def test_behind_one_that_was_made_champion_by_hand_there_is_nobody() -> None:
    by_hand = {number: Version(number, "run", {"gates": "passed"}, "") for number in (1, 2)}
    after = roll_back(RegisteredModel("flight-delays", by_hand, {CHAMPION: 2}), version=1)
    assert after.versions[1].tags["previous_champion"] == "none"


@pytest.mark.parametrize(
    ("champion", "version", "message"),
    [
        pytest.param(None, None, NO_CHAMPION, id="none"),
        pytest.param(None, 1, NO_CHAMPION, id="none, asked"),
        pytest.param(
            1,
            None,
            r"Version 1 .* first champion: none is before it\. "
            r"Name a version by --params=rollback\.version=<number>\.$",
            id="the first",
        ),
        pytest.param(3, 7, r"flight-delays has no version 7; it has 1, 2, 3, 4, 5\.", id="unknown"),
        pytest.param(
            3,
            5,
            "Version 5 of flight-delays was never evaluated, so nobody knows how good it is. "
            "Name another by --params=rollback.version=<number>.$",
            id="not evaluated",
        ),
        pytest.param(3, 3, "Version 3 of flight-delays is champion already", id="champion"),
        # Registered and made champion by hand.
        pytest.param(4, None, "Version 4 .* is the first champion", id="no tag"),
    ],
)
def test_what_cannot_be_is_refused(champion: int | None, version: int | None, message: str) -> None:
    with pytest.raises(DataError, match=message):
        roll_back(make_registered_model(champion), version)


def test_who_was_replaced_and_why_is_written_before_the_alias_goes_back() -> None:
    decision = {"champion": 2, "replaced": 3, "reason": "false alarms"}
    assert record_rollback(decision, make_registered_model()) == RegisteredModelChange(
        [
            VersionChange(
                3,
                {"rolled_back": "false alarms", "replaced_by": "2"},
                f"Model 3{SECTION_BREAK}Rolled back to version 2: false alarms.",
            ),
            VersionChange(
                2,
                {"previous_champion": "1", "replaced_by": "none", "rolled_back": "none"},
                f"Model 2{SECTION_BREAK}Put back in place of version 3: false alarms.",
                CHAMPION,
            ),
        ],
        champion_was=3,
    )
