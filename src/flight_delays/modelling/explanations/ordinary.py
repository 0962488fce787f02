"""The ordinary flight, which a flight is held against: what training has seen most."""

from typing import Any

import numpy as np
import pandas as pd

RANGES = 4


def make_ordinary_flights(train: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Make an ordinary flight for each of some ranges of the lead.

    Far ahead less is known, so what is ordinary there is not what is ordinary an hour before.

    Args:
        train: Questions with their features, `lead_minutes` among them.
        columns: The features that the model looks at.

    Returns:
        On an index of the leads from which on they hold, in minutes, as many questions to each:
        the median of each number, the most frequent of each category.
    """
    lead = train["lead_minutes"]
    starts = np.unique(np.floor(np.quantile(lead, np.arange(RANGES) / RANGES)))
    start = starts[np.searchsorted(starts, lead, side="right") - 1]
    by_range = train[columns].groupby(start)
    ordinary = {
        column: by_range[column].median()
        if pd.api.types.is_numeric_dtype(train[column])
        else by_range[column].agg(_find_most_frequent)
        for column in columns
    }
    return pd.DataFrame(ordinary).astype(train.dtypes[columns]).rename_axis("lead_from_minutes")


def pick_ordinary_flights(ordinary: pd.DataFrame, leads: pd.Series) -> pd.DataFrame:
    """Pick the ordinary flight of each lead.

    Args:
        ordinary: From `make_ordinary_flights`.
        leads: Leads in minutes.

    Returns:
        A row per lead, on their index. Those shorter than all that training has seen get the first.
    """
    row = np.searchsorted(ordinary.index, leads, side="right") - 1
    return ordinary.iloc[np.maximum(row, 0)].set_axis(leads.index)


def write_ordinary_flights(ordinary: pd.DataFrame) -> dict[str, Any]:
    """Write ordinary flights as JSON has them: values by column, missing ones as None."""
    cells = ordinary.reset_index().astype(object)
    cells = cells.where(cells.notna(), None)
    return {str(column): values.to_list() for column, values in cells.items()}


def read_ordinary_flights(written: dict[str, Any]) -> pd.DataFrame:
    """Read what `write_ordinary_flights` wrote, with the types that features have."""
    ordinary = pd.DataFrame(written).set_index("lead_from_minutes")
    numbers = [name for name in ordinary if not pd.api.types.is_string_dtype(ordinary[name])]
    return ordinary.astype(dict.fromkeys(numbers, np.float32))


def _find_most_frequent(values: pd.Series) -> Any:
    found = values.mode()
    return found.iloc[0] if len(found) else None
