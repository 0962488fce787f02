"""Whether the weather came in, and whether its sensors live."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from flight_delays.parameters import QualityParameters

from .measures import Measure
from .past import Parted

HOUR = pd.Timedelta(hours=1)


def measure_missing_hours(
    parted: Parted, first: pd.Timestamp, last: pd.Timestamp, parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure for how many hours of the month each airport has no weather.

    Args:
        parted: Weather (`IntWeather`) of the month, in UTC, and of those before.
        first: From when on there ought to be weather, in UTC.
        last: Until when.
        parameters: The share of hours that may be missing.

    Yields:
        A measure for each airport that has weather in the month or before.
    """
    hours = (last - first) // HOUR + 1
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
    past, month = (table.sort_values(["origin", "observed_at"]) for table in parted[1:])
    for column in columns:
        commonest = pd.concat([past[column], month[column]]).mode().max()
        longest = _list_runs(past, column, commonest).groupby("is_commonest")["hours"].max()
        runs = _list_runs(month, column, commonest).sort_values("hours", kind="stable")
        for run in runs.groupby(["origin", "is_commonest"]).tail(1).to_dict("records"):
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
    """List how long a sensor showed each value; a reading that is missing is passed over."""
    readings = weather[["origin", "observed_at", column]].dropna().reset_index(drop=True)
    shown = readings[["origin", column]]
    first = readings.index[(shown != shown.shift()).any(axis=1)]
    runs = readings.loc[first].rename(columns={column: "value", "observed_at": "start"})
    hours = np.diff(first, append=len(readings))
    return runs.assign(hours=hours, is_commonest=runs["value"] == commonest)
