"""Rows of the prediction log: made of what was said, parted by day, put together again."""

import io
from datetime import date

import pandas as pd
import pyarrow as pa
from pyarrow import feather

from flight_delays.modelling.lateness import LatenessClassifier

KEY = ["prediction_time", "flight_id", "version"]


def add_features(
    predictions: pd.DataFrame, features: pd.DataFrame, model: LatenessClassifier
) -> pd.DataFrame:
    """Put beside what a model said the features that it was said from.

    Args:
        predictions: What was said (`Predictions`).
        features: The model's features, on the same index; other columns may be among them.
        model: The model.

    Returns:
        Rows of the log (`LoggedPredictions`). Carrier and lead, which are features as well, stand
        there once, as the predictions have them.
    """
    new = [name for name in model.feature_names_in_ if name not in predictions]
    return pd.concat([predictions, features[new]], axis=1)


def part_by_day(rows: pd.DataFrame) -> dict[date, pa.Table]:
    """Part rows by the UTC day of their prediction time; a table without rows needs no columns."""
    if rows.empty:
        return {}
    days = rows["prediction_time"].dt.normalize()
    return {
        day.date(): pa.Table.from_pandas(part, preserve_index=False)
        for day, part in rows.groupby(days)
    }


def merge_rows(tables: list[pa.Table]) -> pd.DataFrame:
    """Put tables under each other, in the order in which they were written.

    Args:
        tables: Rows of the log, at least one table. They may differ in features and thresholds. As
            Arrow has them: a day of many small tables takes pandas four times as long.

    Returns:
        Of each key the row that was written last, by prediction time, flight and version. What a
        version does not have is missing; so decisions are "boolean".
    """
    rows = pa.concat_tables(tables, promote_options="permissive").to_pandas()
    rows = rows.drop_duplicates(KEY, keep="last")
    decisions = rows.filter(regex="^alert_").columns
    typed: pd.DataFrame = rows.astype(dict.fromkeys(decisions, "boolean"))
    return typed.sort_values(KEY, ignore_index=True)


def to_bytes(rows: pa.Table) -> bytes:
    """Write rows as Feather into memory."""
    buffer = io.BytesIO()
    feather.write_feather(rows, buffer)
    return buffer.getvalue()


def from_bytes(written: bytes) -> pa.Table:
    """Read the rows that `to_bytes` wrote."""
    return feather.read_table(io.BytesIO(written))
