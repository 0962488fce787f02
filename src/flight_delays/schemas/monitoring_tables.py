"""The tables that monitoring writes of a month."""

import pandas as pd
import pandera.pandas as pa
from kedro.validation import PanderaValidator
from pandera.typing import Series

from .intermediate import _Table


class MonitoringFindings(_Table):
    """What is wrong with a month: broken inputs and drift."""

    kind: Series[str] = pa.Field(isin=["broken_input", "drift"])
    subject: Series[str]
    size: Series[float]
    expected: Series[float]
    message: Series[str]

    class Config:
        """One row per kind and subject."""

        coerce = True
        unique = ("kind", "subject")


class PeriodQuality(_Table):
    """All that was measured of a month's tables."""

    check: Series[str]
    subject: Series[str]
    place: Series[str]
    size: Series[float]
    expected: Series[float]
    found: Series[bool]
    message: Series[str]

    class Config:
        """A CSV without rows has no types."""

        coerce = True


class PeriodDrift(_Table):
    """How far each column is from the reference, and what is typical there and in the month."""

    column: Series[str] = pa.Field(unique=True)
    distance: Series[float] = pa.Field(ge=0)
    limit: Series[float] = pa.Field(gt=0)
    drifted: Series[bool]
    reference: Series[str]
    month: Series[str]

    class Config:
        """A table without rows has no types."""

        coerce = True


def validate_drift(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Hold the drift of each month against `PeriodDrift`.

    Args:
        tables: By month and name of the file, as in "2013-11/drift".

    Returns:
        The tables.

    Raises:
        DataValidationError: If one breaks the contract.
    """
    return _validate(tables, PeriodDrift)


def validate_findings(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Hold the findings of each month against `MonitoringFindings`.

    Args:
        tables: By month and name of the file, as in "2013-11/findings".

    Returns:
        The tables.

    Raises:
        DataValidationError: If one breaks the contract.
    """
    return _validate(tables, MonitoringFindings)


def validate_quality(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Hold what was measured of each month against `PeriodQuality`.

    Args:
        tables: By month and name of the file, as in "2013-11/quality".

    Returns:
        The tables.

    Raises:
        DataValidationError: If one breaks the contract.
    """
    return _validate(tables, PeriodQuality)


def _validate(tables: dict[str, pd.DataFrame], model: type[_Table]) -> dict[str, pd.DataFrame]:
    validator = PanderaValidator(model)
    return {name: validator.validate(table) for name, table in tables.items()}
