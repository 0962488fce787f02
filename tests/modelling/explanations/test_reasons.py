"""The three groups that move a probability most, each with the fact that pushes its way."""

import pandas as pd

from flight_delays.modelling.explanations.contributions import Contributions
from flight_delays.modelling.explanations.reasons import tell_reasons

GROUPS = {
    "schedule": ["weekday"],
    "weather": ["origin_visibility_miles", "origin_wind_speed_mph"],
    "backlog": ["origin_waiting", "carrier_waiting"],
    "aircraft": ["aircraft_previous_delay_minutes"],
}
FACTS = {
    "weekday": 0.0,
    "origin_visibility_miles": -0.2,
    "origin_wind_speed_mph": 0.05,
    "origin_waiting": 0.1,
    "carrier_waiting": 0.2,
    "aircraft_previous_delay_minutes": 0.1,
}
VALUES = pd.DataFrame(
    [[4.0, 10.0, 20.0, 19.0, 3.0, 30.0]], columns=[*FACTS], index=["now"], dtype="float32"
)
FLIGHTS = pd.DataFrame({"origin": "LGA", "destination": "ORD", "carrier": "UA"}, index=["now"])


def tell(moves: list[float], values: pd.DataFrame = VALUES) -> str:
    contributions = Contributions(
        ordinary=pd.Series([0.2], index=["now"]),
        groups=pd.DataFrame([moves], columns=[*GROUPS], index=["now"]),
        facts=pd.DataFrame([FACTS], index=["now"]),
    )
    reasons = tell_reasons(contributions, values, FLIGHTS, GROUPS)
    return str(reasons["now"])


def test_the_strongest_three_are_told_whichever_way_they_move() -> None:
    assert tell([0.01, -0.04, 0.22, 0.03]) == (
        "+0.22 3 flights of UA waiting past schedule; -0.04 visibility 10.0 miles at LGA; "
        "+0.03 its aircraft 30 minutes late on the flight before"
    )


def test_the_fact_points_the_way_of_its_group() -> None:
    """The wind alone raises, and by less than the visibility lowers."""
    assert "+0.30 wind 20 mph at LGA" in tell([0, 0.3, 0, 0])


def test_a_group_of_which_no_fact_points_its_way_or_is_known_is_told_by_name() -> None:
    told = tell([-0.3, 0, -0.2, -0.1])
    assert told == (
        "-0.30 its place in the timetable; -0.20 what is due and has not gone; "
        "-0.10 where its aircraft is"
    )
    unknown = VALUES.assign(aircraft_previous_delay_minutes=float("nan"))
    assert tell([0, 0, 0, 0.1], unknown).startswith("+0.10 where its aircraft is")
