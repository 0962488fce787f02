"""A month, and the months before it that tell what is usual."""

from typing import NamedTuple

import pandas as pd

# The month of each row, counted from the year 0.
MONTH = "month_number"


class Parted(NamedTuple):
    """The rows of a table in a month, and those of the months before.

    Attributes:
        name: What the table is called.
        past: The rows of the months before, with their `MONTH`; perhaps none.
        month: The rows of the month.
    """

    name: str
    past: pd.DataFrame
    month: pd.DataFrame


def part_by_period(
    name: str, table: pd.DataFrame, moments: pd.Series, period: str, usual_months: int
) -> Parted:
    """Part a table into a month and the months before it.

    Args:
        name: What the table is called.
        table: Its rows, with an `origin`.
        moments: When each row was.
        period: The month, as in "2013-11".
        usual_months: How many months before it to take.

    Returns:
        Both.
    """
    number = 12 * moments.dt.year + moments.dt.month
    year, month = map(int, period.split("-"))
    asked = 12 * year + month
    numbered = table.assign(**{MONTH: number})
    past = numbered[number.between(asked - usual_months, asked - 1)]
    return Parted(name, past, numbered[number == asked])
