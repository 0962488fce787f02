"""Faults that are put into a month are named with column and size; a month without has none."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.monitoring.quality.measure import measure_flights, measure_weather
from flight_delays.monitoring.quality.measures import (
    Measure,
    list_broken,
    tabulate_findings,
    tabulate_measures,
)
from flight_delays.monitoring.quality.outcomes import measure_flips
from flight_delays.schemas.monitoring_tables import validate_findings, validate_quality
from monitoring.quality.ordinary import (
    FLIGHTS,
    IN_MONTH,
    LIMITS,
    PARAMETERS,
    PERIOD,
    WEATHER,
    WEATHER_IN_MONTH,
)

AT_JFK, AT_LGA = FLIGHTS["origin"] == "JFK", FLIGHTS["origin"] == "LGA"
DELAYS = ["departure_delay_minutes", "arrival_delay_minutes"]


def find(measures: list[Measure]) -> pd.DataFrame:
    quality = validate_quality({"quality": tabulate_measures(measures)})["quality"]
    findings = tabulate_findings(list_broken(quality))
    return validate_findings({"findings": findings})["findings"].set_index("subject")


def find_in_flights(flights: pd.DataFrame) -> pd.DataFrame:
    return find([*measure_flights(flights, PERIOD, PARAMETERS)])


def find_in_weather(weather: pd.DataFrame) -> pd.DataFrame:
    return find([*measure_weather(weather, FLIGHTS, PERIOD, PARAMETERS)])


def test_an_ordinary_month_has_no_findings() -> None:
    assert find_in_flights(FLIGHTS).empty
    assert find_in_weather(WEATHER).empty


def test_a_month_that_has_not_been_delivered_has_no_findings() -> None:
    known_before = FLIGHTS["arrival_delay_minutes"].mask(IN_MONTH)
    for flights in (FLIGHTS[~IN_MONTH], FLIGHTS.assign(arrival_delay_minutes=known_before)):
        alone = flights[flights["origin"] == "EWR"]  # of which no other airport can tell more
        assert find([*measure_flights(alone, PERIOD, PARAMETERS)]).empty
        assert find([*measure_weather(WEATHER[~WEATHER_IN_MONTH], alone, PERIOD, PARAMETERS)]).empty


def test_the_first_month_is_measured_as_far_as_that_goes() -> None:
    measures = [*measure_flights(FLIGHTS[IN_MONTH], PERIOD, PARAMETERS)]
    assert {measured.check for measured in measures} == {"open"}
    assert find(measures).empty


def test_a_stuck_sensor() -> None:
    stuck = WEATHER.copy()
    at_jfk = WEATHER.index[WEATHER_IN_MONTH & (WEATHER["origin"] == "JFK")]
    stuck.loc[at_jfk[100:130], "wind_speed_mph"] = 7.5
    found = find_in_weather(stuck)
    assert list(found["size"]) == [30]
    message = found["message"]["weather.wind_speed_mph"]
    assert "At JFK weather.wind_speed_mph is 7.5 for 30 readings from 2013-03-05T04:00Z" in message


def test_visibility_in_kilometres() -> None:
    visibility = WEATHER["visibility_miles"]
    metric = visibility.where(~WEATHER_IN_MONTH, visibility * 1.609344)
    found = find_in_weather(WEATHER.assign(visibility_miles=metric))
    assert list(found.index) == ["weather.visibility_miles"]
    assert found["size"].iloc[0] == pytest.approx(16.09344)
    assert found["expected"].iloc[0] == 10
    assert "typically is 16.09, 1.61 times the most" in found["message"].iloc[0]


def test_delays_in_hours() -> None:
    hours = FLIGHTS[DELAYS].where(~IN_MONTH, FLIGHTS[DELAYS] / 60)
    found = find_in_flights(FLIGHTS.assign(**hours))
    assert list(found.index) == [f"flights.{name}" for name in DELAYS]
    ratio = found["size"] / found["expected"]
    assert list(ratio) == pytest.approx([1 / 60] * 2, rel=0.2)
    assert "times the least" in found["message"].iloc[0]


def test_a_carrier_renamed() -> None:
    renamed = FLIGHTS["carrier"].mask(IN_MONTH & (FLIGHTS["carrier"] == "AA"), "ZZ")
    found = find_in_flights(FLIGHTS.assign(carrier=renamed))
    assert list(found.index) == ["flights.carrier"]
    assert found["size"].iloc[0] == (renamed[IN_MONTH] == "ZZ").mean()
    message = found["message"].iloc[0]
    assert "ZZ in flights.carrier" in message
    assert "AA in flights.carrier" in message


@pytest.mark.parametrize(("hours", "told"), [(1, "1 h later"), (-1, "1 h earlier")])
def test_a_timetable_shifted_by_an_hour(hours: int, told: str) -> None:
    local = FLIGHTS["scheduled_departure_local"]
    moved = local.mask(IN_MONTH & AT_LGA, local + pd.Timedelta(hours=hours))
    found = find_in_flights(FLIGHTS.assign(scheduled_departure_local=moved))
    assert list(found.index) == ["flights.scheduled_departure"]
    days = found["size"].iloc[0]
    assert days >= 10
    message = found["message"].iloc[0]
    assert message.startswith(f"At LGA {days:g} of 31 days fit the usual hours")
    assert message.endswith(f"mostly {told}.")


def test_outcomes_of_one_airport_missing() -> None:
    open_outcomes = FLIGHTS["arrival_delay_minutes"].mask(IN_MONTH & AT_JFK)
    found = find_in_flights(FLIGHTS.assign(arrival_delay_minutes=open_outcomes))
    assert list(found.index) == ["flights.arrival_delay_minutes"]
    assert found["size"].iloc[0] == 1
    message = found["message"].iloc[0]
    assert "with origin JFK, 100 % have no flights.arrival_delay_minutes" in message


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    """What was said of the last days of March: flights are late as often as was said."""
    days = FLIGHTS["flight_date"][FLIGHTS["flight_date"] >= "2013-03-15"].to_numpy()
    said = np.random.default_rng(0).beta(1, 3, days.size)
    late = np.random.default_rng(1).random(days.size) < said
    return pd.DataFrame({"flight_date": days, "late_probability": said, "is_late": late})


def test_labels_flipped_for_a_day(answers: pd.DataFrame) -> None:
    assert find([*measure_flips(answers, "flights", LIMITS)]).empty
    late = answers["is_late"]
    flipped = late.where(answers["flight_date"] != pd.Timestamp("2013-03-19"), ~late)
    found = find([*measure_flips(answers.assign(is_late=flipped), "flights", LIMITS)])
    assert list(found.index) == ["flights.arrival_delay_minutes"]
    assert found["size"].iloc[0] < found["expected"].iloc[0] < 0.5
    message = found["message"].iloc[0]
    assert "On 1 days the outcomes contradict what was said; worst on 2013-03-19" in message
