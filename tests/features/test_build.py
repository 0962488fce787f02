"""The features of some flights among the traffic of three days, whole."""

import re
import warnings
from itertools import product
from random import Random

import pandas as pd
import pytest

from features import flights
from features.flights import (
    PARAMETERS,
    RULES,
    ask,
    at,
    make_flight,
    make_flights,
    make_weather,
)
from flight_delays.features.build import make_features
from flight_delays.features.entities import ENTITIES
from flight_delays.features.events import OUTCOMES, FlightEvents
from flight_delays.features.questions import Asked

RANDOM = Random(0)  # noqa: S311
FLIGHTS = make_flights(
    *(
        make_flight(
            f"{day} {hour:02}:{RANDOM.randrange(60):02}",
            delay=(delay := RANDOM.choice([None, *range(-5, 90)])),
            arrival_delay=None if delay is None else delay + RANDOM.randrange(-20, 60),
            block=RANDOM.choice([60, 120]),
            carrier=RANDOM.choice(["AA", "UA"]),
            flight_number=RANDOM.choice([1, 2]),
            tail_number=RANDOM.choice([None, "N1", "N2", "N3"]),
            aircraft_model=RANDOM.choice([None, "A320", "B737"]),
            origin=RANDOM.choice(["JFK", "EWR"]),
            destination=RANDOM.choice(["BOS", "LAX"]),
        )
        for day, hour, _ in product([1, 2, 3], range(6, 20), range(4))
    )
)
READINGS = PARAMETERS.weather.readings
WEATHER = make_weather(
    *(
        {"observed_at": at(f"{day} {hour:02}:00"), "origin": origin}
        | {reading: RANDOM.randrange(100) for reading in READINGS}
        for day, hour, origin in product([1, 2, 3], range(24), ["JFK", "EWR"])
    )
)
ASKED = ask(FLIGHTS.iloc[-20:])
BLANK = FLIGHTS.assign(
    **{name: FLIGHTS[name].mask(FLIGHTS.index.isin(ASKED.index)) for name in OUTCOMES}
)


def describe(
    asked: pd.DataFrame, known: pd.DataFrame = FLIGHTS, weather: pd.DataFrame = WEATHER
) -> pd.DataFrame:
    return flights.describe(asked, known, weather)


def assert_same(features: pd.DataFrame, others: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(features, others, check_exact=True)


def test_the_table_makes_every_feature_vary() -> None:
    """Or else the tests below would compare nothing with nothing."""
    kinds = describe(pd.concat([ask(FLIGHTS, 120), ask(FLIGHTS, 60)])).nunique()
    assert kinds[kinds < 2].empty


def test_rows_follow_the_flights_asked() -> None:
    mixed = ASKED.sample(frac=1, random_state=0)
    assert_same(describe(mixed), describe(ASKED).loc[mixed.index])
    relabelled = describe(ASKED.set_axis(["same"] * len(ASKED)))
    assert_same(relabelled.set_axis(ASKED.index), describe(ASKED))


def test_every_column_is_in_one_group() -> None:
    facts = [FlightEvents(FLIGHTS, RULES)]
    features, groups = make_features(facts, Asked(ASKED), WEATHER, PARAMETERS)
    columns = [column for group in groups.values() for column in group]
    assert columns == features.columns.tolist()
    assert len(columns) == len(set(columns))
    assert 90 <= len(columns) <= 110
    assert set(groups) == {"schedule", "weather", "traffic", "backlog", "aircraft", "history"}


def test_columns_are_named_by_entity_event_statistic_and_window() -> None:
    name = re.compile(rf"({'|'.join([*ENTITIES, 'aircraft'])})(_[a-z]+)+(_\d+[mhd])?")
    others = [column for column in describe(ASKED) if not name.fullmatch(column)]
    assert others == [
        "lead_minutes",
        "carrier",
        "scheduled_departure_local_minute",
        "weekday",
        "block_reserve_minutes",
    ]


def test_features_are_numbers_but_for_two_names() -> None:
    types = describe(ASKED).dtypes
    names = types[types != "float32"]
    assert names.to_dict() == {"carrier": "str", "aircraft_model": "str"}


def test_a_flight_to_come_is_described_like_one_whose_outcome_is_blank() -> None:
    known = FLIGHTS.drop(ASKED.index)
    assert_same(describe(ASKED.drop(columns=OUTCOMES), known), describe(ASKED, BLANK))


def test_outcomes_are_taken_from_the_known_flights_alone() -> None:
    foretold = ASKED.assign(
        actual_departure=at("1 00:00"),
        actual_arrival=at("1 00:01"),
        arrival_delay_minutes=1.0,
        air_time_minutes=1.0,
    )
    for known in (FLIGHTS, BLANK, FLIGHTS.drop(ASKED.index)):
        assert_same(describe(foretold, known), describe(ASKED, known))


@pytest.mark.parametrize("known", [FLIGHTS, FLIGHTS.drop(ASKED.index)], ids=["known", "to come"])
def test_prediction_times_may_differ_in_one_call(known: pd.DataFrame) -> None:
    """Also for the same flights, which are still in the timetable once."""
    leads = [ask(FLIGHTS.loc[ASKED.index], minutes) for minutes in (30, 120, 600)]
    together = describe(pd.concat(leads), known)
    assert_same(together, pd.concat([describe(asked, known) for asked in leads]))


def test_what_is_handed_in_stays_as_it_was() -> None:
    handed_in = ASKED, FLIGHTS, WEATHER
    copies = [table.copy() for table in handed_in]
    describe(*handed_in)
    for table, copy in zip(handed_in, copies, strict=True):
        assert_same(table, copy)


@pytest.mark.parametrize(
    "tables",
    [
        (ASKED, FLIGHTS.iloc[:0], WEATHER),
        (ASKED, FLIGHTS, WEATHER.iloc[:0]),
        (ASKED.iloc[:0], FLIGHTS, WEATHER),
    ],
    ids=["no flights known", "no weather known", "no flights asked"],
)
def test_empty_tables_are_no_error_and_no_warning(
    tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        features = describe(*tables)
    assert features.index.equals(tables[0].index)
    assert features.columns.equals(describe(ASKED).columns)
