"""From clocks on the wall to instants in UTC."""

import pandas as pd

MINUTES_IN_A_DAY = 1440


def parse_clock(hhmm: pd.Series) -> pd.Series:
    """Read clock times written as numbers.

    Args:
        hhmm: Clock times such as 517 for 05:17; midnight is 0 or 2400.

    Returns:
        Minutes after midnight, 0 to 1439; missing stays missing.
    """
    return (hhmm // 100 * 60 + hhmm % 100) % MINUTES_IN_A_DAY


def find_next_instant(
    clock_minutes: pd.Series, after: pd.Series, time_zones: pd.Series
) -> pd.Series:
    """Find the first instant after another at which a local clock shows a given time.

    A flight that lands at 00:20 after leaving at 23:10, or lands in another time zone, or on the
    day the clocks change, needs no other rule. A time the clock shows twice is taken as the first
    of the two, one it skips as the moment of the change.

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
        for days in (1, 0):
            candidate = _localize(shown + pd.Timedelta(days=days), str(zone))
            found.loc[start.index] = candidate.where(candidate > start, found[start.index])
    return found


def _localize(local: pd.Series, zone: str) -> pd.Series:
    first = [True] * len(local)
    instants = local.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return instants.dt.tz_convert("UTC")
