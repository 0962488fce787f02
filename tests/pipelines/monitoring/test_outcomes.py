"""Outcomes come from the tables, and until these have them from the live board."""

import logging

import pytest

from features.flights import at, make_flight, make_flights
from flight_delays.pipelines.monitoring.outcomes import learn_outcomes
from flight_delays.serving.facts.events import Landed
from serving.boards import AIRLINES, AIRPORTS, PLANES


def test_outcomes_of_the_board_are_added_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    """One of two open flights has landed."""
    flights = make_flights(*[make_flight("1 12:00", delay=None)] * 2)
    landed = Landed(flight_id="flight-1", at=at("1 14:30"))
    with caplog.at_level(logging.INFO):
        known = learn_outcomes(flights, [landed], AIRPORTS, PLANES, AIRLINES)
    assert known["arrival_delay_minutes"].fillna(-1).tolist() == [-1, 30]
    assert caplog.messages == ["1 outcomes are known from the live board only"]
    caplog.clear()
    assert learn_outcomes(flights, [], AIRPORTS, PLANES, AIRLINES).equals(flights)
    assert not caplog.messages
