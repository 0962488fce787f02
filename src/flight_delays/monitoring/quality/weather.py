"""Whether the weather came in, and whether its sensors live."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from flight_delays.parameters import QualityParameters

from .measures import Measure
from .past import Parted

HOUR = pd.Timedelta(hours=1)


def measure_missing_hours(
    parted: Parted, until: pd.Timestamp, parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure for how many hours of the month each airport has no weather.

    Args:
        parted: Weather (`IntWeather`) of the month, in UTC, and of those before.
        until: The last moment of which there ought to be weather, in UTC.
        parameters: The share of hours that may be missing.

    Yields:
        A measure for each airport that has weather in the month or before.
    """
    first = until.tz_localize(None).to_period("M").to_timestamp().tz_localize("UTC")
    hours = (until - first) // HOUR + 1
    readings = parted.month.groupby("origin").size()
    origins = readings.index.union(pd.Index(parted.past["origin"].unique()))
    for origin, there in readings.reindex(origins, fill_value=0).items():
        missing = max(hours - there, 0)
        limit = parameters.max_missing_hours_share
        yield Measure(
            "missing hours",
            f"{parted.name}.observed_at",
            str(origin),
            missing / hours,
            limit,
            bool(missing / hours > limit),
            f"{origin} has no weather for {missing} of {hours} hours "
            f"({parted.name}.observed_at), {100 * missing / hours:.3g} %; "
            f"{100 * limit:.3g} % is not unusual.",
        )


def measure_stuck(
    parted: Parted, columns: list[str], parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure for how many hours each sensor showed one and the same value.

    The commonest value of a column, such as 10 miles of visibility or no rain, may stay for days:
    it is told from all others.

    Args:
        parted: Weather (`IntWeather`) of the month and of those before.
        columns: What is measured.
        parameters: From how many hours on, and how many times the longest so far, is too long.

    Yields:
        A measure for each column and airport, for the commonest value and for all others.
    """
    for column in columns:
        commonest = pd.concat([parted.past[column], parted.month[column]]).mode().max()
        past = _list_runs(parted.past, column, commonest)
        longest = past.groupby("is_commonest")["hours"].max()
        month = _list_runs(parted.month, column, commonest)
        last = month.sort_values("hours").groupby(["origin", "is_commonest"]).tail(1)
        for run in last.to_dict("records"):
            hours, common = run["hours"], run["is_commonest"]
            known = longest.get(common, np.inf if common else 0)
            limit = max(parameters.min_stuck_hours, parameters.stuck_factor * known)
            yield Measure(
                "stuck",
                f"{parted.name}.{column}",
                run["origin"],
                hours,
                limit,
                bool(hours > limit),
                f"At {run['origin']} {parted.name}.{column} is {run['value']:.4g} for {hours} "
                f"readings from {run['start']:%Y-%m-%dT%H:%MZ} on, and {limit:g} are not unusual: "
                "is the sensor stuck?",
            )


def _list_runs(weather: pd.DataFrame, column: str, commonest: float) -> pd.DataFrame:
    readings = weather.sort_values(["origin", "observed_at"]).dropna(subset=column)
    values, origins = readings[column], readings["origin"]
    begins = (values != values.shift()) | (origins != origins.shift())
    runs = readings.groupby(begins.cumsum().to_numpy()).agg(
        origin=("origin", "first"),
        value=(column, "first"),
        hours=(column, "size"),
        start=("observed_at", "first"),
    )
    return runs.assign(is_commonest=runs["value"] == commonest)
