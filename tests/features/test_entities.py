"""Whose past is looked at, and how windows are written."""

from typing import get_args

import pandas as pd
import pytest

from features.flights import make_flight, make_flights
from flight_delays.features import backlog, traffic
from flight_delays.features.entities import ENTITIES, Names, name_window
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
    names = Names(make_flights(make_flight("10 12:00"), *flights))
    asked, *others = names.number_like(names, *ENTITIES[entity])
    assert {
        name for name, other in zip(NEIGHBOURS, others, strict=True) if other != asked
    } == OTHERS[entity]


@pytest.mark.parametrize(
    ("columns", "numbers"),
    [
        ([], [0, 0, 0]),
        (["tail_number"], [0, -1, 0]),
        (["tail_number", "origin"], [0, -1, 1]),
        (["origin", "tail_number"], [0, -1, 1]),
    ],
)
def test_entities_are_numbered_and_missing_names_are_none(
    columns: list[str], numbers: list[int]
) -> None:
    names = Names(
        make_flights(
            make_flight("8:00", tail_number="N1"),
            make_flight("8:00"),
            make_flight("8:00", tail_number="N1", origin="EWR"),
        )
    )
    assert names.number_like(names, *columns).tolist() == numbers


def test_entities_of_other_flights_keep_their_numbers_and_unknown_ones_are_none() -> None:
    known = Names(
        make_flights(
            make_flight("8:00", origin="JFK", carrier="AA"),
            make_flight("8:00", origin="LGA", carrier="UA"),
            make_flight("8:00", origin="EWR", carrier="AA"),
        )
    )
    jfk, lga, ewr = known.number_like(known, "origin", "carrier")
    assert len({jfk, lga, ewr}) == 3
    asked = Names(
        make_flights(
            make_flight("8:00", origin="EWR", carrier="AA"),
            make_flight("8:00", origin="LGA", carrier="UA"),
            make_flight("8:00", origin="SWF", carrier="AA"),
            make_flight("8:00", origin="JFK", carrier="DL"),
            make_flight("8:00", origin="JFK", carrier="UA"),
        )
    )
    *same, unknown_origin, unknown_carrier, new_pair = asked.number_like(known, "origin", "carrier")
    assert same == [ewr, lga]
    assert unknown_origin == unknown_carrier == -1
    assert new_pair not in (jfk, lga, ewr, -1)


@pytest.mark.parametrize(
    ("bearing", "sector"), [(0, 0), (22.4, 0), (22.5, 1), (180, 4), (337.4, 7), (337.5, 0)]
)
def test_sectors_are_centred_on_north(bearing: float, sector: int) -> None:
    flights = make_flights(make_flight("8:00", destination_bearing_degrees=bearing))
    assert Names(flights).number("sector")[1].tolist() == [sector]


@pytest.mark.parametrize(("miles", "is_long"), [(1000, False), (1001, True)])
def test_long_haul_begins_over_1000_miles(miles: float, is_long: bool) -> None:
    flights = make_flights(make_flight("8:00", distance_miles=miles))
    assert Names(flights).number("long_haul")[1].tolist() == [is_long]


def test_the_hour_is_local() -> None:
    evening = pd.Timestamp("2020-03-09 21:30")
    flights = make_flights(make_flight("10 01:30", scheduled_departure_local=evening))
    assert Names(flights).number("local_hour")[1].tolist() == [21]


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
