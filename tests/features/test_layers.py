"""Facts cut into layers by flight date, in any way, make the same features to the last bit."""

from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.flights import (
    PARAMETERS,
    RULES,
    ask,
    at,
    describe,
    make_flight,
    make_flights,
    make_weather,
)
from features.test_time_travel import AS_DRAWN, Tables, tables
from flight_delays.features import view
from flight_delays.features.aircraft import make_aircraft_features
from flight_delays.features.events import FlightEvents
from flight_delays.features.questions import Asked


def cut_by_date(flights: pd.DataFrame) -> list[pd.DataFrame]:
    return [part for _, part in flights.groupby("flight_date")]


def assert_layers_add_up(facts: Tables, layers: list[pd.DataFrame], lead: int) -> None:
    flights, weather = facts
    first, *more = layers
    asked = ask(flights, lead)
    pd.testing.assert_frame_equal(
        describe(asked, first, weather, *more), describe(asked, flights, weather), check_exact=True
    )


@settings(max_examples=15, phases=AS_DRAWN)
@given(
    facts=tables(),
    layer_of_day=st.lists(st.integers(0, 2), min_size=3, max_size=3),
    lead=st.sampled_from([30, 120, 480]),
    seed=st.integers(0, 9),
)
def test_any_cut_by_flight_date_equals_the_whole(
    facts: Tables, layer_of_day: list[int], lead: int, seed: int
) -> None:
    """Also where flights of one date leave among those of another, and whatever their order."""
    flights, weather = facts
    dates = pd.date_range("2020-03-01", periods=3)
    random = Random(seed)  # noqa: S311
    flights = flights.assign(flight_date=[random.choice(dates) for _ in range(len(flights))])
    layer = flights["flight_date"].map(dict(zip(dates, layer_of_day, strict=True)))
    layers = [part for _, part in flights.groupby(layer)]
    random.shuffle(layers)
    assert_layers_add_up((flights, weather), layers, lead)


# N2 is back from Boston at 22:00 and leaves again at 00:30, the next day: 150 minutes. N1 will be
# back at 09:00.
SEAM = (
    make_flights(
        make_flight("2 12:00", tail_number="N1", delay=None),
        make_flight("2 05:00", tail_number="N1"),
        make_flight("2 00:30", tail_number="N2", carrier="UA"),
        make_flight("1 18:00", tail_number="N2"),
    ),
    make_weather({"observed_at": at("2 08:00"), "visibility_miles": 1}),
)


@pytest.mark.parametrize("part", ["take", "_sum", "find_last"])
def test_a_layer_that_is_left_out_is_found(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The property fails as soon as a kind of statistic looks at the first layer alone."""
    layers = cut_by_date(SEAM[0])
    assert_layers_add_up(SEAM, layers, 120)
    whole = getattr(view.View, part)

    def look_at_one(self: view.View, *arguments: object) -> object:
        one = view.View.__new__(view.View)
        one.layers, one.asked, one._parts = self.layers[:1], self.asked, self._parts[:1]
        return whole(one, *arguments)

    monkeypatch.setattr(view.View, part, look_at_one)
    with pytest.raises((AssertionError, IndexError)):
        assert_layers_add_up(SEAM, layers, 120)


def test_legs_of_the_same_minute_follow_their_schedule_in_whichever_layer() -> None:
    """N2 leaves for Boston and for Los Angeles at 00:10, and at 03:00 is back from the second."""
    flights = make_flights(
        make_flight("2 12:00", tail_number="N1", delay=None),
        make_flight("2 05:00", tail_number="N1"),
        make_flight("1 23:00", tail_number="N2", delay=70, block=60),
        make_flight("2 00:00", tail_number="N2", delay=10, block=60, destination="LAX"),
        make_flight("2 03:00", tail_number="N2"),
    )
    first, second = cut_by_date(flights)
    for layers in ([first, second], [second, first]):
        assert_layers_add_up((flights, SEAM[1]), layers, 120)


def test_an_aircraft_that_turns_round_between_two_layers_is_seen() -> None:
    flights, weather = SEAM
    first, second = cut_by_date(flights)
    features = describe(ask(flights.iloc[[0]]), first, weather, second)
    assert features["aircraft_rotation_slack_minutes"].item() == 3 * 60 - 150


def test_turnarounds_are_logged_anew_for_other_layers_and_other_days() -> None:
    """N2 took 150 minutes on the ninth, which on the 25th is long ago; otherwise 45 are taken."""
    flights = make_flights(
        make_flight("9 05:00", tail_number="N2"),
        make_flight("9 11:30", tail_number="N2"),
        make_flight("10 05:00", tail_number="N1"),
        make_flight("10 12:00", tail_number="N1", delay=None),
        make_flight("25 05:00", tail_number="N1"),
        make_flight("25 12:00", tail_number="N1", delay=None),
    )
    ninth, others = (FlightEvents(part, RULES) for part in (flights[:2], flights[2:]))
    parameters = PARAMETERS.aircraft.model_copy(update={"turnaround_days": 1})

    def tell_slack(row: int, *layers: FlightEvents) -> float:
        asked = Asked(ask(flights.iloc[[row]]))
        made = make_aircraft_features(layers, asked, parameters)
        return float(made["aircraft_rotation_slack_minutes"][0])

    for _ in range(2):
        assert tell_slack(5, ninth, others) == 3 * 60 - 45
        assert tell_slack(3, ninth, others) == 3 * 60 - 150
        assert tell_slack(3, others) == 3 * 60 - 45
