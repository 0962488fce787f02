"""Rules of the data and the features that no range can say, and names that must be the same."""

from typing import Any, get_args

import pytest
from pydantic import ValidationError

from flight_delays.features import backlog, traffic
from flight_delays.features.entities import ENTITIES
from flight_delays.parameters import WeatherFeatures
from flight_delays.parameters import features as parameters
from flight_delays.schemas.intermediate import IntWeather
from parameters.delivered import change


@pytest.mark.parametrize(
    ("path", "day", "message"),
    [
        ("train.end", "2013-09-01", "train and validation overlap or are out of order"),
        ("train.end", "2013-12-31", "train and validation overlap or are out of order"),
        ("validation.end", "2013-11-01", "validation and test overlap or are out of order"),
        ("test.start", "2013-10-31", "ends on 2013-10-31, the other starts on 2013-10-31"),
        ("train.start", "2013-12-31", "ends on 2013-08-31, before it starts on 2013-12-31"),
    ],
)
def test_splits_that_overlap_or_are_out_of_order(path: str, day: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        change(f"feature_engineering.splits.{path}", day)


def test_splits_may_leave_days_between_them() -> None:
    change("feature_engineering.splits.train.end", "2013-07-31")


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("data_processing.extra_airports.BQN.time_zone", "Mars/Phobos", "Mars/Phobos is not an"),
        ("feature_engineering.backlog.origin.waiting", [60], r"its window is \[0\]"),
        ("feature_engineering.backlog.origin.deficit", [0], "more than 0 minutes"),
        ("feature_engineering.history.lag_minutes", 1440, "less than a day"),
        ("feature_engineering.leads.longest_minutes", 29, "29, is below shortest_minutes, 30"),
        ("feature_engineering.leads.evaluated_minutes", [60, 30], "must rise, each once"),
    ],
)
def test_what_no_range_can_say_is_told_in_a_sentence(path: str, value: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        change(path, value)


@pytest.mark.parametrize(
    ("allowed", "known"),
    [
        pytest.param(parameters.Entity, ENTITIES, id="entities"),
        pytest.param(parameters.TrafficStatistic, traffic.STATISTICS, id="traffic"),
        pytest.param(parameters.BacklogStatistic, backlog.STATISTICS, id="backlog"),
        pytest.param(
            parameters.Reading, list(IntWeather.to_schema().columns)[2:], id="weather readings"
        ),
    ],
)
def test_the_names_allowed_are_those_that_are_computed(allowed: Any, known: Any) -> None:
    assert sorted(get_args(allowed)) == sorted(known)


def test_readings_are_all_that_a_feature_asks_for_each_once() -> None:
    weather = WeatherFeatures(
        known_after_minutes=60,
        latest=["wind_speed_mph"],
        mean={"visibility_miles": [60]},
        change={"pressure_hpa": [60], "wind_speed_mph": [60]},
        network_mean={"temperature_f": [60]},
        network_minimum=["visibility_miles", "wind_gust_mph"],
    )
    assert weather.readings == [
        "pressure_hpa",
        "temperature_f",
        "visibility_miles",
        "wind_gust_mph",
        "wind_speed_mph",
    ]
