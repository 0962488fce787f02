"""Flights whose places or hours cannot be right stop the run."""

from typing import Any

import pytest

from flight_delays.errors import DataError
from tables import make_int_flights


def test_unknown_airports_are_named_with_their_flights_and_the_remedy() -> None:
    flights = [{"dest": "XXX"}, {"dest": "XXX"}, {"origin": "YYY"}, {}]
    with pytest.raises(
        DataError, match=r"XXX \(2 flights\), YYY \(1 flights\).*data_processing.extra_airports"
    ):
        make_int_flights(*flights)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"time_hour": "2013-01-01T11:00:00Z"}, id="an hour later"),
        pytest.param({"time_hour": "2013-01-01T10:15:00Z"}, id="the minute too"),
        pytest.param({"time_hour": "2013-01-01T05:00:00Z"}, id="the local hour"),
        pytest.param({"time_hour": "2013-01-02T10:00:00Z"}, id="the next day"),
        pytest.param({"origin": "IAH", "dest": "EWR"}, id="the time zone of another airport"),
    ],
)
def test_a_time_hour_that_is_not_the_hour_at_the_origin(changes: dict[str, Any]) -> None:
    with pytest.raises(DataError) as error:
        make_int_flights({}, changes)
    origin = changes.get("origin", "EWR")
    assert str(error.value) == (
        "In the table flights, time_hour of 1 flights is not year, month, day and hour in the time "
        f"zone of the origin (2013-01-01_UA_2_{origin}): mend time_hour, or the time zone in "
        "airports.csv, in the delivered tables."
    )


def test_of_many_wrong_hours_the_first_five_are_named() -> None:
    with pytest.raises(DataError, match="of 6 flights") as error:
        make_int_flights(*[{"time_hour": "2013-01-01T11:00:00Z"}] * 6)
    assert str(error.value).count("_UA_") == 5


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"time_hour": "2013-01-01 10:00:00+00:00"}, id="written in another way"),
        pytest.param({"sched_dep_time": 2400}, id="midnight"),
        pytest.param({"month": 7}, id="summer"),
        pytest.param({"month": 11, "day": 3, "sched_dep_time": 105}, id="an hour that comes twice"),
        pytest.param(
            {"month": 11, "day": 3, "sched_dep_time": 105, "time_hour": "2013-11-03T06:00:00Z"},
            id="the second time",
        ),
    ],
)
def test_a_time_hour_that_is_the_hour_at_the_origin(changes: dict[str, Any]) -> None:
    assert len(make_int_flights(changes)) == 1
