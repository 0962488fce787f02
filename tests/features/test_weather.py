"""The reports that are known at 10:00 of the tenth, an hour after their label: to 9:00."""

from typing import Any

import numpy as np
import pytest

from features.flights import ask, ask_one, at, make_flight, make_flights, make_weather
from flight_delays.features.questions import Asked
from flight_delays.features.weather import make_weather_features
from flight_delays.parameters import WeatherFeatures

READINGS = {
    "latest": ["wind_speed_mph"],
    "mean": {"wind_speed_mph": [180]},
    "change": {"wind_speed_mph": [60, 180]},
    "network_mean": {"wind_speed_mph": [120]},
    "network_minimum": ["wind_speed_mph"],
}
PARAMETERS = WeatherFeatures(known_after_minutes=60, **READINGS)


def report(time: str, speed: float | None, origin: str = "JFK") -> dict[str, Any]:
    return {"observed_at": at(f"10 {time}"), "wind_speed_mph": speed, "origin": origin}


def describe(*reports: dict[str, Any]) -> dict[str, float]:
    columns = make_weather_features(ask_one()[1], make_weather(*reports), PARAMETERS)
    return {name: values.item() for name, values in columns.items()}


def test_each_statistic() -> None:
    assert describe(
        report("10:00", 1000),  # labelled now, known at 11:00
        report("09:00", 10),
        report("08:00", 8),
        report("07:00", 3),
        report("06:00", 5),
        report("08:00", 2, origin="EWR"),
        report("07:00", 1, origin="EWR"),
    ) == {
        "origin_wind_speed_mph": 10,
        "origin_wind_speed_mph_mean_3h": (10 + 8 + 3) / 3,
        "origin_wind_speed_mph_change_1h": 10 - 8,
        "origin_wind_speed_mph_change_3h": 10 - 5,
        "network_wind_speed_mph_mean_2h": pytest.approx((10 + 8 + 2) / 3),
        "network_wind_speed_mph_minimum": 2,
    }


@pytest.mark.parametrize(
    ("reports", "speed"),
    [
        ([report("09:00", 7)], 7),
        ([report("09:01", 7), report("08:00", 6)], 6),
        ([report("09:00", None), report("08:00", 6)], 6),
        ([report("03:01", 5)], 5),
        ([report("03:00", 5)], np.nan),
        ([report("09:00", 7, origin="EWR")], np.nan),
        ([], np.nan),
    ],
    ids=[
        "known this minute",
        "not known yet",
        "a missing reading is passed over",
        "known less than six hours ago",
        "known six hours ago and stale",
        "of another airport",
        "none at all",
    ],
)
def test_the_last_report_that_is_known(reports: list[dict[str, Any]], speed: float) -> None:
    np.testing.assert_equal(describe(*reports)["origin_wind_speed_mph"], speed)


def test_without_reports_nothing_is_known() -> None:
    assert np.isnan(list(describe().values())).all()


def test_a_change_needs_both_ends() -> None:
    changes = describe(report("09:00", 10))
    assert np.isnan(changes["origin_wind_speed_mph_change_1h"])


def test_the_minimum_leaves_out_airports_without_a_fresh_report() -> None:
    reports = report("09:00", 10), report("02:00", 1, origin="EWR"), report("09:00", None, "LGA")
    assert describe(*reports)["network_wind_speed_mph_minimum"] == 10


def test_each_flight_reads_its_own_airport() -> None:
    """Flights from two airports, and from one without a weather station."""
    flights = make_flights(
        *(make_flight("10 12:00", origin=code) for code in ("JFK", "EWR", "LGA"))
    )
    weather = make_weather(report("09:00", 10), report("09:00", 20, origin="EWR"))
    columns = make_weather_features(Asked(ask(flights)), weather, PARAMETERS)
    np.testing.assert_equal(columns["origin_wind_speed_mph"], [10, 20, np.nan])
