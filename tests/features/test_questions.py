"""Questions: when they are asked, and what is refused."""

import pandas as pd
import pytest

from features.flights import ask, at, make_flight, make_flights
from flight_delays.errors import DataError
from flight_delays.features.questions import Asked

NOON = make_flights(make_flight("1 12:00", block=90))


def test_a_question_counts_whole_minutes() -> None:
    """A fact of 10:00:40 is known from 10:01 on, so a question of 10:00:59 is one of 10:00."""
    late_in_the_minute = NOON.assign(prediction_time=at("1 10:00") + pd.Timedelta(seconds=59))
    asked = Asked(late_in_the_minute)
    assert asked.prediction_minute == at("1 10:00").timestamp() // 60
    assert asked.departing_minute == at("1 12:00").timestamp() // 60
    assert asked.lead_minutes == 120
    assert asked.block == 90


@pytest.mark.parametrize("lead", [0, -1])
def test_after_the_departure_there_is_nothing_to_foretell(lead: int) -> None:
    with pytest.raises(DataError, match="prediction_time is not before its scheduled_departure"):
        Asked(ask(NOON, lead))


def test_one_question_too_late_is_one_too_many() -> None:
    with pytest.raises(DataError, match="lengthen the lead"):
        Asked(pd.concat([ask(NOON, 120), ask(NOON, 0)]))
