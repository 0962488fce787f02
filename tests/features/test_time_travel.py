"""The proof of point in time: what became known later does not change a feature, to the last bit.

Features made from all facts must equal features made from the facts cut at the prediction time.
That the proof can fail is shown by letting each group look one minute into the future.
"""

from collections.abc import Callable
from copy import copy
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from features import flights
from features.flights import PARAMETERS, at, cut, describe, make_flight, make_flights, make_weather
from flight_delays.features import build, schedule
from flight_delays.features.questions import Asked
from flight_delays.parameters import HistoryFeatures

Tables = tuple[pd.DataFrame, pd.DataFrame]

NOW = at("2 09:00")
# Few names and few minutes, so that events often meet, and often at the edge of what is known.
moments = st.builds(
    lambda day, hour, minute: at(f"{day} {hour:02}:{minute:02}"),
    st.integers(1, 2),
    st.integers(6, 11),
    st.sampled_from([0, 1, 59]),
)
around_now = st.sampled_from([-1, 0, 1, 2]).map(lambda minutes: NOW + pd.Timedelta(minutes=minutes))
delays = st.sampled_from([None, -4, -1, 0, 1, 14, 15, 16, 61, 119, 120, 121, 301])
# Minutes lost on the way. Some land before they left, as tables will have it, some never left.
losses = st.sampled_from([None, -400, -59, -4, -1, 0, 1, 14, 61, 121])


@st.composite
def some_flights(draw: st.DrawFn) -> dict[str, Any]:
    """A flight that left and landed at any time, or about now, or not at all."""
    flight = make_flight(
        draw(moments),
        delay=(delay := draw(delays)),
        arrival_delay=None if (lost := draw(losses)) is None else (delay or 0) + lost,
        block=draw(st.sampled_from([60, 119, 300])),
        carrier=draw(st.sampled_from(["AA", "UA"])),
        origin=draw(st.sampled_from(["JFK", "EWR"])),
        destination=draw(st.sampled_from(["BOS", "LAX"])),
        tail_number=draw(st.sampled_from([None, "N1", "N2"])),
    )
    event = draw(st.sampled_from([None, "actual_departure", "actual_arrival"]))
    return flight | (
        {event: draw(around_now), "arrival_delay_minutes": 5, "air_time_minutes": 50}
        if event
        else {}
    )


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    """Facts of a few days, whole: outcomes and weather of the future included."""
    timetable = draw(st.lists(some_flights(), min_size=15, max_size=25))
    reports = [
        {
            "observed_at": draw(around_now) - pd.Timedelta(hours=hours),
            "origin": origin,
            **dict.fromkeys(PARAMETERS.weather.readings, draw(st.integers(0, 9))),
        }
        for hours in range(-1, 6)
        for origin in ("JFK", "EWR")
    ]
    asked = make_flight("2 11:00", delay=None, tail_number="N1")
    return make_flights(asked, *timetable), make_weather(*reports)


def check_point_in_time(facts: Tables) -> None:
    """Ask now about all flights that are still to leave, with and without the future."""
    flights, _ = facts
    to_come = flights[flights["scheduled_departure"] > NOW].assign(prediction_time=NOW)
    whole, then = describe(to_come, *facts), describe(to_come, *cut(*facts, NOW))
    pd.testing.assert_frame_equal(whole, then, check_exact=True)


RANDOM = given(facts=tables())
# Each example takes a quarter of a second: to find the smallest would take five minutes.
AS_DRAWN = [Phase.explicit, Phase.reuse, Phase.generate]

test_features_use_nothing_known_later = settings(max_examples=20, phases=AS_DRAWN)(
    RANDOM(check_point_in_time)
)


def assert_found() -> None:
    """The property fails, on the tables that Hypothesis draws always."""
    search = settings(max_examples=40, derandomize=True, database=None, phases=[Phase.generate])
    with pytest.raises(AssertionError, match="are different"):
        search(RANDOM(check_point_in_time))()


@pytest.mark.parametrize("group", ["weather", "traffic", "backlog", "aircraft", "history"])
def test_a_minute_of_hindsight_is_found(group: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property fails as soon as any one group looks a minute past the prediction time."""
    maker = f"make_{group}_features"
    monkeypatch.setattr(build, maker, look_ahead(getattr(build, maker)))
    assert_found()


def test_hindsight_in_the_schedule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The timetable has no outcomes, so this group first has to be given one to look at."""
    monkeypatch.setattr(
        schedule,
        "count_due",
        lambda view: view.count_between(
            "departures", view.asked.prediction_minute, view.asked.prediction_minute + 1
        ),
    )
    assert_found()


def test_weather_that_is_known_sooner_than_it_can_be_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The report labelled 13:00 is made from what was seen until 14:00, whatever conf says."""
    sooner = PARAMETERS.weather.model_copy(update={"known_after_minutes": 59})
    parameters = PARAMETERS.model_copy(update={"weather": sooner})
    monkeypatch.setattr(flights, "PARAMETERS", parameters)
    assert_found()


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
