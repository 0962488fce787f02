"""A past day comes as it came then: nothing before it was known."""

import pandas as pd

from features.flights import at, make_flight, make_flights, make_weather
from flight_delays.serving.facts.events import Departed, Landed, Reported, Scheduled
from flight_delays.serving.replay.past_events import list_events, list_timetable

HALF_A_MINUTE = pd.Timedelta(seconds=30)
FLIGHTS = make_flights(
    make_flight("1 12:00", delay=5, arrival_delay=None),
    make_flight("1 12:00", delay=None),
    make_flight("1 10:00", delay=0, arrival_delay=5),
).assign(actual_departure=lambda flights: flights["actual_departure"] + HALF_A_MINUTE)


def test_what_happens_is_told_at_the_next_whole_minute_and_in_order() -> None:
    events = list_events(FLIGHTS, make_weather(), 60)
    assert list(events.items()) == [
        (at("10:01"), [Departed(flight_id="flight-2", at=at("10:00") + HALF_A_MINUTE)]),
        (
            at("12:05"),
            [
                Landed(
                    flight_id="flight-2",
                    at=at("12:05"),
                    diverted=False,
                    arrival_delay_minutes=5,
                    air_time_minutes=90,
                )
            ],
        ),
        (at("12:06"), [Departed(flight_id="flight-0", at=at("12:05") + HALF_A_MINUTE)]),
    ]


def test_one_that_was_diverted_has_no_delay() -> None:
    diverted = FLIGHTS[2:].assign(arrival_delay_minutes=float("nan"))
    _, [landed] = list_events(diverted, make_weather(), 60).values()
    assert isinstance(landed, Landed)
    assert landed.diverted


def test_a_report_is_told_when_its_hour_is_over() -> None:
    weather = make_weather({"observed_at": at("11:00"), "visibility_miles": 2})
    ((minute, [report]),) = list_events(FLIGHTS[:0], weather, 60).items()
    assert minute == at("12:00")
    assert isinstance(report, Reported)
    assert (report.origin, report.observed_at) == ("JFK", at("11:00"))
    assert report.readings["visibility_miles"] == 2


def test_the_timetable_says_nothing_of_outcomes() -> None:
    told, *others = list_timetable(FLIGHTS.assign(flight_number=[1, 2, 3]))
    assert told == Scheduled(
        flight_date="2020-03-01",
        carrier="AA",
        flight_number=1,
        origin="JFK",
        destination="BOS",
        scheduled_departure=at("12:00"),
        scheduled_arrival=at("14:00"),
        distance_miles=750,
    )
    assert [event.flight_id[-7:] for event in others] == ["A_2_JFK", "A_3_JFK"]
