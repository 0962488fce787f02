"""Choose the champion to put back, and write down who was replaced and why."""

from typing import Any

from flight_delays.errors import DataError
from flight_delays.parameters import RollbackParameters
from flight_delays.registry.versions import (
    CHAMPION,
    EVALUATED_BY_RUN,
    NONE,
    PREVIOUS_CHAMPION,
    ROLLED_BACK,
    Registry,
    RegistryChange,
    VersionChange,
    replace_section,
)


def choose_rollback(registry: Registry, rollback: RollbackParameters) -> dict[str, Any]:
    """Choose the version that becomes champion again.

    Args:
        registry: All versions.
        rollback: The version to put back, or none for the champion before this one; the reason.

    Returns:
        `champion`, the version to put back; `replaced`, the one that goes; `reason`.

    Raises:
        DataError: There is no champion to replace, none before it, or the version asked for does
            not exist, is champion already or was never evaluated.
    """
    replaced = registry.aliases.get(CHAMPION)
    if replaced is None:
        raise DataError(
            f"No version of {registry.name} is champion, so there is nothing to roll back: "
            "`kedro run --pipeline=promotion` decides on the challenger."
        )
    number = rollback.version
    if number is None:
        previous = registry.versions[replaced].tags.get(PREVIOUS_CHAMPION, NONE)
        if previous == NONE:
            raise DataError(
                f"Version {replaced} of {registry.name} is the first champion: none is before it. "
                "Name a version by --params=rollback.version=<number>."
            )
        number = int(previous)
    version = registry.versions.get(number)
    if version is None:
        known = ", ".join(map(str, sorted(registry.versions)))
        raise DataError(f"{registry.name} has no version {number}; it has {known}.")
    if number == replaced:
        raise DataError(f"Version {number} of {registry.name} is champion already.")
    if EVALUATED_BY_RUN not in version.tags:
        raise DataError(
            f"Version {number} of {registry.name} was never evaluated, so nobody knows how good it "
            "is. Name another by --params=rollback.version=<number>."
        )
    return {"champion": number, "replaced": replaced, "reason": rollback.reason}


def record_rollback(rollback_decision: dict[str, Any], registry: Registry) -> RegistryChange:
    """Write the rollback on both versions and give the alias back.

    Args:
        rollback_decision: From `choose_rollback`.
        registry: All versions.

    Returns:
        Tags, descriptions, and the alias.
    """
    restored = registry.versions[rollback_decision["champion"]]
    replaced = registry.versions[rollback_decision["replaced"]]
    reason = rollback_decision["reason"]
    gone = replace_section(
        replaced.description, f"Rolled back to version {restored.number}: {reason}."
    )
    back = replace_section(
        restored.description, f"Put back in place of version {replaced.number}: {reason}."
    )
    return RegistryChange(
        [
            VersionChange(
                replaced.number, {ROLLED_BACK: reason, "replaced_by": str(restored.number)}, gone
            ),
            VersionChange(
                restored.number,
                # What it followed itself stays, so that one can go further back. Where it never
                # was champion, it takes the place of the one that goes.
                {
                    PREVIOUS_CHAMPION: (replaced.tags | restored.tags).get(PREVIOUS_CHAMPION, NONE),
                },
                back,
                CHAMPION,
            ),
        ],
        champion_was=replaced.number,
    )
