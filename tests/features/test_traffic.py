"""What has left and landed in the hour to 10:00, seen from a flight that leaves JFK at noon."""

from typing import Any

import numpy as np
import pytest

from features.flights import ask_one, make_flight
from flight_delays.features.traffic import STATISTICS, make_traffic_features

CASES: dict[str, tuple[list[dict[str, Any]], float]] = {
    "departures_delay_mean": (
        [
            make_flight("10 09:00", delay=0),  # left at 9:00, too long ago
            make_flight("10 09:00", delay=1),
            make_flight("10 09:40", delay=20),
            make_flight("10 09:40", delay=21),  # leaves at 10:01
            make_flight("10 05:30", delay=250),  # counts as 240
            make_flight("10 10:00", delay=-25),  # counts as -15
        ],
        (1 + 20 + 240 - 15) / 4,
    ),
    "departures_late_share": (
        [
            make_flight("10 09:00", delay=14),
            make_flight("10 09:00", delay=16),
            make_flight("10 09:00", delay=60),
            make_flight("10 09:00", delay=61),
        ],
        2 / 3,
    ),
    "departures_early_share": (
        [
            make_flight("10 09:30", delay=-3),
            make_flight("10 09:30", delay=-2),
            make_flight("10 10:04", delay=-4),
            make_flight("10 10:04", delay=-3),
        ],
        2 / 3,
    ),
    # Scheduled from 8:46 to 9:45, and so seen for 15 minutes.
    "scheduled_late_share": (
        [
            make_flight("10 08:45", delay=15),
            make_flight("10 08:46", delay=15),
            make_flight("10 09:00", delay=14),
            make_flight("10 09:30", delay=None),
            make_flight("10 09:45", delay=16),
            make_flight("10 09:46", delay=16),
        ],
        3 / 4,
    ),
    "landings_delay_mean": (
        [
            make_flight("10 07:00", arrival_delay=0),  # landed at 9:00, too long ago
            make_flight("10 07:00", arrival_delay=1),
            make_flight("10 07:00", arrival_delay=60),
            make_flight("10 07:00", arrival_delay=61),  # lands at 10:01
            make_flight("10 07:00", arrival_delay=30, arrival_delay_minutes=None),  # diverted
        ],
        (1 + 60) / 2,
    ),
    "landings_added_delay_mean": (
        [
            make_flight("10 07:00", delay=30, arrival_delay=20),
            make_flight("10 07:00", delay=10, arrival_delay=40),
            make_flight("10 07:00", delay=10, arrival_delay=61),
        ],
        (-10 + 30) / 2,
    ),
    # From gate to gate 120 and 150 minutes.
    "landings_taxi_mean": (
        [
            make_flight("10 07:30", air_time_minutes=100),
            make_flight("10 07:30", delay=0, arrival_delay=30, air_time_minutes=110),
            make_flight("10 07:30", delay=0, arrival_delay=31, air_time_minutes=10),
        ],
        (20 + 40) / 2,
    ),
    "delay_with_waiting_mean": (
        [
            make_flight("10 09:30", delay=20),
            make_flight("10 09:30", delay=-5),  # counts as 0
            make_flight("10 09:15", delay=None),  # waits 45 minutes
            make_flight("10 09:45", delay=16),  # waits 15 minutes
            make_flight("10 08:30", delay=30),  # left at 9:00, too long ago
        ],
        (20 + 0 + 45 + 15) / 4,
    ),
    # Within the hour they waited 60, 10, 15 and 0 minutes.
    "delay_accrued": (
        [
            make_flight("10 08:30", delay=None),
            make_flight("10 08:50", delay=20),
            make_flight("10 09:45", delay=60),
            make_flight("10 09:30", delay=-5),
        ],
        60 + 10 + 15,
    ),
    # In the hour before they waited 30 and 10, in the hour before that none.
    "delay_accrued_change": (
        [
            make_flight("10 08:30", delay=None),
            make_flight("10 08:50", delay=20),
            make_flight("10 06:00", delay=119),
        ],
        (60 + 10) - (30 + 10),
    ),
}


def test_every_statistic_has_a_case() -> None:
    assert set(CASES) == set(STATISTICS)


@pytest.mark.parametrize("statistic", CASES)
def test_statistic(statistic: str) -> None:
    """Worked out by hand, with a flight from elsewhere that must not count."""
    flights, expected = CASES[statistic]
    elsewhere = [flight | {"origin": "EWR"} for flight in flights[:2]]
    columns = make_traffic_features(*ask_one(*flights, *elsewhere), {"origin": {statistic: [60]}})
    assert list(columns) == [f"origin_{statistic}_1h"]
    assert columns[f"origin_{statistic}_1h"].item() == pytest.approx(expected)


@pytest.mark.parametrize("statistic", CASES)
def test_where_nothing_happened_means_are_unknown_and_sums_nothing(statistic: str) -> None:
    column = make_traffic_features(*ask_one(), {"origin": {statistic: [60]}})
    expected = 0 if statistic.startswith("delay_accrued") else np.nan
    np.testing.assert_array_equal(column[f"origin_{statistic}_1h"], [expected])


def test_a_column_for_every_entity_statistic_and_window() -> None:
    families = {
        "network": {"departures_delay_mean": [60, 90]},
        "sector_haul": {"departures_delay_mean": [60], "delay_accrued": [1440]},
    }
    assert list(make_traffic_features(*ask_one(), families)) == [
        "network_departures_delay_mean_1h",
        "network_departures_delay_mean_90m",
        "sector_haul_departures_delay_mean_1h",
        "sector_haul_delay_accrued_1d",
    ]
