"""Raw rows and the facts that follow from them, worked out on paper.

The ordinary flight leaves Newark (UTC-5) at 05:15 and lands in Houston (UTC-6) at 08:19.
"""

from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import TargetParameters
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from flight_delays.schemas.intermediate import (
    IntAirlines,
    IntAirports,
    IntFlights,
    IntPlanes,
    IntWeather,
)
from flight_delays.schemas.primary import PrmFlights
from flight_delays.schemas.raw import RawFlights
from tables import (
    CANCELLED,
    make_int_flights,
    make_parameters,
    make_prm_flights,
    make_raw_airlines,
    make_raw_airports,
    make_raw_flights,
    make_raw_planes,
    make_raw_weather,
)

NO_ARRIVAL = {"arr_delay": None, "air_time": None}


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def build_flight(**changes: Any) -> pd.Series:
    return make_prm_flights(changes).iloc[0]


class TestTypeFlights:
    def test_an_ordinary_flight(self) -> None:
        flights = make_int_flights({"flight": 1545})
        assert flights.iloc[0].to_dict() == {
            "flight_id": "2013-01-01_UA_1545_EWR",
            "flight_date": pd.Timestamp("2013-01-01"),
            "carrier": "UA",
            "flight_number": 1545,
            "tail_number": "N14228",
            "origin": "EWR",
            "destination": "IAH",
            "distance_miles": 1400,
            "scheduled_departure": utc("2013-01-01 10:15"),
            "scheduled_departure_local": pd.Timestamp("2013-01-01 05:15"),
            "scheduled_arrival_clock_minute": 8 * 60 + 19,
            "arrival_clock_minute": 8 * 60 + 30,
            "departure_delay_minutes": 2,
            "arrival_delay_minutes": 11,
            "air_time_minutes": 227,
        }

    def test_the_table_keeps_its_contract_also_where_all_is_missing(self) -> None:
        IntFlights.validate(make_int_flights(CANCELLED))

    def test_months_are_put_together_in_the_order_of_departure(self) -> None:
        raw = make_raw_flights({"sched_dep_time": 900}, {"sched_dep_time": 600}, {"month": 2})
        airports = type_airports(make_raw_airports(), make_parameters())
        typed = type_flights({"2013-02": raw[2:], "2013-01": raw[:2]}, airports)
        assert typed["flight_number"].tolist() == [2, 1, 3]
        assert typed.index.tolist() == [0, 1, 2]

    def test_several_legs_of_a_flight_on_a_day_have_ids_of_their_own(self) -> None:
        flights = make_int_flights({"flight": 1}, {"flight": 1, "origin": "JFK"})
        assert flights["flight_id"].tolist() == ["2013-01-01_UA_1_EWR", "2013-01-01_UA_1_JFK"]

    def test_the_utc_date_may_be_the_next(self) -> None:
        flight = make_int_flights({"sched_dep_time": 2130}).iloc[0]
        assert flight["flight_date"] == pd.Timestamp("2013-01-01")
        assert flight["scheduled_departure"] == utc("2013-01-02 02:30")

    def test_scheduled_at_2400_is_the_next_midnight(self) -> None:
        flight = make_int_flights({"sched_dep_time": 2400}).iloc[0]
        assert flight["scheduled_departure_local"] == pd.Timestamp("2013-01-02 00:00")
        assert flight["scheduled_departure"] == utc("2013-01-02 05:00")

    def test_both_ways_to_write_an_instant_are_read(self) -> None:
        flights = make_int_flights({}, {"time_hour": "2013-01-01 10:00:00+00:00"})
        assert (flights["scheduled_departure"] == utc("2013-01-01 10:15")).all()

    def test_a_missing_tail_number_is_missing_and_not_a_word(self) -> None:
        assert make_int_flights(CANCELLED)["tail_number"].isna().all()

    def test_unknown_airports_are_named_with_their_flights_and_the_remedy(self) -> None:
        flights = [{"dest": "XXX"}, {"dest": "XXX"}, {"origin": "YYY"}, {}]
        with pytest.raises(
            DataError, match=r"XXX \(2 flights\), YYY \(1 flights\).*data_processing.extra_airports"
        ):
            make_int_flights(*flights)

    def test_an_airport_without_a_time_zone_is_unknown(self) -> None:
        airports = type_airports(make_raw_airports().assign(tzone=None), make_parameters())
        with pytest.raises(DataError, match=r"no time zone.*EWR \(1 flights\), IAH"):
            type_flights({"2013-01": make_raw_flights({})}, airports)


