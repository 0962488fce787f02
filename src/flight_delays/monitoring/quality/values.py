"""Whether the values of columns are there, and of the size that they usually have."""

from collections.abc import Iterator

import pandas as pd

from flight_delays.parameters import QualityParameters

from .measures import Measure
from .past import MONTH, Parted


def measure_missing(
    parted: Parted, columns: list[str], parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure at each airport which share of a column is missing.

    What was delivered and could not be true is missing as well.

    Args:
        parted: The month and those before.
        columns: The columns.
        parameters: By how much the share may exceed that of the worst month.

    Yields:
        A measure for each column and airport that had rows before.
    """
    past, month = parted.past, parted.month
    shares = past[columns].isna().groupby([past[MONTH], past["origin"]]).mean()
    worst = shares.groupby("origin").max()
    now = month[columns].isna().groupby(month["origin"]).mean()
    both = pd.concat({"now": now.stack(), "before": worst.stack()}, axis=1, join="inner")
    for row in both.rename_axis(["origin", "column"]).reset_index().to_dict("records"):
        subject = f"{parted.name}.{row['column']}"
        limit = row["before"] + parameters.max_missing_excess
        yield Measure(
            "missing",
            subject,
            row["origin"],
            row["now"],
            limit,
            row["now"] > limit,
            f"At {row['origin']} {100 * row['now']:.3g} % of {subject} are missing, in the worst "
            f"month before {100 * row['before']:.3g} %.",
        )


def measure_units(
    parted: Parted, columns: list[str], parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure at each airport the typical value of a column: another unit moves it.

    The typical value is the median of the absolute values that are not 0. A column of which most
    values are 0, as precipitation, is left out: too little is known of the others.

    Args:
        parted: The month and those before.
        columns: Numbers.
        parameters: By what factor the typical value may lie outside of what the months before had,
            at whichever airport, and how few values tell nothing.

    Yields:
        A measure for each column and airport.
    """
    past, month = _drop_zeros(parted.past, columns), _drop_zeros(parted.month, columns)
    mostly = (parted.past[columns] == 0).mean() < 0.5
    typical = past.groupby([past[MONTH], past["origin"]])[columns].median()
    now = month.groupby("origin")[columns].agg(["median", "count"])
    factor = parameters.unit_factor
    for column in mostly.index[mostly]:
        low, high = typical[column].min(), typical[column].max()
        judged = now[column][now[column]["count"] >= parameters.min_values]
        for origin, value in judged["median"].items():
            expected = low if value < low else high
            yield Measure(
                "unit",
                f"{parted.name}.{column}",
                str(origin),
                value,
                expected,
                not low / factor <= value <= high * factor,
                f"At {origin} {parted.name}.{column} typically is {value:.4g}, "
                f"{value / expected:.3g} times the {'least' if value < low else 'most'} of the "
                f"months before ({expected:.4g}): is it of another unit?",
            )


def _drop_zeros(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    sizes = table[columns].abs()
    return table.assign(**sizes.where(sizes > 0))
