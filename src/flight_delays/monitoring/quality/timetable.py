"""Whether the flights of a month are those that usually are due."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from flight_delays.parameters import QualityParameters

from .measures import Measure
from .past import Parted

HOURS = 24
# By so many hours the departures may have moved.
MOST_MOVED = 3
# So large a share of the departures is taken to be as likely at any hour: none is impossible.
EVENLY = 0.05


def measure_volumes(parted: Parted, parameters: QualityParameters) -> Iterator[Measure]:
    """Measure how many flights each day of an airport has, against the weekday's usual.

    Args:
        parted: Flights (`PrmFlights`) of the month and of those before.
        parameters: By what factor a day may differ, and how few flights tell nothing.

    Yields:
        A measure for each airport: the day, from the first of the month that has flights to the
        last, that differs most from the median of its weekday.
    """
    past, now = (_count_days(table) for table in (parted.past, parted.month))
    usual = past.groupby("weekday").median()
    counted = now.reindex(columns=usual.columns, fill_value=0)
    both = pd.concat(
        {"flights": counted.stack(), "usual": usual.reindex(now.index, level="weekday").stack()},
        axis=1,
    )
    judged = both[both["usual"] >= parameters.min_flights].reset_index()
    ratio = judged["flights"] / judged["usual"]
    factor = np.maximum(ratio, 1 / ratio.clip(lower=1e-9))
    by_size = judged.assign(ratio=ratio, factor=factor).sort_values("factor")
    most = parameters.volume_factor
    for row in by_size.groupby("origin").tail(1).to_dict("records"):
        yield Measure(
            "volume",
            f"{parted.name}.flight_date",
            row["origin"],
            row["ratio"],
            most if row["ratio"] >= 1 else 1 / most,
            row["factor"] > most,
            f"{row['origin']} has {row['flights']:g} flights on {row['flight_date']:%A %Y-%m-%d} "
            f"({parted.name}.flight_date), {row['ratio']:.3g} times the usual {row['usual']:g}.",
        )


def measure_unseen(
    parted: Parted, columns: list[str], parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure how many flights are of carriers or airports never seen, and which ones are gone.

    Args:
        parted: Flights (`PrmFlights`) of the month and of those before.
        columns: Carrier, origin, destination.
        parameters: Up to which share of the flights that is usual, and how few tell nothing.

    Yields:
        Two measures for each column: the share of flights with new values, and the share in the
        past of the largest value that is gone.
    """
    for column in columns:
        past, now = (table[column].value_counts(normalize=True) for table in parted[1:])
        new, gone = now[~now.index.isin(past.index)], past[~past.index.isin(now.index)]
        for check, shares, size, told in (
            ("never seen", new, new.sum(), "were never seen before"),
            ("gone", gone, gone.head(1).sum(), "of the months before have none now"),
        ):
            limit = parameters.max_unseen_share
            enough = size * len(parted.month) >= parameters.min_flights
            yield Measure(
                check,
                f"{parted.name}.{column}",
                "",
                size,
                limit,
                bool(size > limit and enough),
                f"{', '.join(map(str, shares.index[:3])) or 'None'} in {parted.name}.{column}, "
                f"{100 * size:.3g} % of the flights, {told}: was one renamed?",
            )


def measure_shift(parted: Parted, parameters: QualityParameters) -> Iterator[Measure]:
    """Measure on how many days the departures fit the usual hours only when they are moved.

    How many departures a day has in each hour of the local clock is held against the shares that
    its weekday had in the months before, as they are and moved by up to three hours. The evidence
    for a move is by how much the log likelihood is greater with it; if nothing has moved it exceeds
    x with a probability of at most exp(-x), by Markov's inequality.

    Args:
        parted: Flights (`PrmFlights`) of the month and of those before.
        parameters: How much evidence it takes.

    Yields:
        A measure for each airport that had flights on the same weekdays before.
    """
    past, now = (_count_hours(table) for table in parted[1:])
    totals = past.groupby(level=["origin", "weekday"]).sum()
    shares = (1 - EVENLY) * totals.div(totals.sum(axis=1), axis=0) + EVENLY / HOURS
    days = now.join(shares, on=["origin", "weekday"], how="inner", rsuffix="_usual")
    if days.empty:
        return
    counts, usual = np.hsplit(days.to_numpy(), 2)
    evidence = pd.DataFrame(
        {
            hours: (counts * np.log(np.roll(usual, hours, axis=1) / usual)).sum(axis=1)
            for hours in range(-MOST_MOVED, MOST_MOVED + 1)
        },
        index=days.index,
    )
    is_moved = evidence.max(axis=1) > parameters.shift_evidence
    for origin, hours in evidence.idxmax(axis=1).where(is_moved, 0).groupby(level="origin"):
        moved = hours[hours != 0]
        told = ""
        if len(moved):
            by, first = moved.mode().iloc[0], moved.index.get_level_values("flight_date").min()
            way = "later" if by > 0 else "earlier"
            told = f", the first {first:%Y-%m-%d}, mostly {abs(by)} h {way}"
        yield Measure(
            "shift",
            f"{parted.name}.scheduled_departure",
            str(origin),
            len(moved),
            0,
            len(moved) > 0,
            f"At {origin} {len(moved)} of {len(hours)} days fit the usual hours of their weekday "
            f"only when {parted.name}.scheduled_departure is moved{told}.",
        )


def _count_days(flights: pd.DataFrame) -> pd.DataFrame:
    """Count the flights of each airport, a column, on each day and weekday, empty days too."""
    counts = flights.groupby(["flight_date", "origin"]).size().unstack(fill_value=0)
    days = pd.date_range(counts.index.min(), counts.index.max(), name="flight_date")
    by_day = counts.reindex(days, fill_value=0)
    return by_day.set_index(days.dayofweek.rename("weekday"), append=True)


def _count_hours(flights: pd.DataFrame) -> pd.DataFrame:
    """Count the departures of each airport and day by the 24 hours of the local clock."""
    day, local = flights["flight_date"], flights["scheduled_departure_local"]
    keys = [flights["origin"], day, day.dt.dayofweek.rename("weekday"), local.dt.hour.rename("h")]
    counts = flights.groupby(keys).size().unstack(fill_value=0)
    return counts.reindex(columns=range(HOURS), fill_value=0)
