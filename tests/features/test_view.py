"""What an entity has been doing up to 10:00 of the tenth, the prediction time in these tables."""

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.flights import RULES, ask_one, at, make_flight, make_flights
from flight_delays.features.events import FlightEvents
from flight_delays.features.questions import Asked
from flight_delays.features.view import View

DEPARTURES = [
    make_flight("10 09:00", delay=1),
    make_flight("10 09:00", delay=0),
    make_flight("10 09:40", delay=20),
    make_flight("10 09:20", delay=41),
    make_flight("10 09:30", delay=10, origin="EWR"),
]
"""At JFK 9:00, 9:01, 10:00 and 10:01; at EWR 9:40."""


@pytest.mark.parametrize(
    ("window", "lag", "delays"),
    [
        (60, 0, [1, 20]),
        (61, 0, [0, 1, 20]),
        (59, 0, [20]),
        (60, -1, [20, 41]),
        (60, 1, [0, 1]),
        (59, 1, [1]),
        (10_000, 100, []),
    ],
)
def test_a_window_is_open_at_its_start_and_closed_at_its_end(
    window: int, lag: int, delays: list[int]
) -> None:
    view = View(*ask_one(*DEPARTURES), "origin")
    assert view.count("departures", window, lag) == len(delays)
    assert view.total("departures", "delay", window, lag) == sum(delays)
    mean = sum(delays) / len(delays) if delays else np.nan
    np.testing.assert_array_equal(view.mean("departures", "delay", window, lag), [mean])


@pytest.mark.parametrize(
    ("columns", "count"),
    [((), 3), (("origin",), 2), (("carrier", "origin"), 2), (("tail_number",), 0)],
    ids=["all", "origin", "carrier at origin", "an aircraft that is not known"],
)
def test_only_the_events_of_the_same_entity_count(columns: tuple[str, ...], count: int) -> None:
    assert View(*ask_one(*DEPARTURES), *columns).count("departures", 60) == count


def test_each_flight_is_answered_for_its_own_entity_and_time() -> None:
    flights = make_flights(*DEPARTURES)
    asked = flights.assign(
        scheduled_departure=at("10 12:00"),
        prediction_time=[
            at(f"10 {time}") for time in ("09:00", "11:01", "10:00", "09:01", "09:39")
        ],
    )
    view = View([FlightEvents(flights, RULES)], Asked(asked), "origin")
    assert view.count("departures", 60).tolist() == [1, 0, 2, 2, 0]


# Due 9:30 and left at 9:50; due 9:40 and left at 10:00; due 9:45 and not left; due 10:00.
WAITING = [
    make_flight("10 09:30", delay=20),
    make_flight("10 09:40", delay=20),
    make_flight("10 09:45", delay=None),
    make_flight("10 10:00", delay=1),
    make_flight("10 10:01", delay=5),
    make_flight("10 09:45", delay=None, origin="EWR"),
]


@pytest.mark.parametrize(
    ("lag", "waiting", "minutes", "minutes_open"),
    [
        (0, 2, 20 + 20 + 15, 15),  # 9:45 and 10:00
        (1, 2, 20 + 19 + 14, 19 + 14),  # 9:40 and 9:45
        (10, 2, 20 + 10 + 5, 10 + 5),  # 9:40 and 9:45
        (11, 3, 19 + 9 + 4, 19 + 9 + 4),  # and 9:30
        (30, 1, 0, 0),  # 9:30
        (31, 0, 0, 0),
        (-119, 1, 20 + 20 + 134 + 1 + 5, 134),  # 9:45, at 11:59
    ],
)
def test_who_waits_and_how_long(lag: int, waiting: int, minutes: int, minutes_open: int) -> None:
    view = View(*ask_one(*WAITING), "origin")
    assert view.count_open("waiting", lag) == waiting
    assert view.minutes_spent("waiting", lag) == minutes
    assert view.minutes_spent("waiting", lag, open_only=True) == minutes_open


@pytest.mark.parametrize(("state", "count"), [("airborne", 3), ("overdue", 2)])
def test_who_is_in_the_air_and_who_is_overdue(state: str, count: int) -> None:
    facts = ask_one(
        make_flight("10 07:30", delay=10, arrival_delay=60),  # due 9:30, lands 10:30
        make_flight("10 08:00", delay=20),  # due 10:00, and so overdue from then on; lands 10:20
        make_flight("10 08:01", delay=0),  # due and lands 10:01
        make_flight("10 07:00", delay=10, arrival_delay=60),  # lands at 10:00
        make_flight("10 09:50", delay=11),
    )
    assert View(*facts).count_open(state) == count


@pytest.mark.parametrize(
    ("after", "until", "count"),
    [("09:00", "09:40", 3), ("08:59", "09:40", 5), ("09:20", "09:39", 1)],
)
def test_events_between_two_minutes(after: str, until: str, count: int) -> None:
    minutes = [to_minute(at(f"10 {time}")) for time in (after, until)]
    assert View(*ask_one(*DEPARTURES)).count_between("scheduled", *minutes) == count


