"""Put together which flights are known, and how late they were."""

import logging

import pandas as pd

from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.events import Told
from flight_delays.serving.facts.outcomes import add_told_outcomes

logger = logging.getLogger(__name__)


def learn_outcomes(
    prm_flights: pd.DataFrame,
    told_events: list[Told],
    int_airports: pd.DataFrame,
    int_planes: pd.DataFrame,
    int_airlines: pd.DataFrame,
) -> pd.DataFrame:
    """Add to the tables what the live board was told, as long as no delivery has brought it.

    Args:
        prm_flights: Facts of the flights.
        told_events: What the live board was told.
        int_airports: Places and time zones.
        int_planes: The register of aircraft.
        int_airlines: The airlines.

    Returns:
        The flights of both, with `arrival_delay_minutes` as far as known.
    """
    directory = Directory(prm_flights, int_airports, int_planes, int_airlines)
    known = add_told_outcomes(prm_flights, told_events, directory)
    more = known["arrival_delay_minutes"].count() - prm_flights["arrival_delay_minutes"].count()
    if more:
        logger.info("%d outcomes are known from the live board only", more)
    return known
