"""Choose the champion to put back."""

from typing import Any

from flight_delays.errors import DataError
from flight_delays.parameters import RollbackParameters
from flight_delays.registry.versions import (
    CHAMPION,
    GATES,
    NONE,
    PREVIOUS_CHAMPION,
    RegisteredModel,
)


def choose_rollback(
    registered_model: RegisteredModel, rollback: RollbackParameters
) -> dict[str, Any]:
    """Choose the version that becomes champion again.

    Args:
        registered_model: All versions.
        rollback: The version to put back, or none for the champion before this one; the reason.

    Returns:
        `champion`, the version to put back; `replaced`, the one that goes; `reason`.

    Raises:
        DataError: There is no champion to replace, none before it, or the version asked for does
            not exist, is champion already or was never evaluated.
    """
    name, versions = registered_model.name, registered_model.versions
    replaced = registered_model.aliases.get(CHAMPION)
    if replaced is None:
        raise DataError(
            f"No version of {name} is champion, so there is nothing to roll back: "
            "`kedro run --pipeline=promotion` decides on the challenger."
        )
    number = rollback.version
    if number is None:
        previous = versions[replaced].tags.get(PREVIOUS_CHAMPION, NONE)
        if previous == NONE:
            raise DataError(
                f"Version {replaced} of {name} is the first champion: none is before it. "
                "Name a version by --params=rollback.version=<number>."
            )
        number = int(previous)
    version = versions.get(number)
    if version is None:
        known = ", ".join(map(str, sorted(versions)))
        raise DataError(f"{name} has no version {number}; it has {known}.")
    if number == replaced:
        raise DataError(f"Version {number} of {name} is champion already.")
    if GATES not in version.tags:
        raise DataError(
            f"Version {number} of {name} was never evaluated, so nobody knows how good it "
            "is. Name another by --params=rollback.version=<number>."
        )
    return {"champion": number, "replaced": replaced, "reason": rollback.reason}
