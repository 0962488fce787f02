"""Open outcomes are held against other airports and months, known ones against what was said."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.monitoring.quality.measures import Measure
from flight_delays.monitoring.quality.outcomes import measure_flips, measure_open
from flight_delays.monitoring.quality.past import part_by_period
from flight_delays.parameters import QualityParameters
from tables import read_parameters

LIMITS = QualityParameters(**read_parameters("monitoring")["quality"] | {"min_flights": 4})


def make(day: str, origin: str, known: int, unknown: int) -> pd.DataFrame:
    delay = [5.0] * known + [np.nan] * unknown
    rows = {"flight_date": pd.Timestamp(day), "origin": origin, "arrival_delay_minutes": delay}
    return pd.DataFrame(rows)


def measure(*tables: pd.DataFrame) -> dict[str, Measure]:
    flights = pd.concat(tables, ignore_index=True)
    parted = part_by_period("flights", flights, flights["flight_date"], "2013-03", 12)
    return {measured.place: measured for measured in measure_open(parted, ["origin"], LIMITS)}


def test_an_airport_is_held_against_the_others_of_the_month() -> None:
    # As in a month that is not over: of the others a third and a half are open.
    others = make("2013-03-01", "JFK", 4, 2), make("2013-03-01", "LGA", 3, 3)
    found = measure(*others, make("2013-03-01", "EWR", 1, 4))
    assert found["EWR"].size == 0.8
    assert found["EWR"].expected == pytest.approx(5 / 12 + 0.2)
    assert {origin: each.found for origin, each in found.items()} == {
        "EWR": True,
        "JFK": False,
        "LGA": False,
    }


def test_an_airport_alone_is_held_against_its_own_worst_month() -> None:
    before = make("2013-01-01", "EWR", 2, 2), make("2013-02-01", "EWR", 4, 0)
    (found,) = measure(*before, make("2013-03-01", "EWR", 3, 7)).values()
    assert (found.expected, found.found) == (0.7, False)
    (found,) = measure(*before, make("2013-03-01", "EWR", 2, 8)).values()
    assert found.found


def test_an_airport_alone_in_its_first_month_and_few_flights_tell_nothing() -> None:
    assert measure(make("2013-03-01", "EWR", 0, 9)) == {}
    assert list(measure(make("2013-03-01", "EWR", 4, 0), make("2013-03-01", "JFK", 0, 3))) == [
        "EWR"
    ]


def answer(day: str, late: list[bool]) -> pd.DataFrame:
    said = np.linspace(0.1, 0.9, len(late))
    rows = {"flight_date": pd.Timestamp(day), "late_probability": said, "is_late": late}
    return pd.DataFrame(rows)


def test_a_day_is_flipped_if_its_auc_surely_is_below_a_half() -> None:
    # Of 4 late and 4 punctual flights the standard error is sqrt(9 / 192) = .217: below .067.
    right, wrong = [False] * 4 + [True] * 4, [True] * 4 + [False] * 4
    nearly = [True, True, False, True, True, False, False, False]  # 2 of 16 pairs agree: .125
    days = [answer("2013-03-01", right), answer("2013-03-02", nearly)]
    (measured,) = measure_flips(pd.concat(days), "flights", LIMITS)
    assert measured.size == 0.125
    assert measured.expected == pytest.approx(0.5 - 2 * np.sqrt(9 / 192))
    assert not measured.found
    (measured,) = measure_flips(pd.concat([*days, answer("2013-03-03", wrong)]), "flights", LIMITS)
    assert (measured.size, measured.found) == (0, True)
    assert "On 1 days" in measured.message
    assert "2013-03-03" in measured.message


def test_days_on_which_all_or_none_were_late_tell_nothing() -> None:
    assert [*measure_flips(answer("2013-03-01", [True] * 9), "flights", LIMITS)] == []
    assert [*measure_flips(answer("2013-03-01", [False] * 9), "flights", LIMITS)] == []
