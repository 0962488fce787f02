"""Versions of the registered model, as nodes see them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import LatenessClassifier

CHALLENGER = "challenger"  # evaluated, and passed the absolute gates
CHAMPION = "champion"  # in use

# The tags of a version that other steps read.
DECISION = "decision"  # the outcome of a promotion; written after all else that it says
FITTED_TO = "fitted_to"
GATES = "gates"  # only an evaluated version has it
LAST_DELIVERY = "last_delivery"  # of those that it learnt from; that and all before it
JUDGED = "judged_thresholds"  # in minutes; of others it has said too little to be judged
PREVIOUS_CHAMPION = "previous_champion"  # the champion that it replaced, or none
NONE = "none"
REPLACED_BY = "replaced_by"  # the champion after it, or none
ROLLED_BACK = "rolled_back"  # why, or none

# What MLflow keeps with the model of a version, beside its signature.
FEATURE_DEFINITION = "feature_definition"
FEATURE_GROUPS = "feature_groups"  # of the features that it looks at
ORDINARY_FLIGHTS = "ordinary_flights"  # what a flight is held against in explanations
SPLITS = "splits"

# What to do with a version that can no longer be used.
TRAIN_ANEW = (
    "Train anew; where it is the champion and cannot be compared any more, take the alias champion "
    "off it in MLflow."
)

SECTION_BREAK = "\n\n---\n\n"


@dataclass(frozen=True)
class Candidate:
    """A fitted model on its way into the registry."""

    model: LatenessClassifier
    example: pd.DataFrame
    tags: dict[str, str]
    description: str
    metadata: dict[str, Any]
    reference: pd.DataFrame  # what drift is told by


@dataclass(frozen=True)
class Version:
    """What the registry says of a version."""

    number: int
    run_id: str
    tags: dict[str, str]
    description: str

    @property
    def fitted_to(self) -> date:
        """The day of the last flight that the model has seen.

        Raises:
            DataError: The version does not say.
        """
        if FITTED_TO not in self.tags:
            raise DataError(
                f"Version {self.number} has no tag {FITTED_TO}, so nobody knows which flights it "
                "has not seen: register models by `kedro run`."
            )
        return date.fromisoformat(self.tags[FITTED_TO])

    @property
    def judged_thresholds(self) -> list[int]:
        """The thresholds of lateness that an evaluation has judged, in minutes."""
        return [int(minutes) for minutes in self.tags.get(JUDGED, "").split()]


@dataclass(frozen=True)
class RegisteredModel:
    """The registered model: its versions by number, and the version of each alias."""

    name: str
    versions: dict[int, Version]
    aliases: dict[str, int]


@dataclass(frozen=True)
class RegisteredCandidate:
    """The candidate as the registry has it: model, version, and what the version was made from."""

    model: LatenessClassifier
    version: Version
    provenance: dict[str, Any]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Contender:
    """A version together with its model, and what MLflow keeps with that."""

    version: Version
    model: LatenessClassifier
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """What a version has learnt from and says of that; without rows where it was not kept."""

    number: int
    rows: pd.DataFrame


@dataclass(frozen=True)
class VersionChange:
    """What to write on a version; after that, the alias to give to it or to take away from it."""

    number: int
    tags: dict[str, str]
    description: str | None = None
    alias: str | None = None
    lost_alias: str | None = None
    metrics: dict[str, float] = field(default_factory=dict)  # of its logged model


@dataclass(frozen=True)
class RegisteredModelChange:
    """Changes of versions, in their order.

    With `champion_was`, they are made only if the champion is still that version, or still missing
    where it is None.
    """

    versions: list[VersionChange] = field(default_factory=list)
    champion_was: int | None = None


def replace_section(description: str, text: str) -> str:
    """Put a text under the description of a version, in place of the one that was there.

    Args:
        description: What stands there now.
        text: What happened to the version last.

    Returns:
        The description with the text.
    """
    return f"{description.partition(SECTION_BREAK)[0]}{SECTION_BREAK}{text}"
