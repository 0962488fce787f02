"""What follows from a timetable is what data processing makes of the same flight."""

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.features.events import SCHEDULE
from flight_delays.pipelines.data_processing.nodes import type_airlines, type_planes
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.replay.past_events import list_timetable
from serving.boards import AIRLINES, AIRPORTS, make_directory, make_scheduled
from tables import (
    make_int_airports,
    make_parameters,
    make_prm_flights,
    make_raw_airlines,
    make_raw_planes,
)


def derive(flights: pd.DataFrame, directory: Directory) -> pd.DataFrame:
    rows = [directory.complete(told) for told in list_timetable(flights)]
    return pd.DataFrame(rows, columns=SCHEDULE).astype(flights[SCHEDULE].dtypes.to_dict())


def test_a_row_is_that_of_the_tables_to_the_last_bit() -> None:
    """Over the day when clocks change and into other time zones, with a known aircraft or none."""
    flights = make_prm_flights(
        {},
        {"month": 3, "day": 10, "dest": "HNL", "tailnum": "N24211"},
        {"month": 11, "day": 3, "sched_dep_time": 2359, "dest": "LAX", "tailnum": None},
        {"month": 7, "origin": "JFK", "dest": "BOS", "tailnum": "NONE", "distance": 187},
    )
    tables = [
        make_int_airports(),
        type_planes(make_raw_planes(), make_parameters())[0],
        type_airlines(make_raw_airlines(), make_parameters())[0],
    ]
    pd.testing.assert_frame_equal(
        derive(flights, Directory(flights, *tables)), flights[SCHEDULE], check_exact=True
    )


def test_without_a_distance_it_is_that_of_the_great_circle() -> None:
    """From JFK to BOS it is two degrees of the meridian, of 69.1 miles each."""
    directory = make_directory()
    told = directory.complete(make_scheduled("1 12:00", distance_miles=None))
    assert told["distance_miles"] == pytest.approx(2 * 69.1, abs=0.1)
    assert directory.complete(make_scheduled("1 12:00"))["distance_miles"] == 750


def test_aircraft_and_airlines_need_not_be_known() -> None:
    flights = make_prm_flights({})
    nobody = AIRLINES[:0], pd.DataFrame({"tail_number": [], "model": []}, dtype="str")
    directory = Directory(flights, AIRPORTS, nobody[1], nobody[0])
    assert directory.complete(make_scheduled("1 12:00", tail_number="N7"))["aircraft_model"] is None
    assert directory.carriers == {"UA"}


def test_an_airport_that_is_known_no_more_is_told_with_the_flight() -> None:
    directory = make_directory()
    del directory.zones["JFK"]
    with pytest.raises(DataError, match=r"2020-03-01_AA_1_JFK .* JFK has no row .* add it again"):
        directory.complete(make_scheduled("1 12:00"))
