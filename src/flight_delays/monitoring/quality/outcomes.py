"""Whether outcomes come in from everywhere, and are those of the flights."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from flight_delays.parameters import QualityParameters

from .measures import Measure
from .past import MONTH, Parted

OUTCOME = "arrival_delay_minutes"


def measure_open(
    parted: Parted, columns: list[str], parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure which share of the flights of each airport has no outcome.

    In a month that is not over, or has storms, outcomes are missing everywhere: an airport is held
    against the others, and against its own worst month.

    Args:
        parted: Flights (`PrmFlights`) of the month and of those before.
        columns: Origin, destination.
        parameters: By how much the share may exceed both, and how few flights tell nothing.

    Yields:
        A measure for each airport that had flights before or is not alone.
    """
    past, month = (table.assign(is_open=table[OUTCOME].isna()) for table in parted[1:])
    for column in columns:
        shares = past.groupby([MONTH, column])["is_open"].mean()
        worst = shares.groupby(level=column).max()
        now = month.groupby(column)["is_open"].agg(["mean", "size"])
        for airport, (share, flights) in now.iterrows():
            others = now["mean"].drop(airport).median()
            usual = np.nanmax([others, worst.get(airport, np.nan), 0])
            known = not np.isnan([others, worst.get(airport, np.nan)]).all()
            if known and flights >= parameters.min_flights:
                limit = usual + parameters.max_open_excess
                yield Measure(
                    "open",
                    f"{parted.name}.{OUTCOME}",
                    str(airport),
                    share,
                    limit,
                    bool(share > limit),
                    f"Of {flights:g} flights with {column} {airport}, {100 * share:.3g} % have no "
                    f"{parted.name}.{OUTCOME}; of the others, or in its worst month before, "
                    f"{100 * usual:.3g} %.",
                )


def measure_flips(
    answers: pd.DataFrame, name: str, parameters: QualityParameters
) -> Iterator[Measure]:
    """Measure how well each day's outcomes agree with what was said of the flights.

    By a ROC AUC surely below 1/2 the flights that were thought safe came late, and the others did
    not. Its standard error is that of flights that one cannot tell apart (Mann and Whitney 1947).

    Args:
        answers: What was said of the month's flights and what happened, from `tabulate_known`, each
            flight once.
        name: What the table of the outcomes is called.
        parameters: How many standard errors below 1/2 is surely below.

    Yields:
        One measure, of the day that agrees worst, if on any flights were late and others not.
    """
    rows = []
    for day, flights in answers.groupby("flight_date"):
        late = int(flights["is_late"].sum())
        punctual = len(flights) - late
        if late and punctual:
            auc = roc_auc_score(flights["is_late"], flights["late_probability"])
            error = np.sqrt((late + punctual + 1) / (12 * late * punctual))
            rows.append((day, auc, 0.5 - parameters.flipped_errors * error))
    if rows:
        day, auc, limit = min(rows, key=lambda row: row[1] - row[2])
        flipped = [day for day, auc, limit in rows if auc < limit]
        yield Measure(
            "flipped",
            f"{name}.{OUTCOME}",
            "",
            auc,
            limit,
            bool(flipped),
            f"On {len(flipped)} days the outcomes contradict what was said; worst on "
            f"{day:%Y-%m-%d}, where {name}.{OUTCOME} gives a ROC AUC of {auc:.3g}, and below "
            f"{limit:.3g} is no chance: are late and punctual swapped?",
        )
