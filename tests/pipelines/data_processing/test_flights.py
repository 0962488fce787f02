"""Flights of a timetable are flights without an outcome, unless a month tells of them."""

from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.pipelines.data_processing.nodes import type_flights
from flight_delays.pipelines.data_processing.outcomes import OUTCOMES
from flight_delays.schemas.intermediate import IntFlights
from flight_delays.schemas.raw import RAW_OUTCOMES, RawFlights, RawTimetable
from tables import make_int_airports, make_parameters, make_raw_flights, make_raw_timetable

NO_OUTCOME = dict.fromkeys(RAW_OUTCOMES)


def type_both(
    flights: pd.DataFrame, timetable: pd.DataFrame, **parameters: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    months = {"2013-01": RawFlights.validate(flights)}
    return type_flights(
        months,
        RawTimetable.validate(timetable),
        make_int_airports(),
        make_parameters(**parameters),
    )


def test_a_flight_to_come_has_its_schedule_and_no_outcome() -> None:
    flights, quality = type_both(make_raw_flights({}), make_raw_timetable({"day": 2}))
    IntFlights.validate(flights)
    told, to_come = flights.iloc[0], flights.iloc[1]
    assert told["arrival_delay_minutes"] == 11
    assert to_come[OUTCOMES].isna().all()
    assert to_come.drop(OUTCOMES).to_dict() == {
        "flight_id": "2013-01-02_UA_1_EWR",
        "flight_date": pd.Timestamp("2013-01-02"),
        "carrier": "UA",
        "flight_number": 1,
        "tail_number": "N14228",
        "origin": "EWR",
        "destination": "IAH",
        "distance_miles": 1400,
        "scheduled_departure": pd.Timestamp("2013-01-02 10:15", tz="UTC"),
        "scheduled_departure_local": pd.Timestamp("2013-01-02 05:15"),
        "scheduled_arrival": pd.Timestamp("2013-01-02 14:19", tz="UTC"),
    }
    assert quality.empty


def test_it_is_all_one_whether_they_stand_in_a_month_or_in_a_timetable() -> None:
    left = [{"flight": 1}, {"flight": 2, "sched_dep_time": 900}]
    to_come = [{"flight": 3, "sched_dep_time": 700}, {"flight": 4, "day": 2, "tailnum": None}]
    in_months = make_raw_flights(*left, *[flight | NO_OUTCOME for flight in to_come])
    expected, _ = type_both(in_months, make_raw_timetable())
    assert expected["flight_number"].tolist() == [1, 3, 2, 4]
    timetable = make_raw_timetable(*to_come)
    for delivered in (timetable, timetable.assign(**NO_OUTCOME)):
        flights, _ = type_both(make_raw_flights(*left), delivered)
        pd.testing.assert_frame_equal(flights, expected)


def test_of_a_flight_that_a_month_has_the_month_counts_and_their_number_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    months = make_raw_flights(
        {"arr_delay": 20}, {"sched_arr_time": 830} | NO_OUTCOME, {"flight": 9}
    )
    timetable = make_raw_timetable({"dest": "BOS"}, {}, {})
    with caplog.at_level("INFO", logger="flight_delays"):
        flights, _ = type_both(months, timetable)
    assert flights["flight_number"].tolist() == [1, 2, 3, 9]
    assert flights["destination"].tolist() == ["IAH"] * 4
    assert flights["arrival_delay_minutes"].fillna(-1).tolist() == [20, -1, -1, 11]
    assert flights["scheduled_arrival"].dt.minute.tolist() == [19, 30, 19, 19]
    assert caplog.messages == [
        "2 of the 3 flights in timetable.csv stand in flights/<month>.csv too, which counts"
    ]


def test_where_no_month_has_them_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="flight_delays"):
        type_both(make_raw_flights({}), make_raw_timetable({"day": 2}))
        type_both(make_raw_flights({}), make_raw_timetable())
    assert caplog.messages == []


def test_an_empty_timetable_is_nothing_to_tell_of() -> None:
    flights, quality = type_both(make_raw_flights({}), make_raw_timetable())
    assert len(flights) == 1
    assert quality.empty


def test_what_cannot_be_true_or_is_not_delivered_is_missing_and_told_of_the_timetable() -> None:
    months = make_raw_flights({"distance": 0})
    timetable = make_raw_timetable({"day": 2, "distance": 20000}, {"day": 2})
    flights, quality = type_both(months, timetable.drop(columns="tailnum"), max_implausible_share=1)
    assert flights["distance_miles"].fillna(-1).tolist() == [-1, -1, 1400]
    assert flights["tail_number"].isna().tolist() == [False, True, True]
    assert quality.to_numpy().tolist() == [
        ["flights", "distance", "in_range(1, 12500)", 1, 1, "2013-01-01_UA_1_EWR"],
        ["timetable", "tailnum", "the column is delivered", 2, 1, ""],
        ["timetable", "distance", "in_range(1, 12500)", 1, 0.5, "2013-01-02_UA_1_EWR"],
    ]


def test_too_much_that_cannot_be_true_stops_the_run() -> None:
    timetable = make_raw_timetable({"day": 2, "distance": 20000}, {"day": 2})
    with pytest.raises(DataError, match="In the table timetable, 50 % of distance cannot be true"):
        type_both(make_raw_flights({}), timetable)


def test_its_airports_must_be_known() -> None:
    with pytest.raises(DataError, match=r"XXX \(1 flights\).*extra_airports"):
        type_both(make_raw_flights({}), make_raw_timetable({"dest": "XXX"}))


def test_its_hours_must_be_those_at_the_origin() -> None:
    wrong = {"day": 2, "time_hour": "2013-01-02T11:00:00Z"}
    with pytest.raises(DataError, match=r"In the table timetable, .*2013-01-02_UA_2_EWR"):
        type_both(make_raw_flights({}), make_raw_timetable({"day": 2}, wrong))
