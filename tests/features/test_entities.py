"""Whose past is looked at, and how windows are written."""

from typing import get_args

import pytest

from features.flights import make_board, make_flight
from flight_delays.features import backlog, traffic
from flight_delays.features.entities import ENTITIES, name_window
from flight_delays.features.view import View
from flight_delays.parameters import features as parameters

# Each differs in one thing from a morning flight of AA from JFK, 750 miles north to BOS.
NEIGHBOURS = {
    "twin": {},
    "number": {"flight_number": 2},
    "carrier": {"carrier": "UA"},
    "origin": {"origin": "EWR"},
    "destination": {"destination": "LAX"},
    "sector": {"destination_bearing_degrees": 90.0},
    "haul": {"distance_miles": 2000.0},
    "hour": {"scheduled": "10 08:00"},
}
OTHERS = {
    "network": set(),
    "origin": {"origin"},
    "carrier": {"carrier"},
    "destination": {"destination"},
    "sector": {"sector"},
    "sector_at_origin": {"sector", "origin"},
    "sector_haul": {"sector", "haul"},
    "carrier_at_origin": {"carrier", "origin"},
    "carrier_at_origin_hour": {"carrier", "origin", "hour"},
    "carrier_on_route": {"carrier", "origin", "destination"},
    "carrier_on_route_hour": {"carrier", "origin", "destination", "hour"},
    "flight_at_origin": {"carrier", "number", "origin"},
}


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_is_what_its_name_says(entity: str) -> None:
    flights = [make_flight(**{"scheduled": "10 12:00"} | change) for change in NEIGHBOURS.values()]
    codes = View(make_board(*flights), *ENTITIES[entity]).codes
    same = codes[1:] == codes[0]
    assert {name for name, one in zip(NEIGHBOURS, same, strict=True) if not one} == OTHERS[entity]


@pytest.mark.parametrize(
    ("names", "of_parameters"),
    [
        (ENTITIES, parameters.Entity),
        (traffic.STATISTICS, parameters.TrafficStatistic),
        (backlog.STATISTICS, parameters.BacklogStatistic),
    ],
    ids=["entities", "traffic", "backlog"],
)
def test_parameters_allow_exactly_what_there_is(
    names: dict[str, object], of_parameters: object
) -> None:
    assert list(names) == list(get_args(of_parameters))


@pytest.mark.parametrize(
    ("minutes", "name"),
    [
        (30, "30m"),
        (90, "90m"),
        (60, "1h"),
        (1380, "23h"),
        (1440, "1d"),
        (1500, "25h"),
        (365 * 1440, "365d"),
    ],
)
def test_a_window_is_written_in_its_largest_whole_unit(minutes: int, name: str) -> None:
    assert name_window(minutes) == name
