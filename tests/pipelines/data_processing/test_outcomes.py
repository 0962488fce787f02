"""A flight that contradicts itself keeps its schedule and loses its outcome."""

from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.pipelines.data_processing.nodes import type_flights
from flight_delays.pipelines.data_processing.outcomes import OUTCOMES
from flight_delays.schemas.intermediate import IntFlights
from tables import (
    CANCELLED,
    make_int_airports,
    make_int_flights,
    make_parameters,
    make_raw_flights,
    make_raw_timetable,
)

RETURNED = CANCELLED | {"dep_time": 515}  # to its gate
DIVERTED = {"arr_time": None, "arr_delay": None, "air_time": None}


def type_months(
    months: dict[str, pd.DataFrame], **parameters: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    processing = make_parameters(**parameters)
    return type_flights(months, make_raw_timetable(), make_int_airports(), processing)


def type_three(**changes: Any) -> tuple[pd.DataFrame, list[list[Any]]]:
    """An ordinary, a changed and a cancelled flight; and what was found."""
    raw = make_raw_flights({}, changes, CANCELLED)
    flights, quality = type_months({"2013-01": raw}, max_implausible_share=1)
    IntFlights.validate(flights)
    return flights, quality.to_numpy().tolist()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        (RETURNED, "no dep_time without dep_delay"),
        ({"dep_delay": None} | DIVERTED, "no dep_time without dep_delay"),
        ({"dep_time": None}, "no dep_delay without dep_time"),
        (CANCELLED | {"arr_time": 830}, "no arr_time without dep_delay"),
        (CANCELLED | {"arr_delay": 11}, "no arr_delay without dep_delay"),
        ({"arr_time": None}, "no arr_delay without arr_time"),
        ({"arr_delay": -240, "dep_delay": 4}, "lands after it left"),
        ({"arr_delay": -240, "dep_delay": 5}, "lands after it left"),
    ],
)
def test_a_contradiction(changes: dict[str, Any], rule: str) -> None:
    flights, found = type_three(**changes)
    assert flights.loc[1, OUTCOMES].isna().all()
    assert found == [["flights", "outcome", rule, 1, 0.5, "2013-01-01_UA_2_EWR"]]
    ordinary, changed = flights.loc[0], flights.loc[1]
    schedule = flights.columns.difference([*OUTCOMES, "flight_id", "flight_number", "tail_number"])
    assert (ordinary[schedule] == changed[schedule]).all()
    assert ordinary[OUTCOMES].notna().all()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(DIVERTED, id="diverted"),
        pytest.param({"arr_delay": None, "air_time": None}, id="diverted, arrived in the end"),
        pytest.param({"air_time": None}, id="no air time"),
        pytest.param({"arr_delay": -239, "dep_delay": 4}, id="a minute of flight"),
    ],
)
def test_no_contradiction(changes: dict[str, Any]) -> None:
    flights, found = type_three(**changes)
    assert flights.loc[1, "actual_departure"] == flights.loc[1, "scheduled_departure"] + (
        pd.Timedelta(minutes=changes.get("dep_delay", 2))
    )
    assert found == []


@pytest.mark.parametrize("column", ["dep_time", "dep_delay", "arr_time"])
@pytest.mark.parametrize("delivered", [True, False])
def test_a_column_without_values_denies_nothing(column: str, delivered: bool) -> None:
    raw = make_raw_flights({}, CANCELLED).assign(**{column: None})
    raw = raw if delivered else raw.drop(columns=column)
    flights, quality = type_months({"2013-01": raw})
    assert flights["actual_arrival"].notna().tolist() == [True, False]
    assert quality["column"].tolist() == [] if delivered else [column]


@pytest.mark.parametrize("column", ["dep_time", "dep_delay", "arr_time"])
def test_a_month_whose_file_lacks_a_column_keeps_its_outcomes_and_the_others_are_held_against_it(
    column: str,
) -> None:
    months = {
        "2013-01": make_raw_flights({}, {column: None}),
        "2013-02": make_raw_flights({"month": 2}, {"month": 2}).drop(columns=column),
    }
    flights, quality = type_months(months, max_implausible_share=0.5)
    assert flights["arrival_delay_minutes"].notna().tolist() == [True, False, True, True]
    told = quality[["column", "values", "first"]].to_numpy().tolist()
    assert told == [[column, 2, "2013-02.csv"], ["outcome", 1, "2013-01-01_UA_2_EWR"]]


@pytest.mark.parametrize(
    ("column", "value"), [("dep_time", 1260), ("dep_delay", 99999), ("arr_time", "noon")]
)
def test_a_value_that_cannot_be_true_is_no_contradiction(column: str, value: Any) -> None:
    flights, found = type_three(**{column: value})
    assert flights["actual_arrival"].notna().tolist() == [True, True, False]
    assert pd.isna(flights.loc[1, "actual_departure"]) == (column == "dep_delay")
    assert [row[1] for row in found] == [column]


def test_a_flight_that_contradicts_itself_twice_counts_once() -> None:
    _, found = type_three(dep_delay=None)
    assert found == [
        ["flights", "outcome", "no dep_time without dep_delay", 1, 0.5, "2013-01-01_UA_2_EWR"]
    ]


@pytest.mark.parametrize("share", [0.5, 0.4])
def test_too_many_contradictions_stop_the_run(share: float) -> None:
    flights = [{}, RETURNED, CANCELLED]
    if share == 0.5:
        assert len(make_int_flights(*flights, max_implausible_share=share)) == 3
    else:
        told = (
            r"flights, 50 % of outcome cannot be true \(no dep_time without .* 2013-01-01_UA_2_EWR"
        )
        with pytest.raises(DataError, match=told):
            make_int_flights(*flights, max_implausible_share=share)


def test_a_fraction_of_a_minute_makes_no_other_type() -> None:
    flights = make_int_flights({"dep_time": 530, "dep_delay": 14.5, "arr_delay": 20.25})
    assert flights["actual_departure"].dtype == flights["scheduled_departure"].dtype
    assert flights["actual_arrival"].dtype == flights["scheduled_departure"].dtype
