"""From clocks on the wall to instants in UTC."""

import pandas as pd

from flight_delays.parameters.base import MINUTES_IN_A_DAY


def parse_clock(hhmm: pd.Series) -> pd.Series:
    """Read clock times written as numbers.

    Args:
        hhmm: Clock times such as 517 for 05:17; midnight is 0 or 2400.

    Returns:
        Minutes after midnight, 0 to 1439; missing stays missing.
    """
    return (hhmm // 100 * 60 + hhmm % 100) % MINUTES_IN_A_DAY


def read_utc(text: pd.Series) -> pd.Series:
    """Read instants written as in 2013-01-01T10:00:00Z."""
    return pd.to_datetime(text, utc=True, format="ISO8601").astype("datetime64[us, UTC]")


def read_schedule(rows: pd.DataFrame) -> pd.Series:
    """Read the local times that `year`, `month`, `day`, `hour` name; NaT where one is missing."""
    hour = pd.to_timedelta(rows["hour"], unit="h")
    return (read_date(rows) + hour).astype("datetime64[us]")


def read_date(rows: pd.DataFrame) -> pd.Series:
    """Read the dates that `year`, `month` and `day` name; NaT where one is missing."""
    date = pd.to_datetime(rows[["year", "month", "day"]], errors="coerce")
    return date.astype("datetime64[us]")


def find_next_instant(
    clock_minutes: pd.Series, after: pd.Series, time_zones: pd.Series
) -> pd.Series:
    """Find the first instant after another at which a local clock shows a given time.

    A flight that lands at 00:20 after leaving at 23:10, or lands in another time zone, or on the
    day the clocks change, needs no other rule. A time that the clock skips is taken as the moment
    of the change.

    Args:
        clock_minutes: What the clock shows, minutes after midnight.
        after: Instants in UTC.
        time_zones: The IANA time zone of each clock.

    Returns:
        Instants in UTC on the index of `after`, NaT where either time is missing.
    """
    found = pd.Series(pd.NaT, index=after.index, dtype=after.dtype)
    known = clock_minutes.notna() & after.notna()
    for zone, start in after[known].groupby(time_zones[known]):
        local = start.dt.tz_convert(zone).dt.tz_localize(None)
        shown = local.dt.normalize() + pd.to_timedelta(clock_minutes[start.index], unit="min")
        # From the latest to the earliest; a clock put back shows the same time twice in a day.
        for days, first in ((1, True), (0, False), (0, True)):
            candidate = _localize(shown + pd.Timedelta(days=days), str(zone), first=first)
            found.loc[start.index] = candidate.where(candidate > start, found[start.index])
    return found


def _localize(local: pd.Series, zone: str, *, first: bool) -> pd.Series:
    ambiguous = [first] * len(local)
    instants = local.dt.tz_localize(zone, ambiguous=ambiguous, nonexistent="shift_forward")
    in_utc: pd.Series = instants.dt.tz_convert("UTC")
    return in_utc
