"""What cannot be true becomes missing."""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from flight_delays.parameters import DataProcessingParameters
from flight_delays.schemas.contract import ZERO_IS_MISSING, RoughTable

from .findings import KEYS_TOLD, Finding, check_share, list_findings

IS_NUMBER = "is a number"
IS_NOT_ZERO = "is not zero"
IS_DELIVERED = "the column is delivered"
HAS_ROWS = "the table is delivered"


def drop_implausible(
    raw: pd.DataFrame, model: type[RoughTable], parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, list[Finding]]:
    """Set values that break their column's checks to missing, and add columns that are missing.

    Args:
        raw: A delivered table, its rows numbered, of which right is what must be.
        model: Its contract.
        parameters: The share of implausible values from which on a column is not believed.

    Returns:
        The table with every column of the contract, each of its type; and what was found.

    Raises:
        DataError: If a column is not believed.
    """
    findings = _list_absent(raw, model)
    columns: dict[str, pd.Series] = {}
    for name, column in model.list_rough_columns().items():
        if name not in raw:
            columns[name] = pd.Series(index=raw.index, dtype=_get_type(column))
            continue
        columns[name], zeros, broken = _drop_from_column(raw[name], column)
        there = raw[name].notna()
        found = list_findings(raw, model, name, broken, there & ~zeros)
        check_share(found, parameters)
        findings += [*list_findings(raw, model, name, {IS_NOT_ZERO: zeros}, there), *found]
    return raw.assign(**columns), findings


def list_gaps(files: dict[str, pd.DataFrame], model: type[RoughTable]) -> list[Finding]:
    """List the columns that some files of a table lack and others have.

    Put together, such a column is only missing in some rows.

    Args:
        files: The parts of a table as delivered, by the name of their file without its ending.
        model: Its contract.

    Returns:
        A finding for each such column, with the number of rows and the first files that lack it.
    """
    rows = sum(map(len, files.values()))
    findings = []
    for column in model.list_rough_columns():
        lacking = {f"{name}.csv": len(file) for name, file in files.items() if column not in file}
        if 0 < len(lacking) < len(files):
            finding = Finding(
                table=model.get_table_name(),
                column=column,
                rule=IS_DELIVERED,
                values=sum(lacking.values()),
                share=sum(lacking.values()) / rows,
                first=", ".join([*lacking][:KEYS_TOLD]),
            )
            findings.append(finding)
    return findings


def _list_absent(raw: pd.DataFrame, model: type[RoughTable]) -> list[Finding]:
    table = model.get_table_name()
    if raw.empty:
        return [Finding(table, "all", HAS_ROWS, 0, 1, "")]
    absent = [name for name in model.list_rough_columns() if name not in raw]
    return [Finding(table, name, IS_DELIVERED, len(raw), 1, "") for name in absent]


def _drop_from_column(
    values: pd.Series, column: pa.Column
) -> tuple[pd.Series, pd.Series, dict[str, pd.Series]]:
    """Tell which values are believed, which were zeros for missing ones, and which broke rules."""
    is_text = _get_type(column) == "str"
    typed: Any = values if is_text else pd.to_numeric(values, errors="coerce")
    typed = typed.astype(_get_type(column))
    broken = {IS_NUMBER: values.notna() & typed.isna()}
    zeros = (typed == 0) & (column.metadata == ZERO_IS_MISSING)
    typed = typed.mask(zeros)
    for check in column.checks:
        plausible = check(typed.dropna()).check_output.reindex(typed.index, fill_value=True)
        broken[check.error or check.name] = ~plausible.astype(bool)
        typed = typed.where(plausible)
    return typed, zeros, broken


def _get_type(column: pa.Column) -> str:
    return "float64" if str(column.dtype) == "float64" else "str"