class TestTypeOtherTables:
    def test_weather_is_named_by_its_units_and_in_utc(self) -> None:
        weather = type_weather(make_raw_weather({}), make_parameters())
        IntWeather.validate(weather)
        assert weather.dropna(axis=1).iloc[0].to_dict() == {
            "origin": "EWR",
            "observed_at": utc("2013-01-01 06:00"),
            "temperature_f": 39.02,
            "dew_point_f": 26.06,
            "humidity_percent": 59.37,
            "wind_direction_degrees": 270,
            "wind_speed_mph": 10.35702,
            "precipitation_inches": 0,
            "pressure_hpa": 1012,
            "visibility_miles": 10,
        }

    def test_impossible_winds_are_missing_and_the_strongest_possible_stays(self) -> None:
        raw = make_raw_weather(
            {"wind_speed": 1048.36, "wind_gust": 1206.4},
            {"wind_speed": 253.0, "wind_gust": 253.1},
            {"wind_speed": None, "wind_gust": 0.0},
        )
        weather = type_weather(raw, make_parameters(max_wind_speed_mph=253))
        assert weather["wind_speed_mph"].fillna(-1).tolist() == [-1, 253, -1]
        assert weather["wind_gust_mph"].fillna(-1).tolist() == [-1, -1, 0]
        assert weather["visibility_miles"].tolist() == [10, 10, 10]

    def test_weather_is_ordered_by_origin_and_time(self) -> None:
        raw = make_raw_weather({"origin": "LGA"}, {}, {"time_hour": "2013-01-01T05:00:00Z"})
        weather = type_weather(raw, make_parameters())
        assert weather["origin"].tolist() == ["EWR", "EWR", "LGA"]
        assert weather["observed_at"].dt.hour.tolist() == [5, 7, 6]

    def test_planes_lose_their_speed_and_keep_a_missing_year(self) -> None:
        planes = type_planes(make_raw_planes())
        IntPlanes.validate(planes)
        assert "speed" not in planes
        assert planes["manufactured_year"].fillna(0).tolist() == [1999, 0]

    def test_airlines(self) -> None:
        IntAirlines.validate(type_airlines(make_raw_airlines().assign(remark="x")))

    def test_airports_that_the_delivery_lacks_are_added(self) -> None:
        airports = type_airports(make_raw_airports(), make_parameters())
        IntAirports.validate(airports)
        assert airports["airport"].tolist()[-4:] == ["BQN", "PSE", "SJU", "STT"]
        assert airports["time_zone"].tolist()[-4:] == ["America/Puerto_Rico"] * 4

    def test_a_delivered_airport_wins_over_the_parameters(self) -> None:
        wrong = {"EWR": {"name": "x", "latitude": 0, "longitude": 0, "time_zone": "UTC"}}
        airports = type_airports(make_raw_airports(), make_parameters(extra_airports=wrong))
        assert airports.query("airport == 'EWR'")["name"].tolist() == ["Newark Liberty Intl"]

    def test_no_airport_need_be_added(self) -> None:
        airports = type_airports(make_raw_airports(), make_parameters(extra_airports={}))
        IntAirports.validate(airports)
        assert len(airports) == len(make_raw_airports())


