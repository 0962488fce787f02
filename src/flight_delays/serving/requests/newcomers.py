"""Flights that are in no timetable: what the board would say of them if they were."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from flight_delays.features.build import make_features
from flight_delays.features.events import OUTCOMES, SCHEDULE, FlightEvents
from flight_delays.features.questions import Asked
from flight_delays.serving.board.answers import FLIGHT
from flight_delays.serving.board.grounds import DAY, Grounds
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.timetable import TimetableFlight

from .checks import Fault, check_flight, count_minutes, tell_instant


class Answered(NamedTuple):
    """What is said of some flights, one row each on the same index.

    Attributes:
        answers: As `ServedModel.answer` gives them.
        features: What they rest on.
    """

    answers: pd.DataFrame
    features: pd.DataFrame


def check_newcomers(
    flights: Mapping[int, TimetableFlight], grounds: Grounds, directory: Directory
) -> dict[int, Fault]:
    """Find the flights that cannot be asked about, and why.

    Args:
        flights: Flights by their number in the request.
        grounds: What they are asked from.
        directory: The airports and carriers that are known.

    Returns:
        The first fault of each that has one, by its number.
    """
    known = grounds.find([flight.flight_id for flight in flights.values()])
    faults: dict[int, Fault] = {}
    numbers: dict[str, int] = {}
    for number, flight in flights.items():
        fault = check_flight(flight, directory) or _check_lead(flight, grounds)
        if flight.flight_id in known:
            fault = Fault(None, f"{flight.flight_id} is in the timetable: look it up at /flights.")
        if fault is None and numbers.setdefault(flight.flight_id, number) != number:
            fault = Fault(
                None, f"Row {numbers[flight.flight_id]} is {flight.flight_id} too: ask once."
            )
        if fault:
            faults[number] = fault
    return faults


def answer_newcomers(
    flights: Mapping[int, TimetableFlight], grounds: Grounds, directory: Directory
) -> Answered:
    """Say of flights what the board would have said at its last tick, had it known them.

    They are asked about together: each counts in the timetable of the others.

    Args:
        flights: Flights by their number, one at least, none of them with a fault.
        grounds: What they are asked from.
        directory: The airports and aircraft that are known.

    Returns:
        The answers, by number.
    """
    rows = [directory.complete(flight) for flight in flights.values()]
    types = grounds.layers[-1].table[SCHEDULE].dtypes
    table = pd.DataFrame(rows, [*flights], SCHEDULE).astype(types)
    asked = table.assign(prediction_time=grounds.now)
    definition = grounds.served.definition.feature_engineering
    features, _ = make_features(
        _join(grounds, table), Asked(asked), grounds.recent_weather, definition
    )
    to_go = asked["scheduled_departure"] - asked["prediction_time"]
    lead = (to_go.dt.total_seconds() / 60).astype(int)
    questions = asked[[*FLIGHT, "prediction_time"]].assign(lead_minutes=lead)
    return Answered(grounds.served.answer(questions, features), features)


def _check_lead(flight: TimetableFlight, grounds: Grounds) -> Fault | None:
    lead = count_minutes(grounds.now, flight.scheduled_departure)
    shortest, longest = grounds.served.leads.shortest_minutes, grounds.served.leads.longest_minutes
    if lead <= 0:
        return Fault(
            "scheduled_departure", f"It is past: the last tick was at {tell_instant(grounds.now)}."
        )
    if not shortest <= lead <= longest:
        return Fault(
            "scheduled_departure",
            f"It is {lead:,.0f} minutes away; version {grounds.served.number} has learnt to look "
            f"{shortest} to {longest} minutes ahead.",
        )
    return None


def _join(grounds: Grounds, table: pd.DataFrame) -> list[FlightEvents]:
    """Join flights to the layers: all flights of one date stand in one, if that matters.

    It does where the day was closed by its last arrival, which they make a later one. Otherwise
    `make_features` puts them into a layer of their own, which costs less.
    """
    if grounds.closed_days.isdisjoint(zip(*(table[name] for name in DAY), strict=True)):
        return grounds.layers
    settled, opened = grounds.layers
    nothing = {
        name: pd.Series(index=table.index, dtype=opened.table[name].dtype) for name in OUTCOMES
    }
    flights = pd.concat([opened.table, table.assign(**nothing)], ignore_index=True)
    return [settled, FlightEvents(flights, opened.rules)]
