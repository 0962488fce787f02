"""What a promotion writes on the versions that it compared."""

import json
from typing import Any

from .versions import (
    CHALLENGER,
    CHAMPION,
    DECISION,
    NONE,
    PREVIOUS_CHAMPION,
    REPLACED_BY,
    RegisteredModelChange,
    Version,
    VersionChange,
    replace_section,
)


def record_decision(
    promotion_decision: dict[str, Any], compared_versions: dict[str, Version]
) -> RegisteredModelChange:
    """Write the decision on the challenger; where it is promoted, as champion.

    Args:
        promotion_decision: From `decide_promotion`.
        compared_versions: Challenger and champion, as far as there are.

    Returns:
        Tags, descriptions, and the alias.
    """
    outcome, reason = promotion_decision["outcome"], promotion_decision["reason"]
    if outcome == "unchanged":
        return RegisteredModelChange()
    challenger, champion = compared_versions[CHALLENGER], compared_versions.get(CHAMPION)
    tags = {
        "decision_reason": reason,
        "decision_record": json.dumps(promotion_decision),
        DECISION: outcome,
    }
    description = replace_section(challenger.description, f"{outcome.capitalize()}: {reason}")
    if outcome != "promoted":
        return RegisteredModelChange([VersionChange(challenger.number, tags, description)])
    tags = {
        PREVIOUS_CHAMPION: str(champion.number) if champion else NONE,
        REPLACED_BY: NONE,
        **tags,
    }
    changes = []
    if champion:
        replaced = replace_section(champion.description, f"Replaced by {challenger.number}.")
        changes = [VersionChange(champion.number, {REPLACED_BY: str(challenger.number)}, replaced)]
    return RegisteredModelChange(
        [*changes, VersionChange(challenger.number, tags, description, CHAMPION)],
        champion_was=champion.number if champion else None,
    )
