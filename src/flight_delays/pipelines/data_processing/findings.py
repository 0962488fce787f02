"""What was found wrong with the delivered tables: counted, named, told; too much stops the run."""

import logging
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import DataProcessingParameters
from flight_delays.schemas.contract import RoughTable

KEYS_TOLD = 3

logger = logging.getLogger(__name__)


class Finding(NamedTuple):
    """A rule that a column breaks, as a row of `DataQuality`.

    Attributes:
        table: The delivered table.
        column: Its column; `outcome` is all that became of a flight, `all` the table.
        rule: The rule.
        values: How many values break it.
        share: Of how many that are there.
        first: The keys of the first rows, or the first files that lack the column.
    """

    table: str
    column: str
    rule: str
    values: int
    share: float
    first: str


def list_findings(
    raw: pd.DataFrame,
    model: type[RoughTable],
    column: str,
    broken: dict[str, pd.Series],
    there: pd.Series,
) -> list[Finding]:
    """Count what breaks the rules of a column, and name the first rows.

    Args:
        raw: The delivered table.
        model: Its contract.
        column: The column.
        broken: For each rule, the rows that break it.
        there: The rows that have a value to hold against the rules.

    Returns:
        A finding for each rule that is broken.
    """
    return [
        Finding(
            table=model.get_table_name(),
            column=column,
            rule=rule,
            values=int(rows.sum()),
            share=float(rows.sum() / there.sum()),
            first=", ".join(model.name_rows(raw[rows].head(KEYS_TOLD))),
        )
        for rule, rows in broken.items()
        if rows.any()
    ]


def check_share(findings: list[Finding], parameters: DataProcessingParameters) -> None:
    """Check that few of a column's values were set to missing.

    Args:
        findings: Those of one column.
        parameters: How many are few.

    Raises:
        DataError: They are too many for single errors.
    """
    share = sum(finding.share for finding in findings)
    if share > parameters.max_implausible_share:
        table, column, *_ = findings[0]
        rules = "; ".join(f"{finding.rule}: not so {finding.first}" for finding in findings)
        raise DataError(
            f"In the table {table}, {100 * share:.3g} % of {column} cannot be true ({rules}), more "
            "than the parameter data_processing.max_implausible_share allows "
            f"({100 * parameters.max_implausible_share:g} %): if the column has another unit or is "
            f"shifted, mend it in the delivered table or take it out there."
        )


def tabulate(findings: Iterable[Finding]) -> pd.DataFrame:
    """Make a table of findings (`DataQuality`)."""
    types = {"table": "str", "column": "str", "rule": "str", "first": "str"}
    table = pd.DataFrame(list(findings), columns=list(Finding._fields))
    return table.astype(types | {"values": int, "share": float})


def report_data_quality(
    *qualities: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[str, dict[str, float]]]:
    """Put together and log what was wrong with the tables.

    Args:
        *qualities: What was wrong with each (`DataQuality`).

    Returns:
        One row per table, column and rule (`DataQuality`); and, as kedro-mlflow wants them, the
        numbers of values by table and column, and of all.
    """
    quality = pd.concat(qualities, ignore_index=True)
    places = quality["table"] + "." + quality["column"]
    for place, rule, values, first in zip(
        places, quality["rule"], quality["values"], quality["first"], strict=True
    ):
        named = f" ({first})" if first else ""
        logger.info('%s breaks "%s": %d%s', place, rule, values, named)
    by_place = quality["values"].groupby(places).sum()
    numbers = {**by_place, "all": by_place.sum()}
    return quality, {name: {"value": float(n), "step": 0} for name, n in numbers.items()}
