"""From clocks to instants: the next day, zones to the west, both changes of the clock."""

import pandas as pd
import pytest

from flight_delays.pipelines.data_processing.clock_times import find_next_instant, parse_clock

NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"


def find(clock: str, after: str, zone: str) -> pd.Timestamp:
    hours, minutes = clock.split(":")
    return find_next_instant(
        pd.Series([int(hours) * 60 + int(minutes)], index=[7]),
        pd.Series(pd.to_datetime([after], utc=True), index=[7]),
        pd.Series([zone], index=[7]),
    ).loc[7]


@pytest.mark.parametrize(
    ("hhmm", "minutes"), [(0, 0), (5, 5), (517, 317), (1200, 720), (2359, 1439), (2400, 0)]
)
def test_a_clock_time_is_read_as_minutes_after_midnight(hhmm: int, minutes: int) -> None:
    assert parse_clock(pd.Series([hhmm])).tolist() == [minutes]


def test_a_missing_clock_time_stays_missing() -> None:
    assert parse_clock(pd.Series([None, 2400.0])).isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("clock", "after", "zone", "instant"),
    [
        pytest.param("08:19", "2013-01-01 10:15", CHICAGO, "2013-01-01 14:19", id="same day"),
        pytest.param("00:20", "2013-01-02 04:10", NEW_YORK, "2013-01-02 05:20", id="next day"),
        pytest.param("00:00", "2013-01-02 04:10", NEW_YORK, "2013-01-02 05:00", id="midnight"),
        pytest.param("11:45", "2013-01-01 17:00", CHICAGO, "2013-01-01 17:45", id="west"),
        pytest.param("23:50", "2013-01-02 05:30", LOS_ANGELES, "2013-01-02 07:50", id="west night"),
        pytest.param("12:00", "2013-07-01 16:00", NEW_YORK, "2013-07-02 16:00", id="never at once"),
        pytest.param("05:15", "2013-07-01 15:00", "Asia/Kolkata", "2013-07-01 23:45", id="half"),
        # America/New_York goes from EST (UTC-5) to EDT (UTC-4) on 10 March at 02:00, 07:00 UTC.
        pytest.param("03:10", "2013-03-10 04:00", NEW_YORK, "2013-03-10 07:10", id="spring"),
        pytest.param("02:03", "2013-03-10 04:00", NEW_YORK, "2013-03-10 07:00", id="skipped"),
        pytest.param("08:00", "2013-03-09 14:00", NEW_YORK, "2013-03-10 12:00", id="23 hour day"),
        # It goes back on 3 November at 02:00, 06:00 UTC: 01:20 is at 05:20 and at 06:20 UTC.
        pytest.param("01:20", "2013-11-03 04:00", NEW_YORK, "2013-11-03 05:20", id="first 01:20"),
        pytest.param("01:20", "2013-11-03 05:30", NEW_YORK, "2013-11-03 06:20", id="second 01:20"),
        pytest.param("01:20", "2013-11-03 06:30", NEW_YORK, "2013-11-04 06:20", id="past both"),
        pytest.param("06:00", "2013-11-03 03:00", NEW_YORK, "2013-11-03 11:00", id="autumn"),
    ],
)
def test_the_next_instant_at_which_a_clock_shows_a_time(
    clock: str, after: str, zone: str, instant: str
) -> None:
    assert find(clock, after, zone) == pd.Timestamp(instant, tz="UTC")


def test_rows_keep_their_index_and_missing_times_stay_missing() -> None:
    index = [3, 1, 2, 0]
    found = find_next_instant(
        pd.Series([60.0, None, 60.0, 60.0], index=index),
        pd.Series(pd.to_datetime(["2013-01-01"] * 2 + [None] + ["2013-01-01"], utc=True), index),
        pd.Series([NEW_YORK, NEW_YORK, NEW_YORK, CHICAGO], index=index),
    )
    assert found.index.tolist() == index
    assert found[[1, 2]].isna().all()
    assert found[3] == pd.Timestamp("2013-01-01 06:00", tz="UTC")
    assert found[0] == pd.Timestamp("2013-01-01 07:00", tz="UTC")
