"""What a split is: when, how many flights, where from."""

from typing import Any

import pandas as pd


def describe_split(questions: pd.DataFrame) -> dict[str, Any]:
    """Describe a split in values that JSON knows.

    Args:
        questions: `flight_id`, `flight_date`, `origin`, `carrier` and `is_late`. A flight may be
            asked about several times, and counts once.

    Returns:
        `start` and `end` (ISO dates, both inclusive), `days` with flights, `flights`, `late_share`,
        and the `origins` and `carriers`, sorted.
    """
    flights = questions.drop_duplicates("flight_id")
    dates = flights["flight_date"]
    return {
        "start": str(dates.min().date()),
        "end": str(dates.max().date()),
        "days": dates.nunique(),
        "flights": len(flights),
        "late_share": float(flights["is_late"].mean()),
        "origins": sorted(flights["origin"].unique()),
        "carriers": sorted(flights["carrier"].unique()),
    }
