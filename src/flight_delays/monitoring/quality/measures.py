"""What is measured of a month's tables, and which of it is a finding."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

BROKEN_INPUT = "broken_input"
DRIFT = "drift"
SENTENCES = 3


class Measure(NamedTuple):
    """One thing that was looked at, as a row of `PeriodQuality`.

    Attributes:
        check: What was looked at.
        subject: Table and column.
        place: The airport; empty where it is all of them.
        size: How much it is in the month.
        expected: From where on, or up to where, that is usual.
        found: Whether it is beyond that.
        message: The same as a sentence.
    """

    check: str
    subject: str
    place: str
    size: float
    expected: float
    found: bool
    message: str


class Finding(NamedTuple):
    """What is wrong with a month, as a row of `MonitoringFindings`.

    Attributes:
        kind: `BROKEN_INPUT` or `DRIFT`.
        subject: The table or what the model was told, and the column.
        size: How much it is in the month.
        expected: How much is usual.
        message: The same as a sentence, or as several where several things are wrong with it.
    """

    kind: str
    subject: str
    size: float
    expected: float
    message: str


def tabulate_measures(measures: Iterable[Measure]) -> pd.DataFrame:
    """Make a table of measures (`PeriodQuality`)."""
    types: dict[str, Any] = dict.fromkeys(("check", "subject", "place", "message"), "str")
    table = pd.DataFrame(list(measures), columns=list(Measure._fields))
    return table.astype(types | {"size": float, "expected": float, "found": bool})


def list_broken(quality: pd.DataFrame) -> list[Finding]:
    """List what is wrong with a month's tables.

    Args:
        quality: What was measured (`PeriodQuality`).

    Returns:
        A finding for each measure that is beyond what is usual.
    """
    found = quality[quality["found"]]
    columns = (found[name] for name in ("subject", "size", "expected", "message"))
    return [Finding(BROKEN_INPUT, *row) for row in zip(*columns, strict=True)]


def tabulate_findings(findings: Iterable[Finding]) -> pd.DataFrame:
    """Make a table of findings, one row per kind and subject.

    Args:
        findings: What is wrong; of a subject perhaps several things, or the same at several places.

    Returns:
        The table (`MonitoringFindings`). Size and expectation are those of the first one; the first
        few sentences stand after each other.
    """
    types: dict[str, Any] = dict.fromkeys(("kind", "subject", "message"), "str")
    table = pd.DataFrame(list(findings), columns=list(Finding._fields))
    table = table.astype(types | {"size": float, "expected": float})
    by_subject = table.groupby(["kind", "subject"], sort=False, as_index=False)
    return by_subject.agg({"size": "first", "expected": "first", "message": _join})


def _join(messages: pd.Series) -> str:
    more = len(messages) - SENTENCES
    return " ".join([*messages[:SENTENCES], *([f"And {more} more."] if more > 0 else [])])
