"""What is waiting and in the air at 10:00, seen from a flight that leaves JFK at noon."""

from typing import Any

import numpy as np
import pytest

from features.flights import ask_one, make_flight
from flight_delays.features.backlog import STATISTICS, make_backlog_features

FLIGHTS = [
    make_flight("10 06:00", delay=20, block=300),  # lands at 11:20, due at 11:00
    make_flight("10 07:00", delay=0, arrival_delay=90),  # lands at 10:30, due at 9:00
    make_flight("10 08:00", delay=0, arrival_delay=0),  # lands at 10:00
    make_flight("10 08:00", delay=20),  # lands at 10:20, due at 10:00
    make_flight("10 08:30", delay=30),  # left at 9:00
    make_flight("10 09:00", delay=1),
    make_flight("10 09:01", delay=59),  # leaves this minute
    make_flight("10 09:10", delay=51),  # leaves in the next
    make_flight("10 04:00", delay=None),  # given up at 9:00
    make_flight("10 05:00", delay=None),  # given up this minute
    make_flight("10 09:30", delay=None),
    make_flight("10 10:00", delay=5),
    make_flight("10 10:01", delay=0),
    make_flight("10 11:59", delay=0),
    make_flight("10 12:00", delay=0),
]
# Waiting now: 9:10, 9:30, 10:00. An hour ago: 5:00, 9:00. At 9:30: 5:00, 9:01, 9:10, 9:30.
# In the hour to 10:00 were scheduled 9:01, 9:10, 9:30, 10:00, and left those of 9:00 and 9:01.
# Until noon are due 10:01 and 11:59; in two hours four can leave at the rate of the last one.
CASES: dict[str, tuple[int, float]] = {
    "waiting": (0, 3),
    "waiting_change": (60, 3 - 2),
    "waiting_per_scheduled": (60, 3 / 4),
    "deficit": (60, 4 - 2),
    "departed_per_scheduled": (60, 2 / 4),
    "queue_excess": (60, 3 + 2 - 4),
    "queue_use": (60, (3 + 2) / 4),
    "airborne": (0, 6),
    "overdue": (0, 2),
    "overdue_share": (0, 2 / 6),
}


def describe(statistic: str, window: int, *known: dict[str, Any], **asked: Any) -> float:
    columns = make_backlog_features(*ask_one(*known, **asked), {"origin": {statistic: [window]}})
    assert list(columns) == [f"origin_{statistic}" + "_1h" * (window > 0)]
    return float(columns.popitem()[1].item())


def test_every_statistic_has_a_case() -> None:
    assert set(CASES) == set(STATISTICS)


@pytest.mark.parametrize("statistic", CASES)
def test_statistic(statistic: str) -> None:
    window, expected = CASES[statistic]
    elsewhere = [flight | {"origin": "EWR"} for flight in FLIGHTS]
    assert describe(statistic, window, *FLIGHTS, *elsewhere) == pytest.approx(expected)


def test_waiting_changes_over_a_window_of_any_length() -> None:
    columns = make_backlog_features(*ask_one(*FLIGHTS), {"origin": {"waiting_change": [30]}})
    assert columns["origin_waiting_change_30m"] == 3 - 4


@pytest.mark.parametrize("statistic", CASES)
def test_where_nothing_happened_counts_are_nothing_and_ratios_unknown(statistic: str) -> None:
    is_ratio = statistic in {
        "waiting_per_scheduled",
        "departed_per_scheduled",
        "queue_use",
        "overdue_share",
    }
    expected = np.nan if is_ratio else 0
    np.testing.assert_equal(describe(statistic, CASES[statistic][0]), expected)


def test_capacity_grows_with_the_time_that_is_left() -> None:
    """Three hours before noon one waits and one is due; the one that left makes three in three."""
    known = [
        make_flight("10 08:10", delay=0),
        make_flight("10 08:50", delay=None),
        make_flight("10 09:30", delay=0),
    ]
    assert describe("queue_excess", 60, *known, lead_minutes=180) == 1 + 1 - 3
    assert describe("queue_use", 60, *known, lead_minutes=180) == (1 + 1) / 3