def test_events_of_all_times() -> None:
    assert View(*ask_one(*DEPARTURES)).count_ever("scheduled") == 6
    assert View(*ask_one(*DEPARTURES), "origin").count_ever("departures") == 4
    assert View(*ask_one(*DEPARTURES), "tail_number").count_ever("departures") == 0


@pytest.mark.parametrize(
    ("event", "until", "flight"),
    [
        ("scheduled", "08:59", None),
        ("scheduled", "09:00", "flight-2"),  # of two in the same minute the later by its id
        ("scheduled", "09:39", "flight-4"),
        ("departures", "10:00", "flight-3"),
        ("departures", "10:01", "flight-4"),
    ],
)
@pytest.mark.parametrize("layers", [1, 2, 3, 6])
def test_the_flight_of_the_last_event_in_whatever_layer(
    event: str, until: str, flight: str | None, layers: int
) -> None:
    (facts,), asked = ask_one(*DEPARTURES)
    cut = [facts.table.iloc[part::layers] for part in range(layers)]
    ids = pd.concat(cut, ignore_index=True)["flight_id"]
    view = View([FlightEvents(flights, RULES) for flights in cut], asked, "origin")
    (row,) = view.find_last(event, to_minute(at(f"10 {until}")))
    assert (ids[row] if row >= 0 else None) == flight


@pytest.mark.parametrize("order", [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]])
def test_of_one_minute_the_last_is_the_last_by_schedule_then_by_id(order: list[int]) -> None:
    """All leave at 9:30; due last are the first two of them, at 9:20."""
    (facts,), asked = ask_one(
        *(make_flight(f"10 09:{due}", delay=30 - due) for due in (20, 20, 10))
    )
    cut = [facts.table.iloc[[row]] for row in order]
    view = View([FlightEvents(flights, RULES) for flights in cut], asked)
    (row,) = view.find_last("departures", to_minute(at("10 09:30")))
    assert cut[row]["flight_id"].item() == "flight-2"


def test_attributes_of_flights_found_and_none_where_none_was() -> None:
    (facts,), asked = ask_one(make_flight("10 09:00"), make_flight("10 09:30", block=45))
    cut = [FlightEvents(facts.table.iloc[[row]], RULES) for row in range(3)]
    blocks = View(cut, asked).take("block", np.array([1, -1, 0]))
    np.testing.assert_array_equal(blocks, [45, np.nan, 120])


def to_minute(instant: pd.Timestamp) -> Any:
    return np.array([instant.timestamp() // 60], dtype=np.int64)


Spell = tuple[pd.Timestamp, pd.Timestamp]
HOUR_5, HOUR_12 = timedelta(hours=5), timedelta(hours=12)


def tell_spells(flight: dict[str, Any], state: str) -> list[Spell]:
    """When one flight is in a state, told flight by flight from the definitions."""
    due, left = flight["scheduled_departure"], flight["actual_departure"]
    due_in, landed = flight["scheduled_arrival"], flight["actual_arrival"]
    if state == "waiting":
        given_up = due + HOUR_5
        begin, end = due, given_up if left is pd.NaT else min(left, given_up)
    elif left is pd.NaT:
        return []
    else:
        lost = max(left + (due_in - due), due_in) + HOUR_12
        begin = left if state == "airborne" else max(left, due_in)
        end = lost if landed is pd.NaT else min(landed, lost)
    return [(begin, end)] if begin < end else []


delays = st.sampled_from([None, -20, -1, 0, 1, 15, 60, 300, 301, 900])
flights_of_a_day = st.lists(
    st.builds(
        lambda minute, delay, added, carrier: make_flight(
            at("10 06:00") + timedelta(minutes=minute),
            delay=delay,
            arrival_delay=None if None in (delay, added) else delay + added,
            carrier=carrier,
        ),
        st.integers(0, 300),
        delays,
        delays,
        st.sampled_from(["AA", "UA"]),
    ),
    max_size=8,
)


@given(
    flights_of_a_day, st.sampled_from(["waiting", "airborne", "overdue"]), st.integers(-900, 300)
)
def test_states_agree_with_a_count_flight_by_flight(
    known: list[dict[str, Any]], state: str, lag: int
) -> None:
    view = View(*ask_one(*known), "carrier")
    now = at("10 10:00") - timedelta(minutes=lag)
    flights = [*known, make_flight("10 12:00", delay=None)]
    spells = [
        spell
        for flight in flights
        if flight["carrier"] == "AA"
        for spell in tell_spells(flight, state)
    ]
    open_now = [now - begin for begin, end in spells if begin <= now < end]
    spent = [min(now, end) - begin for begin, end in spells if begin <= now]
    assert view.count_open(state, lag) == len(open_now)
    assert view.minutes_spent(state, lag) == sum(spent, timedelta()).total_seconds() / 60
    minutes_open = view.minutes_spent(state, lag, open_only=True)
    assert minutes_open == sum(open_now, timedelta()).total_seconds() / 60
