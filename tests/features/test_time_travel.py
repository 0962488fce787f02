"""The proof of point in time: what became known later does not change a feature, to the last bit.

Features made from all facts must equal features made from the facts cut at the prediction time.
That the proof can fail is shown by letting each group look one minute into the future.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.flights import ask, at, cut, describe, make_flight, make_flights, make_weather
from flight_delays.features import build, schedule
from flight_delays.features.questions import Asked
from flight_delays.parameters import HistoryFeatures

Tables = tuple[pd.DataFrame, pd.DataFrame]

# Few names and few minutes, so that events often meet, and often fall on a prediction time.
moments = st.builds(
    lambda day, hour, minute: at(f"{day} {hour:02}:{minute:02}"),
    st.integers(1, 3),
    st.integers(6, 11),
    st.sampled_from([0, 1, 58, 59]),
)
delays = st.sampled_from([None, -4, -1, 0, 1, 14, 15, 16, 61, 119, 120, 121, 301])
# Minutes lost on the way. Some land before they left, as tables will have it, some never left.
losses = st.sampled_from([None, -400, -59, -4, -1, 0, 1, 14, 61, 121])


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """Facts of a few days, whole: outcomes and weather of the future included."""
    flights = [
        make_flight(
            draw(moments),
            delay=(delay := draw(delays)),
            arrival_delay=None if (lost := draw(losses)) is None else (delay or 0) + lost,
            block=draw(st.sampled_from([60, 119, 300])),
            carrier=draw(st.sampled_from(["AA", "UA"])),
            origin=draw(st.sampled_from(["JFK", "EWR"])),
            destination=draw(st.sampled_from(["BOS", "LAX"])),
            tail_number=draw(st.sampled_from([None, "N1", "N2"])),
        )
        for _ in range(draw(st.integers(4, 25)))
    ]
    hours = draw(st.lists(st.integers(0, 71), min_size=1, max_size=20, unique=True))
    reports = [
        {
            "observed_at": at("00:00") + pd.Timedelta(hours=hour),
            "origin": draw(st.sampled_from(["JFK", "EWR"])),
            **dict.fromkeys(
                ["temperature_f", "wind_speed_mph", "wind_direction_degrees"],
                draw(st.floats(0, 99)),
            ),
            **dict.fromkeys(["pressure_hpa", "visibility_miles"], draw(st.floats(0, 99))),
        }
        for hour in hours
    ]
    return make_flights(*flights), make_weather(*reports)


def assert_point_in_time(asked: pd.DataFrame, facts: Tables, row: int) -> None:
    """Compare the features of one flight, made from whole and from cut facts."""
    one = asked.iloc[[row]]
    known = cut(*facts, one["prediction_time"].item())
    whole, then = describe(asked, *facts), describe(one, *known)
    pd.testing.assert_frame_equal(whole.iloc[[row]], then, check_exact=True)


def check_random_tables(facts: Tables, row: int, lead: int) -> None:
    """The property, on tables so small that Hypothesis can shrink them."""
    assert_point_in_time(ask(facts[0], lead), facts, row)


RANDOM = given(facts=tables(), row=st.integers(0, 3), lead=st.sampled_from([59, 120, 121]))
UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}

test_features_use_nothing_known_later = settings(max_examples=100, **UNHURRIED)(
    RANDOM(check_random_tables)
)


# The first flight is predicted at 9:59. A minute later one leaves, one lands, a report is known.
EVENTFUL = (
    make_flights(
        make_flight("2 11:59", tail_number="N1"),
        make_flight("2 09:55", tail_number="N1", delay=5),
        make_flight("2 08:00"),
    ),
    make_weather(
        {"observed_at": at("2 08:00"), "visibility_miles": 1},
        {"observed_at": at("2 09:00"), "visibility_miles": 2},
    ),
)


def check_eventful_tables() -> None:
    assert_point_in_time(ask(EVENTFUL[0]), EVENTFUL, row=0)


@pytest.mark.parametrize("group", ["weather", "traffic", "backlog", "aircraft", "history"])
def test_a_minute_of_hindsight_is_found(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property fails as soon as any one group looks a minute past the prediction time."""
    check_eventful_tables()
    maker = f"make_{group}_features"
    monkeypatch.setattr(build, maker, look_ahead(getattr(build, maker)))
    with pytest.raises(AssertionError, match="are different"):
        check_eventful_tables()


def test_hindsight_in_the_schedule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timetable has no outcomes, so this group first has to be given one to look at."""
    monkeypatch.setattr(
        schedule,
        "count_due",
        lambda view: view.count_between(
            "departures", view.asked.prediction_minute, view.asked.prediction_minute + 1
        ),
    )
    with pytest.raises(AssertionError, match="are different"):
        check_eventful_tables()


def look_ahead(make: Callable[..., Any]) -> Callable[..., Any]:
    """Make a group's features as of a minute later, and its history up to then."""

    def change(argument: Any) -> Any:
        if isinstance(argument, HistoryFeatures):
            return argument.model_copy(update={"lag_minutes": 0})
        if isinstance(argument, Asked):
            ahead = copy(argument)
            ahead.prediction_minute = argument.prediction_minute + 1
            return ahead
        return argument

    return lambda *arguments: make(*map(change, arguments))
