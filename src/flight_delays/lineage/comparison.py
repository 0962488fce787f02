"""What differs between a run and the present, and between its results and those of its rerun."""

import re
from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

from .record import Outcome, Provenance

Row = tuple[str, str, str]

CODE_LABELS = {
    "git_commit": "git commit",
    "git_dirty": "uncommitted changes",
    "lock_sha256": "lock",
    "python_version": "Python",
}
# Two that say so are not known to be the same.
UNCERTAIN = {("git_dirty", "true"), ("git_dirty", "unknown"), ("git_commit", "unknown")}


def compare_provenance(then: Provenance, now: Provenance) -> list[Row]:
    """Compare what a run was made from with what it would be made from now.

    Args:
        then: What the run was made from.
        now: What there is now.

    Returns:
        For each part of the code, each raw table, the packages and the parameters a row that says
        "same"; or, where something differs, a row with its name and both values.
    """
    rows = []
    for name, label in CODE_LABELS.items():
        old, new = then.code[name], now.code[name]
        is_same = old == new and (name, old) not in UNCERTAIN
        rows.append((label, "same", "") if is_same else (label, old, new))
    changed = {row[0]: row for row in list_differences(then.tables, now.tables)}
    for name in sorted({*then.tables, *now.tables}):
        rows.append(changed.get(name, (name, "same", "")))
    packages = list_differences(then.packages, now.packages)
    rows += [(f"package {name}", old, new) for name, old, new in packages] or [
        ("packages", "same", "")
    ]
    parameters = list_differences(flatten(then.parameters), flatten(now.parameters))
    rows += parameters or [("parameters", "same", "")]
    return rows


def compare_outcomes(then: Outcome, again: Outcome) -> tuple[list[Row], str]:
    """Compare what came of a run with what came of its rerun.

    Args:
        then: What came of the run.
        again: What came of the rerun.

    Returns:
        Each result that differs, below the tables that differ; none if all results are the same.
        And the verdict.
    """
    shared = then.predictions.keys() & again.predictions.keys()
    results, results_again = (
        {name: each.predictions[name] for name in shared} | each.metrics for each in (then, again)
    )
    if differences := list_differences(results, results_again):
        verdict = f"different: {len(differences)} of {len(results)} results"
        return list_differences(then.tables, again.tables) + differences, verdict
    predictions = (
        " and the predictions"
        if shared
        else ("; the digests of the predictions are of two kinds, and say nothing")
    )
    return [], f"identical: {len(then.metrics)} metrics{predictions}"


def list_differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[Row]:
    """List what differs: its name and both values, "none" where there is no such name."""
    return [
        (name, str(then.get(name, "none")), str(now.get(name, "none")))
        for name in sorted({*then, *now})
        if name not in then or name not in now or then[name] != now[name]
    ]


def flatten(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Flatten nested parameters, such as to `training.classifier.max_iter` and its value."""
    leaves: dict[str, Any] = {}
    for key, value in parameters.items():
        name = f"{prefix}{key}"
        leaves |= flatten(value, f"{name}.") if isinstance(value, dict) and value else {name: value}
    return leaves


def tabulate(rows: list[Row]) -> Table:
    """Lay out what was compared; of digests the first 12 digits."""
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    for column in ("the run", "now"):
        table.add_column(column, overflow="fold")
    for name, *values in rows:
        table.add_row(name, *(re.sub(r"^([0-9a-f]{12})[0-9a-f]{20,}$", r"\1", v) for v in values))
    return table
