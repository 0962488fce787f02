"""Columns are held against the months before, at each airport."""

import numpy as np
import pandas as pd

from flight_delays.monitoring.quality.measures import Measure
from flight_delays.monitoring.quality.past import Parted, part_by_period
from flight_delays.monitoring.quality.values import measure_missing, measure_units
from flight_delays.parameters import QualityParameters
from tables import read_parameters

LIMITS = QualityParameters(**read_parameters("monitoring")["quality"] | {"min_values": 4})


def make(months: dict[str, list[float]], origin: str = "EWR") -> pd.DataFrame:
    rows = [(month, value) for month, values in months.items() for value in values]
    days = pd.to_datetime([month for month, _ in rows])
    return pd.DataFrame({"day": days, "origin": origin, "wind": [value for _, value in rows]})


def part(table: pd.DataFrame, usual_months: int = 12) -> Parted:
    return part_by_period("weather", table, table["day"], "2013-03", usual_months)


def measure(months: dict[str, list[float]], *others: pd.DataFrame) -> list[Measure]:
    table = pd.concat([make(months), *others], ignore_index=True)
    return [*measure_units(part(table), ["wind"], LIMITS)]


def test_only_so_many_months_before_count_and_none_after() -> None:
    table = make({"2012-02": [1], "2012-03": [2], "2013-02": [3], "2013-03": [4], "2013-04": [5]})
    assert list(part(table).past["wind"]) == [2, 3]
    assert list(part(table).month["wind"]) == [4]
    assert list(part(table, usual_months=1).past["wind"]) == [3]


def test_missing_is_held_against_the_worst_month_of_the_airport() -> None:
    nan = np.nan
    table = pd.concat(
        [
            make({"2013-01": [nan, 1, 1, 1], "2013-02": [1, 1, 1, 1], "2013-03": [nan, nan, 1, 1]}),
            make({"2013-01": [1, 1], "2013-03": [1, 1]}, "JFK"),
            make({"2013-03": [nan]}, "LGA"),  # of which nobody knows what is usual
        ],
        ignore_index=True,
    )
    newark, kennedy = measure_missing(part(table), ["wind"], LIMITS)
    assert newark[1:6] == ("weather.wind", "EWR", 0.5, 0.25 + 0.15, True)
    assert newark.message == (
        "At EWR 50 % of weather.wind are missing, in the worst month before 25 %."
    )
    assert (kennedy.place, kennedy.size, kennedy.found) == ("JFK", 0, False)


def test_a_typical_value_may_be_a_little_outside_of_what_was() -> None:
    before = {"2013-01": [10.0] * 4, "2013-02": [20.0] * 4}
    for value, expected, found in (
        (30.9, 20, False),
        (31.1, 20, True),
        (6.5, 10, False),
        (6.4, 10, True),
    ):
        (measured,) = measure(before | {"2013-03": [value] * 4})
        assert (measured.size, measured.expected, measured.found) == (value, expected, found)


def test_the_typical_value_is_the_median_size_of_what_is_not_zero() -> None:
    before = {"2013-01": [-10.0, 10, 10, 10]}
    (measured,) = measure(before | {"2013-03": [0, 0, 0, 0, 0, -3, 2, 4, 2, np.nan]})
    assert measured.size == 2.5
    assert "typically is 2.5, 0.25 times the least of the months before (10)" in measured.message


def test_few_values_and_columns_that_mostly_are_zero_tell_nothing() -> None:
    assert measure({"2013-01": [1.0] * 4, "2013-03": [9.0] * 3}) == []
    assert measure({"2013-01": [0, 0, 0, 1.0], "2013-03": [9.0] * 4}) == []
    assert measure({"2013-03": [9.0] * 4}) == []


def test_the_months_of_all_airports_tell_what_is_usual() -> None:
    kennedy = make({"2013-01": [30.0] * 4}, "JFK")
    (measured,) = measure({"2013-01": [10.0] * 4, "2013-03": [40.0] * 4}, kennedy)
    assert (measured.expected, measured.found) == (30, False)
