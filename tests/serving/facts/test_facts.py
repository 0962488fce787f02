"""Facts as received make the features that tables of the same facts make, to the last bit."""

from random import Random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.flights import (
    PARAMETERS,
    RULES,
    ask,
    at,
    cut,
    describe,
    make_flight,
    make_flights,
    make_weather,
)
from features.test_time_travel import AS_DRAWN, NOW, Tables, tables
from flight_delays.features.build import make_features
from flight_delays.features.events import OUTCOMES
from flight_delays.features.questions import Asked
from flight_delays.serving.facts import facts
from flight_delays.serving.facts.events import Departed, Landed, Reported
from flight_delays.serving.facts.facts import Facts
from flight_delays.serving.replay.past_events import list_events, list_timetable
from serving.boards import make_directory, make_scheduled

DIRECTORY = make_directory()
THAT_DAY = "2020-03-10_AA_1_JFK"


def describe_received(received: Facts, now: pd.Timestamp, asked: pd.DataFrame) -> pd.DataFrame:
    layers, _ = received.make_layers(now)
    return make_features(layers, Asked(asked), received.get_weather(), PARAMETERS)[0]


def name_flights(flights: pd.DataFrame) -> pd.DataFrame:
    """Number flights of the same carrier, origin and day, so that a timetable can name each."""
    number = flights.groupby(["flight_date", "carrier", "origin"]).cumcount() + 1
    flights = flights.assign(flight_number=number)
    return flights.assign(flight_id=[event.flight_id for event in list_timetable(flights)])


