"""What cannot be true is refused by its field; all else is taken."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from features.flights import at, make_flight
from flight_delays.serving.facts.events import Cancelled, Departed, Landed, Reported, Told
from flight_delays.serving.requests.checks import check_events, check_flight
from serving.boards import make_board, make_directory, make_scheduled

NOW = at("10 10:00")
# Due in two hours; in the air since 09:05 and due to land at eleven; landed at 08:00.
BOARD = make_board(
    make_flight("10 12:00", delay=None, carrier="XX"),
    make_flight("10 09:00", delay=5, arrival_delay=None),
    make_flight("10 06:00", delay=0, arrival_delay=0),
)
BOARD.tick(NOW)


def find_faults(*events: Told) -> list[str | None]:
    found = check_events(events, BOARD.grounds, BOARD.directory, NOW)
    return [fault and fault.field for fault in found]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"origin": "XXX"}, "origin"),
        ({"destination": "XXX"}, "destination"),
        ({"destination": "NIL"}, "destination"),  # its time zone is not known
        ({"carrier": "ZZ"}, "carrier"),
        ({"carrier": "XX"}, None),  # in no table of airlines, but it flies
        ({"block": 0}, "scheduled_arrival"),
        ({"block": 1}, None),
        ({"block": 999}, None),
        ({"block": 1000}, "scheduled_arrival"),
        ({"block": 90.5}, "scheduled_arrival"),
        ({"scheduled": at("10 12:00:30")}, "scheduled_departure"),
        ({"flight_date": at("8 00:00")}, "flight_date"),
        ({"flight_date": at("9 00:00")}, None),
        ({"flight_date": at("11 00:00")}, None),
        ({"flight_date": at("12 00:00")}, "flight_date"),
    ],
)
def test_a_flight_of_a_timetable_is_held_against_what_is_known(
    changes: dict[str, Any], field: str | None
) -> None:
    flight = make_scheduled(**({"scheduled": "10 12:00"} | changes))
    fault = check_flight(flight, BOARD.directory)
    assert (fault and fault.field) == field


def test_the_date_is_that_of_the_clocks_at_the_origin() -> None:
    """At 23:00 UTC on the tenth it is the eleventh in Auckland, so the twelfth is the day after."""
    directory = make_directory()
    flight = make_scheduled("10 23:00", flight_date=at("12 00:00"))
    assert check_flight(flight, directory) is not None
    directory.zones["JFK"] = ZoneInfo("Pacific/Auckland")
    assert check_flight(flight, directory) is None


@pytest.mark.parametrize(("day", "field"), [("7", "flight_date"), ("8", None)])
def test_a_timetable_of_days_that_are_closed_comes_too_late(day: str, field: str | None) -> None:
    assert find_faults(make_scheduled(f"{day} 12:00")) == [field]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (Departed(flight_id="flight-0", at=at("10 10:10")), None),
        (Departed(flight_id="flight-0", at=at("10 10:11")), "at"),
        (Departed(flight_id="flight-0", at=None), None),
        (Departed(flight_id="none", at=at("10 10:11")), "at"),
        (Landed(flight_id="flight-1", at=at("10 10:11")), "at"),
        (Reported(origin="JFK", observed_at=at("10 10:10"), readings={}), None),
        (Reported(origin="JFK", observed_at=at("10 10:11"), readings={}), "observed_at"),
        (Reported(origin="XXX", observed_at=at("10 09:00"), readings={}), "origin"),
        (Landed(flight_id="none", at=NOW, diverted=True), None),
        (
            Landed(flight_id="none", at=NOW, diverted=True, arrival_delay_minutes=0),
            "arrival_delay_minutes",
        ),
        (Cancelled(flight_id="none"), None),
    ],
)
def test_what_is_still_to_come_or_of_nowhere_or_contradicts_itself_is_refused(
    event: Told, field: str | None
) -> None:
    assert find_faults(event) == [field]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (Landed(flight_id="flight-1", at=at("10 09:05")), "at"),
        (Landed(flight_id="flight-1", at=at("10 09:06")), None),
        (Departed(flight_id="flight-2", at=at("10 08:00")), "at"),
        (Departed(flight_id="flight-2", at=at("10 07:59")), None),
        # In no timetable: nothing is known of it.
        (Landed(flight_id="none", at=at("2 09:00")), None),
        # Due at 12:00, at 11:00 and at 08:00: two hours early, four hours early, three days late.
        (Departed(flight_id="flight-0", at=at("10 10:00")), None),
        (Departed(flight_id="flight-0", at=at("10 09:59")), "at"),
        (Landed(flight_id="flight-0", at=at("10 10:00")), None),
        (Landed(flight_id="flight-0", at=at("10 09:59")), "at"),
    ],
)
def test_what_contradicts_what_is_known_of_the_flight_is_refused(
    event: Told, field: str | None
) -> None:
    assert find_faults(event) == [field]


def test_a_delay_of_more_than_three_days_is_not_believed() -> None:
    """Due on the second; on the tenth they are of a settled day."""
    board = make_board(make_flight("2 12:00", delay=None))
    board.tick(NOW)
    for moment, expected in (("5 12:00", None), ("5 12:01", "at")):
        event = Departed(flight_id="flight-0", at=at(moment))
        [fault] = check_events([event], board.grounds, board.directory, NOW)
        assert (fault and fault.field) == expected


def test_events_of_one_request_are_held_against_each_other() -> None:
    """The landing is refused, in whichever order they come."""
    left = Departed(flight_id="none", at=at("10 09:00"))
    for landed_at, expected in (("10 09:00", "at"), ("10 09:01", None)):
        landed = Landed(flight_id="none", at=at(landed_at))
        assert find_faults(left, landed) == [None, expected]
        assert find_faults(landed, left) == [expected, None]


def test_of_several_revisions_the_highest_is_held_against_the_others() -> None:
    """Said to have left at 08:50, then at 09:30; it landed at 09:20, and then at 09:40."""
    revised = [
        Departed(flight_id="flight-1", at=at("10 09:30"), revision=1),
        Departed(flight_id="flight-1", at=at("10 08:50")),
    ]
    early, late = (Landed(flight_id="flight-1", at=at(f"10 09:{minute}")) for minute in (20, 40))
    assert find_faults(*revised, early) == [None, None, "at"]
    assert find_faults(*revised, late) == [None, None, None]


def test_a_departure_may_be_corrected_together_with_its_landing() -> None:
    left = Departed(flight_id="flight-2", at=at("10 08:30"), revision=1)
    assert find_faults(left) == ["at"]
    assert find_faults(left, Landed(flight_id="flight-2", at=NOW, revision=1)) == [None, None]
    taken_back = Landed(flight_id="flight-2", at=None, revision=1)
    assert find_faults(left, taken_back) == [None, None]


def test_a_departure_is_held_against_the_schedule_that_comes_with_it() -> None:
    moved = make_scheduled("10 20:00")
    assert find_faults(Departed(flight_id=moved.flight_id, at=NOW)) == [None]
    assert find_faults(Departed(flight_id=moved.flight_id, at=NOW), moved) == ["at", None]


def test_what_is_refused_itself_is_held_against_nothing() -> None:
    to_come = Departed(flight_id="flight-1", at=at("10 10:30"), revision=1)
    assert find_faults(to_come, Landed(flight_id="flight-1", at=at("10 09:30"))) == ["at", None]


def test_a_fault_is_told_with_what_to_do() -> None:
    event = Landed(flight_id="flight-1", at=at("10 09:05").tz_convert("US/Eastern"))
    [fault] = check_events([event], BOARD.grounds, BOARD.directory, NOW)
    assert fault is not None
    assert fault.reason == "It is not after the departure, 2020-03-10T09:05Z."