class TestBuildFlights:
    def test_an_ordinary_flight(self) -> None:
        flight = build_flight()
        assert flight["carrier_name"] == "United Air Lines Inc."
        assert flight["aircraft_model"] == "737-824"
        assert flight["scheduled_arrival"] == utc("2013-01-01 14:19")
        assert flight["scheduled_block_minutes"] == 4 * 60 + 4
        assert flight["actual_departure"] == utc("2013-01-01 10:17")
        assert flight["actual_arrival"] == utc("2013-01-01 14:30")

    def test_the_table_keeps_its_contract(self) -> None:
        PrmFlights.validate(make_prm_flights({}, CANCELLED, NO_ARRIVAL))

    @pytest.mark.parametrize(
        ("changes", "scheduled_arrival"),
        [
            pytest.param({"sched_arr_time": 2400}, "2013-01-02 05:00", id="2400"),
            pytest.param({"sched_arr_time": 20}, "2013-01-02 05:20", id="next day"),
            pytest.param(
                {"dest": "LAX", "sched_dep_time": 2130, "sched_arr_time": 10},
                "2013-01-02 08:10",
                id="next day in a zone to the west",
            ),
            pytest.param(
                {"dest": "IAH", "sched_dep_time": 1200, "sched_arr_time": 1145},
                "2013-01-01 17:45",
                id="west faster than the sun",
            ),
            pytest.param(
                {"dest": "SJU", "sched_dep_time": 515, "sched_arr_time": 1000},
                "2013-01-01 14:00",
                id="an airport of the parameters",
            ),
            pytest.param(
                {"month": 3, "day": 9, "sched_arr_time": 310}, "2013-03-10 07:10", id="spring"
            ),
            pytest.param(
                {"month": 11, "day": 2, "sched_arr_time": 310}, "2013-11-03 08:10", id="autumn"
            ),
        ],
    )
    def test_the_scheduled_arrival(self, changes: dict[str, Any], scheduled_arrival: str) -> None:
        flight = build_flight(**{"dest": "BOS", "sched_dep_time": 2255} | changes)
        assert flight["scheduled_arrival"] == utc(scheduled_arrival)

    def test_a_flight_that_left_after_midnight_belongs_to_the_scheduled_day(self) -> None:
        flight = build_flight(sched_dep_time=2359, dep_time=50, dep_delay=51)
        assert flight["actual_departure"] == utc("2013-01-02 05:50")
        assert flight["flight_date"] == pd.Timestamp("2013-01-01")

    def test_a_delay_of_more_than_a_day(self) -> None:
        flight = build_flight(dep_time=517, dep_delay=1442, arr_delay=1451)
        assert flight["actual_departure"] == utc("2013-01-02 10:17")
        assert flight["actual_arrival"] == utc("2013-01-02 14:30")

    def test_a_cancelled_flight_has_a_schedule_and_no_outcome(self) -> None:
        flight = build_flight(**CANCELLED)
        assert flight["scheduled_arrival"] == utc("2013-01-01 14:19")
        assert flight[["actual_departure", "actual_arrival", "is_late"]].isna().all()

    def test_a_diverted_flight_that_never_arrived(self) -> None:
        flight = build_flight(arr_time=None, **NO_ARRIVAL)
        assert flight["actual_departure"] == utc("2013-01-01 10:17")
        assert flight[["actual_arrival", "is_late"]].isna().all()

    @pytest.mark.parametrize(
        ("arr_time", "arrival"),
        [(1030, "2013-01-01 16:30"), (2400, "2013-01-02 06:00"), (410, "2013-01-02 10:10")],
    )
    def test_a_diverted_flight_that_arrived_in_the_end(self, arr_time: int, arrival: str) -> None:
        flight = build_flight(arr_time=arr_time, **NO_ARRIVAL)
        assert flight["actual_arrival"] == utc(arrival)
        assert pd.isna(flight["is_late"])

    @pytest.mark.parametrize(
        ("threshold", "late"), [(15, [False, True, True, None]), (16, [False, False, True, None])]
    )
    def test_late_is_the_threshold_or_more(self, threshold: int, late: list[bool | None]) -> None:
        delays = [{"arr_delay": delay} for delay in (14, 15, 16, None)]
        flights = make_prm_flights(*delays, late_threshold_minutes=threshold)
        assert [None if pd.isna(value) else value for value in flights["is_late"]] == late

    @pytest.mark.parametrize(
        ("tail_number", "model"), [("N24211", "737-824"), ("N00000", None), (None, None)]
    )
    def test_an_unknown_aircraft_has_no_model(
        self, tail_number: str | None, model: str | None
    ) -> None:
        found = build_flight(tailnum=tail_number)["aircraft_model"]
        assert (None if pd.isna(found) else found) == model

    def test_a_carrier_without_a_name_is_kept(self) -> None:
        flight = build_flight(carrier="XX")
        assert flight["carrier"] == "XX"
        assert pd.isna(flight["carrier_name"])

    @pytest.mark.parametrize(
        ("latitude", "longitude", "bearing"), [(1, 0, 0), (0, 1, 90), (-1, 0, 180), (0, -1, 270)]
    )
    def test_the_bearing_runs_clockwise_from_north(
        self, latitude: int, longitude: int, bearing: int
    ) -> None:
        here = {"name": "x", "latitude": 0, "longitude": 0, "time_zone": "UTC"}
        there = here | {"latitude": latitude, "longitude": longitude}
        places = {"AAA": here, "BBB": there}
        flights = make_prm_flights({"origin": "AAA", "dest": "BBB"}, extra_airports=places)
        assert flights["destination_bearing_degrees"].tolist() == [pytest.approx(bearing)]

    def test_the_bearing_follows_the_great_circle(self) -> None:
        # The worked example of the Aviation Formulary.
        flight = build_flight(origin="LAX", dest="JFK")
        assert flight["destination_bearing_degrees"] == pytest.approx(65.9, abs=0.1)


def test_no_node_changes_its_inputs() -> None:
    parameters = make_parameters()
    months = {"2013-01": RawFlights.validate(make_raw_flights({}, CANCELLED, NO_ARRIVAL))}
    weather, airports = make_raw_weather({"wind_speed": 1048.0}), make_raw_airports()
    planes, airlines = make_raw_planes(), make_raw_airlines()
    raw = [*months.values(), weather, airports, planes, airlines]
    before = [table.copy(deep=True) for table in raw]
    type_weather(weather, parameters)
    int_airports = type_airports(airports, parameters)
    typed = [
        type_flights(months, int_airports),
        int_airports,
        type_airlines(airlines),
        type_planes(planes),
    ]
    before += [table.copy(deep=True) for table in typed]
    build_flights(*typed, TargetParameters(late_threshold_minutes=15))
    for table, copy in zip(raw + typed, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)