@settings(max_examples=8, phases=AS_DRAWN)
@given(
    tables=tables(),
    seed=st.integers(0, 9),
    open_days=st.integers(-1, 2),
    known=st.sampled_from(["nothing", "the timetable", "all that was known an hour before"]),
)
def test_events_in_any_order_of_their_minute_and_twice_make_the_same_features(
    tables: Tables, seed: int, open_days: int, known: str
) -> None:
    """Also where events are about settled days, and whether tables or events brought the rest."""
    flights, weather = name_flights(tables[0]), tables[1]
    random = Random(seed)  # noqa: S311
    start, first = (flights[:0], weather[:0]), NOW - pd.Timedelta(days=9)
    if known == "the timetable":
        start = cut(flights, weather[:0], first)
    elif known != "nothing":
        first = NOW - pd.Timedelta(hours=1)
        start = cut(flights, weather, first)
    received = Facts(*start, DIRECTORY, RULES)
    events: list[Any] = list_timetable(flights) if known == "nothing" else []
    by_minute = list_events(flights, weather, PARAMETERS.weather.known_after_minutes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(facts, "OPEN_DAYS", pd.Timedelta(days=open_days))
        received.make_layers(first)
        for minute in pd.date_range(min(by_minute), NOW, freq="min"):
            events += by_minute.get(minute, []) * 2 if minute > first else []
            random.shuffle(events)
            received.apply(events)
            events = []
        to_come = flights[flights["scheduled_departure"] > NOW].assign(prediction_time=NOW)
        pd.testing.assert_frame_equal(
            describe_received(received, NOW, to_come),
            describe(to_come, flights, weather),
            check_exact=True,
        )


FLIGHTS = make_flights(
    make_flight("10 12:00", delay=None),
    make_flight("10 09:00", delay=None),
    make_flight("7 09:00", delay=0),
    make_flight("7 10:00", delay=200),
)
ASKED = ask(FLIGHTS[:1])
AT_TEN = at("10 10:00")


def change(flights: pd.DataFrame, row: int, **values: Any) -> pd.DataFrame:
    flights = flights.copy()
    for column, value in values.items():
        flights.loc[row, column] = value
    return flights


def receive(*events: Any, flights: pd.DataFrame = FLIGHTS) -> Facts:
    received = Facts(flights, make_weather(), DIRECTORY, RULES)
    received.make_layers(AT_TEN)  # the seventh is settled
    received.apply(events)
    return received


def assert_known(received: Facts, flights: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        describe_received(received, AT_TEN, ASKED),
        describe(ASKED, flights, make_weather()),
        check_exact=True,
    )
    assert not describe(ASKED, flights, make_weather()).equals(
        describe(ASKED, FLIGHTS, make_weather())
    )


LEFT = at("10 09:20")


@pytest.mark.parametrize(
    "events",
    [
        [Departed(flight_id="flight-1", at=LEFT)],
        [Departed(flight_id="flight-1", at=LEFT.tz_convert("US/Eastern"))] * 2,
        [
            Departed(flight_id="flight-1", at=LEFT),
            Departed(flight_id="flight-1", at=at("10 09:10")),
        ],
        [
            Departed(flight_id="flight-1", at=at("10 09:10")),
            Departed(flight_id="flight-1", at=LEFT, revision=1),
        ],
        [
            Departed(flight_id="flight-1", at=LEFT, revision=1),
            Departed(flight_id="flight-1", at=at("10 09:10")),
        ],
    ],
    ids=["once", "twice", "another of the same revision", "corrected", "corrected before"],
)
def test_the_highest_revision_counts_whenever_it_comes(events: list[Departed]) -> None:
    assert_known(receive(*events), change(FLIGHTS, 1, actual_departure=LEFT))


def test_what_is_taken_back_has_not_happened() -> None:
    left = change(FLIGHTS, 1, actual_departure=LEFT)
    received = receive(Departed(flight_id="flight-1", at=None, revision=1), flights=left)
    _, flights = received.make_layers(AT_TEN)
    assert flights["actual_departure"].isna().all()
    pd.testing.assert_frame_equal(
        describe_received(received, AT_TEN, ASKED), describe(ASKED, FLIGHTS, make_weather())
    )


def test_a_settled_day_can_be_corrected() -> None:
    event = Landed(flight_id="flight-2", at=at("7 12:00"), arrival_delay_minutes=60)
    mended = change(FLIGHTS, 2, actual_arrival=at("7 12:00"), arrival_delay_minutes=60)
    assert_known(receive(event), change(mended, 2, air_time_minutes=None))


@pytest.mark.parametrize(("diverted", "delay"), [(False, 25.0), (True, float("nan"))])
def test_a_landing_is_held_against_the_schedule_unless_it_was_diverted(
    diverted: bool, delay: float
) -> None:
    """Due at eleven."""
    landed = Landed(flight_id="flight-1", at=at("10 11:25"), diverted=diverted)
    expected = change(
        FLIGHTS, 1, actual_arrival=landed.at, arrival_delay_minutes=delay, air_time_minutes=None
    )
    received = receive(landed)
    for now in (at("10 11:30"), at("14 11:30")):  # open, and settled
        layers, _ = received.make_layers(now)
        known = pd.concat([layer.table for layer in layers]).set_index("flight_id").sort_index()
        pd.testing.assert_frame_equal(
            known[OUTCOMES], expected.set_index("flight_id")[OUTCOMES], check_names=False
        )


def test_a_flight_of_a_settled_day_may_come_late() -> None:
    late = make_flights(make_flight("7 11:00", delay=None)).assign(flight_id="2020-03-07_AA_1_JFK")
    departed = Departed(flight_id="2020-03-07_AA_1_JFK", at=at("7 14:00"))
    landed = Landed(flight_id="2020-03-07_AA_1_JFK", at=at("7 16:00"), arrival_delay_minutes=180)
    known = change(
        late,
        0,
        actual_departure=departed.at,
        actual_arrival=landed.at,
        arrival_delay_minutes=180.0,
    ).assign(air_time_minutes=float("nan"))
    for events in (
        [*list_timetable(late), departed, landed],
        [departed, landed, *list_timetable(late)],
    ):
        assert_known(receive(*events), pd.concat([FLIGHTS, known], ignore_index=True))


def test_an_outcome_waits_for_its_timetable_also_when_the_day_is_settled_meanwhile() -> None:
    received = receive(Departed(flight_id=THAT_DAY, at=at("10 09:50")))
    received.make_layers(at("11 10:00"))
    new = make_flights(make_flight("10 09:40", delay=None)).assign(flight_id=THAT_DAY)
    received.apply(list_timetable(new))
    known = pd.concat([FLIGHTS, change(new, 0, actual_departure=at("10 09:50"))])
    assert_known(received, known.reset_index(drop=True))


def test_a_flight_of_the_timetable_moves_with_its_newest_revision() -> None:
    flights = FLIGHTS.assign(flight_id=FLIGHTS["flight_id"].replace("flight-1", THAT_DAY))
    moved = {"scheduled_departure": at("10 09:59"), "scheduled_arrival": at("10 11:59")}
    events = [make_scheduled("10 09:59", revision=2), make_scheduled("10 07:00", revision=1)]
    assert_known(receive(*events, flights=flights), change(flights, 1, **moved))


def test_a_report_replaces_the_one_of_the_same_hour() -> None:
    hour, in_new_york = {"observed_at": at("10 08:00")}, at("10 08:00").tz_convert("US/Eastern")
    received = Facts(FLIGHTS, make_weather(hour | {"visibility_miles": 10}), DIRECTORY, RULES)
    received.apply(
        [
            Reported(origin="JFK", observed_at=at("10 08:00"), readings={"visibility_miles": 2}),
            Reported(origin="EWR", observed_at=in_new_york, readings={"visibility_miles": 1}),
            Reported(origin="EWR", observed_at=at("10 08:00"), readings={"visibility_miles": 9}),
        ]
    )
    weather = received.get_weather()
    assert list(zip(weather["origin"], weather["visibility_miles"], strict=True)) == [
        ("EWR", 1),
        ("JFK", 2),
    ]
    assert weather["wind_speed_mph"].isna().all()
    assert weather["observed_at"].dtype == "datetime64[us, UTC]"


def test_the_day_rolls_over_and_the_tables_are_those_that_were_handed_in() -> None:
    before = FLIGHTS.copy()
    received = receive()
    for day in (10, 11, 12, 13, 14):
        layers, flights = received.make_layers(at(f"{day} 00:00"))
        settled = layers[0].table["flight_id"]
        assert sorted([*settled, *flights["flight_id"]]) == [f"flight-{row}" for row in range(4)]
        assert len(flights) == (2 if day <= 12 else 0)
        kept = pd.concat([layer.table for layer in layers]).set_index("flight_id").sort_index()
        pd.testing.assert_frame_equal(
            kept[OUTCOMES], FLIGHTS.set_index("flight_id")[OUTCOMES], check_dtype=True
        )
    pd.testing.assert_frame_equal(FLIGHTS, before)


def test_days_beyond_what_a_question_looks_at_are_left_out_of_the_open_layer() -> None:
    later = make_flights(make_flight("12 23:59"), make_flight("13 00:00"))
    received = Facts(later, make_weather(), DIRECTORY, RULES)
    _, flights = received.make_layers(AT_TEN)
    assert list(flights["flight_id"]) == ["flight-0"]
