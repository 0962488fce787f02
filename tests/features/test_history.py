"""How flights like this one did until an hour before 10:00 of the tenth."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import ask_one, at, make_flight
from flight_delays.features.history import make_history_features
from flight_delays.parameters import HistoryFeatures


def describe(log: str, value: str, *known: dict[str, Any], pseudo_flights: float = 2) -> float:
    """The value of flights of this number over two days, as a column."""
    families = {"landings": {}, "days": {}} | {log: {"flight_at_origin": {value: [2]}}}
    parameters = HistoryFeatures(lag_minutes=60, pseudo_flights=pseudo_flights, **families)
    columns = make_history_features(*ask_one(*known), parameters)
    assert list(columns) == [f"flight_at_origin_{log}_{value}_2d"]
    return float(columns.popitem()[1].item())


# Two flights of this number and two others.
FLIGHTS = [
    make_flight("9 08:00", delay=10, arrival_delay=10),
    make_flight("9 09:00", delay=10, arrival_delay=30),
    make_flight("9 10:00", delay=30, arrival_delay=60, flight_number=2),
    make_flight("9 11:00", delay=20, arrival_delay=20, flight_number=2),
]


@pytest.mark.parametrize(
    ("value", "own", "overall"),
    [
        ("delay", 10 + 30, 30),
        ("late", 0 + 1, 3 / 4),
        ("added_delay", 0 + 20, 50 / 4),
    ],
)
def test_landings_are_pulled_to_the_overall_mean(value: str, own: float, overall: float) -> None:
    expected = (own + 2 * overall) / (2 + 2)
    assert describe("landings", value, *FLIGHTS) == pytest.approx(expected)


# The four came in 10, 30, 60 and 20 minutes late, 30 on average; three of four were late.
@pytest.mark.parametrize(("value", "own"), [("delay", -20 + 0), ("late", -0.75 + 0.25)])
def test_days_are_compared_with_their_origin_and_pulled_to_nothing(value: str, own: float) -> None:
    assert describe("days", value, *FLIGHTS) == pytest.approx((own + 2 * 0) / (2 + 2))


def test_the_fewer_pseudo_flights_the_less_the_pull() -> None:
    assert describe("landings", "delay", *FLIGHTS[1:], pseudo_flights=1e-9) == pytest.approx(30)


@pytest.mark.parametrize(
    ("known", "expected"),
    [(FLIGHTS[2:], 40), ([], np.nan)],
    ids=["then it is the overall mean", "then it is unknown"],
)
def test_a_flight_may_be_new(known: list[dict[str, Any]], expected: float) -> None:
    np.testing.assert_equal(describe("landings", "delay", *known), expected)


@pytest.mark.parametrize(
    ("landed", "counts"),
    [("8 10:00", False), ("8 10:01", True), ("10 09:00", True), ("10 09:01", False)],
)
def test_landings_count_from_days_ago_until_the_lag(landed: str, counts: bool) -> None:
    """At two days and a lag of one hour."""
    flight = make_flight(at(landed) - timedelta(minutes=130), arrival_delay=10)
    assert np.isfinite(describe("landings", "delay", flight)) == counts


def test_a_flight_that_landed_within_the_lag_counts_neither_as_a_delay_nor_as_a_flight() -> None:
    known = [*FLIGHTS[2:], make_flight("10 07:30", arrival_delay=10)]
    assert describe("landings", "delay", *known) == 40


@pytest.mark.parametrize(
    ("last", "counts"),
    [("8 05:00", False), ("8 05:01", True), ("10 04:00", True), ("10 04:01", False)],
)
def test_days_count_once_they_are_closed(last: str, counts: bool) -> None:
    """Five hours after the last scheduled departure, of two hours, not when the flight landed."""
    date = pd.Timestamp("2020-03-05")
    flights = [
        make_flight("5 12:00", flight_date=date),
        make_flight(last, flight_date=date, delay=None, flight_number=2),
    ]
    assert np.isfinite(describe("days", "delay", *flights)) == counts


def test_a_column_for_every_entity_value_and_window() -> None:
    parameters = HistoryFeatures(
        lag_minutes=0,
        pseudo_flights=8,
        landings={"destination": {"delay": [1, 30], "late": [7]}},
        days={"carrier_on_route": {"delay": [365]}},
    )
    assert list(make_history_features(*ask_one(), parameters)) == [
        "destination_landings_delay_1d",
        "destination_landings_delay_30d",
        "destination_landings_late_7d",
        "carrier_on_route_days_delay_365d",
    ]
