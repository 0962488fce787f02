"""Where aircraft N1 is at 10:00, and whether it can be back at JFK and turned round by noon."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from features.flights import ask_one, make_flight
from flight_delays.features.aircraft import make_aircraft_features
from flight_delays.parameters import AircraftFeatures

PARAMETERS = AircraftFeatures(
    turnaround_days=3, longest_turnaround_minutes=180, default_turnaround_minutes=45
)
UNKNOWN = {
    "aircraft_hours_since_departure": np.nan,
    "aircraft_inbound_slack_minutes": np.nan,
    "aircraft_rotation_slack_minutes": np.nan,
    "aircraft_rotation_shortfall_minutes": np.nan,
    "aircraft_previous_delay_minutes": np.nan,
    "aircraft_previous_landing_delay_minutes": np.nan,
}


def describe(*known: dict[str, Any], **asked: Any) -> dict[str, float]:
    layers, question = ask_one(*known, **{"tail_number": "N1"} | asked)
    columns = make_aircraft_features(layers, question, PARAMETERS)
    return {name: np.asarray(columns[name]).item() for name in UNKNOWN}


def leg(scheduled: str, **changes: Any) -> dict[str, Any]:
    return make_flight(scheduled, **{"tail_number": "N1"} | changes)


# Two hours out, as long back, 45 minutes on the ground there: it has to land there by 9:15.
@pytest.mark.parametrize(
    ("legs", "hours", "inbound", "rotation", "delay", "landing"),
    [
        ([leg("10 07:00", delay=10, arrival_delay=20)], 4 + 50 / 60, -5, -5, 20, 20),
        ([leg("10 06:30", delay=0)], 5.5, 45, 45, 0, 0),
        ([leg("10 07:00", delay=60, arrival_delay=60)], 4, -45, -45, 60, 60),
        ([leg("10 07:00", delay=60, arrival_delay=61)], 4, -45, -45, 60, 60),
        ([leg("10 08:30", delay=10, arrival_delay=-10)], 3 + 20 / 60, -85, -85, 10, 10),
        ([leg("10 07:00", delay=10, arrival_delay=90)], 4 + 50 / 60, -45, -45, 60, 60),
        ([leg("10 09:00", delay=60)], 2, -165, -165, 60, 60),
        ([leg("10 09:00", delay=61)], np.nan, np.nan, -165, 60, 60),
        ([leg("10 09:30", delay=None)], np.nan, np.nan, -165, 30, 30),
        ([leg("10 10:30", block=60)], np.nan, np.nan, -75, 0, 0),
        # Twice an hour out and back; the second still stands here.
        ([leg("10 06:00", block=60), leg("10 09:30", block=60, delay=None)], 6, 195, -45, 30, 30),
    ],
    ids=[
        "landed",
        "landed in time",
        "lands this minute",
        "lands in the next, as expected",
        "is expected ten minutes late",
        "should have landed by 9:10, may land now",
        "leaves this minute",
        "leaves in the next, may leave now",
        "waits, may leave now",
        "is not due yet",
        "the last that left is not the last that is due",
    ],
)
def test_legs_before(
    legs: list[dict[str, Any]],
    hours: float,
    inbound: float,
    rotation: float,
    delay: float,
    landing: float,
) -> None:
    assert describe(*legs) == pytest.approx(
        {
            "aircraft_hours_since_departure": hours,
            "aircraft_inbound_slack_minutes": inbound,
            "aircraft_rotation_slack_minutes": rotation,
            "aircraft_rotation_shortfall_minutes": max(0, -rotation),
            "aircraft_previous_delay_minutes": delay,
            "aircraft_previous_landing_delay_minutes": landing,
        },
        nan_ok=True,
    )


@pytest.mark.parametrize(
    ("arrival_delay", "known_delay"),
    [(0, 0), (1, 60), (-80, -60)],
    ids=["lands this minute", "lands in the next: delay of its departure", "clipped"],
)
def test_a_landing_is_known_from_its_minute(arrival_delay: float, known_delay: float) -> None:
    """The leg left an hour late and makes up for it on the way."""
    previous = leg("10 08:00", delay=60, arrival_delay=arrival_delay)
    assert describe(previous)["aircraft_previous_delay_minutes"] == known_delay


@pytest.mark.parametrize(
    "other",
    [
        leg("10 07:00", tail_number="N2"),
        leg("10 12:00", delay=None),
        leg("10 12:01", delay=None),
    ],
    ids=["another aircraft", "in the same minute", "later"],
)
def test_other_legs_do_not_count(other: dict[str, Any]) -> None:
    assert describe(other) == pytest.approx(UNKNOWN, nan_ok=True)


def test_a_leg_of_the_minute_before_counts() -> None:
    assert describe(leg("10 11:59", delay=None))["aircraft_previous_delay_minutes"] == 0


@pytest.mark.parametrize(("delay", "told"), [(390, 390), (401, 400)])
def test_a_delay_of_many_hours_is_clipped(delay: int, told: float) -> None:
    late = leg("9 22:00", delay=delay, block=60)
    assert describe(late)["aircraft_previous_delay_minutes"] == told


@pytest.mark.parametrize(("due", "delay"), [("5:00", np.nan), ("5:01", 299)])
def test_a_leg_that_has_not_left_for_five_hours_is_given_up(due: str, delay: float) -> None:
    unheard_of = leg(f"10 {due}", delay=None, arrival_delay=None)
    np.testing.assert_equal(describe(unheard_of)["aircraft_previous_delay_minutes"], delay)


def test_a_leg_that_is_known_to_have_landed_is_not_given_up() -> None:
    """Due at 2:00 and not seen to leave, but landed at 8:05, five minutes late."""
    landed = leg("10 02:00", delay=None, arrival_delay=5, block=360)
    assert describe(landed)["aircraft_previous_delay_minutes"] == 5
    unheard_of = leg("10 02:00", delay=None, arrival_delay=None, block=360)
    assert np.isnan(describe(unheard_of)["aircraft_previous_delay_minutes"])


def test_a_missing_tail_number_is_not_an_aircraft() -> None:
    nobodys = leg("10 07:00", tail_number=None)
    assert describe(nobodys, tail_number=None) == pytest.approx(UNKNOWN, nan_ok=True)


@pytest.mark.parametrize(("time", "is_seen"), [("9 12:00", False), ("9 12:01", True)])
def test_after_a_day_only_the_hours_are_told(time: str, is_seen: bool) -> None:
    columns = describe(leg(time))
    assert columns.pop("aircraft_hours_since_departure") == pytest.approx(24, abs=0.1)
    assert np.isnan(list(columns.values())).tolist() == [not is_seen] * 5


@pytest.mark.parametrize("model", ["A320", None])
def test_the_model_is_handed_on(model: str | None) -> None:
    columns = make_aircraft_features(*ask_one(aircraft_model=model), PARAMETERS)
    expected = pd.Series([model], dtype="str", name="aircraft_model")
    pd.testing.assert_series_equal(columns["aircraft_model"], expected)


def turn(minutes: float, day: int = 9, **changes: Any) -> list[dict[str, Any]]:
    """An aircraft that lands at 8:00 and leaves JFK again so long after, two hours' way back."""
    away = leg(f"{day} 06:00", **{"tail_number": f"N{minutes + 1000}"} | changes)
    return [away, away | leg(f"{day} 10:00", delay=minutes, tail_number=away["tail_number"])]


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        ([], 45),
        ([*turn(60), *turn(40)], 50),
        ([*turn(180), *turn(181), *turn(0), *turn(-5)], 180),
        ([*turn(60, destination="LAX"), *turn(90)], 90),
        ([*turn(60, origin="EWR"), *turn(90)], 75),
        (turn(60, arrival_delay=None), 45),
        (turn(60, day=6), 45),
        ([*turn(60, day=10), *turn(30, day=7)], 30),
        (turn(60, tail_number=None), 45),
        ([leg("9 06:00", tail_number="N2"), leg("9 11:00", tail_number="N3")], 45),
    ],
    ids=[
        "none seen",
        "mean",
        "too long or too short",
        "at another destination",
        "of another origin counts",
        "never landed",
        "too long ago",
        "not seen yet",
        "of no aircraft",
        "of two aircraft",
    ],
)
def test_turnarounds_are_learned_by_destination(
    turns: list[dict[str, Any]], expected: float
) -> None:
    """N1 landed at 9:00 and needs two hours back: slack is an hour less the turnaround."""
    slack = describe(leg("10 07:00"), *turns)["aircraft_rotation_slack_minutes"]
    assert 60 - slack == expected


@pytest.mark.parametrize(("leaves", "expected"), [(60, 60), (61, 45)])
def test_a_turnaround_is_known_when_the_aircraft_leaves_again(leaves: int, expected: float) -> None:
    """Landed at 7:00, two hours back, leaves at 10:00 or a minute later."""
    turns = leg("10 05:00", tail_number="N2"), leg("10 09:00", delay=leaves, tail_number="N2")
    assert 60 - describe(leg("10 07:00"), *turns)["aircraft_rotation_slack_minutes"] == expected


@pytest.mark.parametrize(("left", "late", "expected"), [("11:00", 9780, 60), ("10:59", 9781, 45)])
def test_a_leg_of_more_than_a_week_is_no_turnaround(left: str, late: int, expected: float) -> None:
    """Landed at 8:00 on the ninth, two hours back, leaves at 11:00: an hour, or the default."""
    away = leg(f"2 {left}", tail_number="N2", delay=0, arrival_delay=late)
    turn = away, leg("9 10:00", delay=60, tail_number="N2")
    assert 60 - describe(leg("10 07:00"), *turn)["aircraft_rotation_slack_minutes"] == expected
