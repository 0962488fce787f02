"""What a rollback writes on the version that goes and on the one that comes back."""

from typing import Any

from .versions import (
    CHAMPION,
    NONE,
    PREVIOUS_CHAMPION,
    REPLACED_BY,
    ROLLED_BACK,
    RegisteredModel,
    RegisteredModelChange,
    VersionChange,
    replace_section,
)


def record_rollback(
    rollback_decision: dict[str, Any], registered_model: RegisteredModel
) -> RegisteredModelChange:
    """Write the rollback on both versions and give the alias back.

    Args:
        rollback_decision: From `choose_rollback`.
        registered_model: All versions.

    Returns:
        Tags, descriptions, and the alias.
    """
    restored = registered_model.versions[rollback_decision["champion"]]
    replaced = registered_model.versions[rollback_decision["replaced"]]
    reason = rollback_decision["reason"]
    gone = replace_section(
        replaced.description, f"Rolled back to version {restored.number}: {reason}."
    )
    back = replace_section(
        restored.description, f"Put back in place of version {replaced.number}: {reason}."
    )
    return RegisteredModelChange(
        [
            VersionChange(
                replaced.number, {ROLLED_BACK: reason, REPLACED_BY: str(restored.number)}, gone
            ),
            VersionChange(
                restored.number,
                {
                    # What it followed itself stays, so that one can go further back. Where it
                    # never was champion, it takes the place of the one that goes.
                    PREVIOUS_CHAMPION: (replaced.tags | restored.tags).get(PREVIOUS_CHAMPION, NONE),
                    REPLACED_BY: NONE,
                    ROLLED_BACK: NONE,
                },
                back,
                CHAMPION,
            ),
        ],
        champion_was=replaced.number,
    )
