"""How far what a model was told and what it said in a month are from its reference."""

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from flight_delays.parameters import DriftParameters, QualityParameters

from .quality.measures import BROKEN_INPUT, DRIFT, Finding
from .reference import DATE

# Of a month with fewer rows in the reference, the distance is mostly chance.
FEWEST_ROWS = 100
# As Evidently has it, so that a column without spread does not divide by 0.
SMALLEST_SPREAD = 0.001


def measure_drift(
    reference: pd.DataFrame, month: pd.DataFrame, parameters: DriftParameters
) -> pd.DataFrame:
    """Measure the distance of each column from the reference.

    Some columns differ from month to month, as delays of the last weeks do, others hardly ever: so
    each month of the reference is held against the reference too, and the furthest of them tells
    how much is usual.

    Args:
        reference: From `sample_reference`.
        month: From `describe_questions`.
        parameters: From where on a column has drifted.

    Returns:
        One row per `column` that both have values of: `distance`, the `limit`, whether it is
        `drifted`, the typical value of the `reference` and of the `month` (the median, or the
        commonest name); the furthest column first, by distance over limit.
    """
    by_month = reference.groupby(reference[DATE].dt.strftime("%Y-%m"))
    parts = [part for _, part in by_month if len(part) >= FEWEST_ROWS]
    rows = []
    for column in reference.columns.intersection(month.columns, sort=False).drop(DATE):
        told, now = reference[column].dropna(), month[column].dropna()
        if len(told) and len(now):
            others = [part[column].dropna() for part in parts]
            usual = max((compute_distance(told, each) for each in others if len(each)), default=0)
            distance = compute_distance(told, now)
            is_number = is_numeric_dtype(told)
            least = parameters.min_distance if is_number else parameters.min_names_distance
            limit = max(least, parameters.usual_factor * usual)
            typical = [_get_typical(told), _get_typical(now)]
            rows.append([column, distance, limit, distance > limit, *typical])
    names = ["column", "distance", "limit", "drifted", "reference", "month"]
    table = pd.DataFrame(rows, columns=names)
    order = (table["distance"] / table["limit"]).sort_values(ascending=False, kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def compute_distance(reference: pd.Series, values: pd.Series) -> float:
    """Compute how far values are from a reference; neither has missing ones.

    Args:
        reference: Numbers or names.
        values: Likewise.

    Returns:
        Of numbers the Wasserstein distance in standard deviations of the reference, of names the
        distance of Jensen and Shannon, from 0 to sqrt(ln 2): Evidently's "wasserstein" and
        "jensenshannon".
    """
    if is_numeric_dtype(reference):
        spread = max(float(np.std(reference)), SMALLEST_SPREAD)
        return float(wasserstein_distance(reference, values)) / spread
    shares = [names.value_counts(normalize=True) for names in (reference, values)]
    both = pd.concat(shares, axis=1).fillna(0)
    return float(jensenshannon(both.iloc[:, 0], both.iloc[:, 1]))


def list_drifted(drift: pd.DataFrame, period: str) -> list[Finding]:
    """List the columns that have drifted.

    Args:
        drift: From `measure_drift`.
        period: The month.

    Returns:
        A finding for each.
    """
    return [
        Finding(
            DRIFT,
            row["column"],
            row["distance"],
            row["limit"],
            f"{row['column']} of {period} is {row['distance']:.3g} away from what the champion has "
            f"learnt from, where {row['limit']:.3g} is not unusual: typically {row['month']}, not "
            f"{row['reference']}.",
        )
        for row in drift[drift["drifted"]].to_dict("records")
    ]


def list_missing(
    reference: pd.DataFrame, month: pd.DataFrame, period: str, parameters: QualityParameters
) -> list[Finding]:
    """List the columns of which far more is missing than in the reference.

    Args:
        reference: From `sample_reference`.
        month: From `describe_questions`.
        period: The month.
        parameters: How much more is far more.

    Returns:
        A finding for each; a column that is not there is missing throughout.
    """
    before = reference.isna().mean()
    now = month.reindex(columns=reference.columns).isna().mean()
    return [
        Finding(
            BROKEN_INPUT,
            str(column),
            now[column],
            before[column] + parameters.max_missing_excess,
            f"{100 * now[column]:.3g} % of {column} are missing in {period}, in what the champion "
            f"has learnt from {100 * before[column]:.3g} %.",
        )
        for column in before.index[now - before > parameters.max_missing_excess]
    ]


def _get_typical(values: pd.Series) -> str:
    return f"{values.median():.4g}" if is_numeric_dtype(values) else str(values.mode()[0])
