"""What the clocks at airports show."""

import pandas as pd


def read_clock(instants: pd.Series, time_zones: pd.Series) -> pd.Series:
    """Read the local clocks.

    Args:
        instants: Instants in UTC.
        time_zones: The IANA time zone of each clock.

    Returns:
        Local times without a zone, NaT where the time zone is missing.
    """
    shown = pd.Series(pd.NaT, index=instants.index, dtype="datetime64[us]")
    for zone, here in instants.groupby(time_zones):
        shown.loc[here.index] = here.dt.tz_convert(zone).dt.tz_localize(None)
    return shown
