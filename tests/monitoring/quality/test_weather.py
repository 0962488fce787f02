"""Hours without weather are counted, and how long a sensor shows one value."""

import numpy as np
import pandas as pd

from flight_delays.monitoring.quality.measures import Measure
from flight_delays.monitoring.quality.past import part_by_period
from flight_delays.monitoring.quality.weather import measure_missing_hours, measure_stuck
from flight_delays.parameters import QualityParameters
from tables import read_parameters

LIMITS = QualityParameters(**read_parameters("monitoring")["quality"] | {"min_stuck_hours": 3})
MARCH = pd.Timestamp("2013-03-01", tz="UTC")


def make(first: str, values: list[float], origin: str = "EWR") -> pd.DataFrame:
    hours = pd.date_range(first, periods=len(values), freq="h", tz="UTC")
    return pd.DataFrame({"origin": origin, "observed_at": hours, "sight": values})


def stick(*tables: pd.DataFrame) -> dict[float, Measure]:
    weather = pd.concat(tables, ignore_index=True).sample(frac=1, random_state=0)
    parted = part_by_period("weather", weather, weather["observed_at"], "2013-03", 12)
    return {measured.size: measured for measured in measure_stuck(parted, ["sight"], LIMITS)}


def count(*tables: pd.DataFrame) -> dict[str, tuple[float, bool]]:
    weather = pd.concat(tables, ignore_index=True)
    parted = part_by_period("weather", weather, weather["observed_at"], "2013-03", 12)
    last = MARCH + pd.Timedelta(hours=99, minutes=30)
    measures = measure_missing_hours(parted, MARCH, last, LIMITS)
    return {measured.place: (measured.size, measured.found) for measured in measures}


def test_hours_are_counted_from_the_first_of_the_month_to_the_last_flight() -> None:
    assert count(make("2013-03-01", [1] * 94), make("2013-03-01", [1] * 93, "JFK")) == {
        "EWR": (0.06, False),
        "JFK": (0.07, True),
    }
    assert count(make("2013-03-01", [1] * 120)) == {"EWR": (0, False)}


def test_an_airport_without_any_weather_in_the_month_has_none_for_all_hours() -> None:
    assert count(make("2013-02-01", [1])) == {"EWR": (1, True)}


def test_a_value_that_stays_is_held_against_the_longest_time_so_far() -> None:
    usual = make("2013-02-01", [10, 10, 10, 4, 4, 10, 10, 5])
    # Clear sight, the commonest, has stayed for 3 hours, other values for 2.
    found = stick(usual, make("2013-03-01", [4, 4, 4, 4, 9, *[10] * 6]))
    assert {hours: (each.expected, each.found) for hours, each in found.items()} == {
        4: (4, False),
        6: (6, False),
    }
    found = stick(usual, make("2013-03-01", [4, 4, 4, 4, 4, 9, *[10] * 7]))
    assert {hours: each.found for hours, each in found.items()} == {5: True, 7: True}
    assert "At EWR weather.sight is 4 for 5 readings from 2013-03-01T00:00Z" in found[5].message


def test_missing_readings_and_other_airports_do_not_count() -> None:
    usual = make("2013-02-01", [1, 2, 3])
    month = make("2013-03-01", [9, 9, np.nan, 9, 7, 1])
    kennedy = make("2013-03-01", [1, 1], "JFK")
    found = stick(usual, month, kennedy)
    # Three hours are not too long, though none was longer than one.
    assert (found[3].place, found[3].expected, found[3].found) == ("EWR", 3, False)
    assert found[2].place == "JFK"


def test_where_nothing_was_before_only_the_commonest_value_may_stay() -> None:
    found = stick(make("2013-03-01", [*[10] * 20, 4, 4, 4, 4]))
    assert {hours: each.found for hours, each in found.items()} == {20: False, 4: True}
