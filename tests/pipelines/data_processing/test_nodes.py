"""Raw rows and the facts that follow from them, worked out on paper.

The ordinary flight leaves Newark (UTC-5) at 05:15 and lands in Houston (UTC-6) at 08:19.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
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
from flight_delays.schemas.raw import RawFlights, RawTimetable
from flight_delays.schemas.reporting import DataQuality
from tables import (
    CANCELLED,
    make_int_airports,
    make_int_flights,
    make_int_weather,
    make_parameters,
    make_prm_flights,
    make_raw_airlines,
    make_raw_airports,
    make_raw_flights,
    make_raw_planes,
    make_raw_timetable,
    make_raw_weather,
    make_target,
)

NO_ARRIVAL = {"arr_delay": None, "air_time": None}


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


def build_flight(**changes: Any) -> pd.Series:
    return make_prm_flights(changes).iloc[0]


class TestTypeFlights:
    def type_months(self, months: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
        return type_flights(months, make_raw_timetable(), make_int_airports(), make_parameters())

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
            "scheduled_arrival": utc("2013-01-01 14:19"),
            "actual_departure": utc("2013-01-01 10:17"),
            "actual_arrival": utc("2013-01-01 14:30"),
            "departure_delay_minutes": 2,
            "arrival_delay_minutes": 11,
            "air_time_minutes": 227,
        }

    def test_the_table_keeps_its_contract_also_where_all_is_missing(self) -> None:
        IntFlights.validate(make_int_flights(CANCELLED))

    def test_months_are_put_together_in_the_order_of_departure(self) -> None:
        raw = make_raw_flights({"sched_dep_time": 900}, {"sched_dep_time": 600}, {"month": 2})
        months = {"2013-02": raw[2:], "2013-01": raw[:2]}
        typed, _ = self.type_months(months)
        assert typed["flight_number"].tolist() == [2, 1, 3]
        assert typed.index.tolist() == [0, 1, 2]

    @pytest.mark.parametrize(
        ("column", "name"), [("tailnum", "tail_number"), ("air_time", "air_time_minutes")]
    )
    def test_a_column_that_one_month_lacks_is_missing_there_and_told(
        self, column: str, name: str
    ) -> None:
        lacking = make_raw_flights({"month": 2}, {"month": 2}).drop(columns=column)
        tables = [RawFlights.validate(table) for table in (make_raw_flights({}), lacking)]
        months = dict(zip(("2013-01", "2013-02"), tables, strict=True))
        flights, quality = self.type_months(months)
        IntFlights.validate(flights)
        assert flights[name].isna().tolist() == [False, True, True]
        assert quality.to_numpy().tolist() == [
            ["flights", column, "the column is delivered", 2, 2 / 3, "2013-02.csv"]
        ]

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

    def test_an_airport_without_a_time_zone_is_unknown(self) -> None:
        airports = make_int_airports().assign(time_zone=None)
        with pytest.raises(DataError, match=r"no time zone.*EWR \(1 flights\), IAH"):
            type_flights(
                {"2013-01": make_raw_flights({})}, make_raw_timetable(), airports, make_parameters()
            )


class TestTypeOtherTables:
    def test_weather_is_named_by_its_units_and_in_utc(self) -> None:
        weather = make_int_weather({})
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

    def test_an_impossible_reading_is_missing_and_told(self) -> None:
        raw = make_raw_weather({"wind_speed": 1048.36}, {"wind_speed": 253.0})
        parameters = make_parameters(max_implausible_share=0.5)
        weather, quality = type_weather(raw, make_int_airports(), parameters)
        assert weather["wind_speed_mph"].fillna(-1).tolist() == [-1, 253]
        assert weather["visibility_miles"].tolist() == [10, 10]
        assert quality.loc[quality["column"] == "wind_speed", "values"].tolist() == [1]

    def test_weather_is_ordered_by_origin_and_time(self) -> None:
        weather = make_int_weather({"origin": "LGA"}, {}, {"time_hour": "2013-01-01T05:00:00Z"})
        assert weather["origin"].tolist() == ["EWR", "EWR", "LGA"]
        assert weather["observed_at"].dt.hour.tolist() == [5, 7, 6]

    @pytest.mark.parametrize(
        ("hours", "told"),
        [
            pytest.param([1, 2, 3], [], id="the local hour"),
            pytest.param([6, 7, None], [(2, 1.0)], id="the hour in UTC"),
            pytest.param([1, 2, 4], [(1, 1 / 3)], id="one is another"),
        ],
    )
    def test_time_hour_counts_and_another_hour_beside_it_is_told(
        self, hours: list[float | None], told: list[tuple[int, float]]
    ) -> None:
        raw = make_raw_weather({}, {}, {}).assign(year=2013, month=1, day=1, hour=hours)
        weather, quality = type_weather(raw, make_int_airports(), make_parameters())
        assert weather["observed_at"].dt.hour.tolist() == [6, 7, 8]
        assert list(zip(quality["values"], quality["share"], strict=True)) == told
        assert set(quality["rule"]) <= {"is year, month, day and hour at the origin"}
        assert set(quality["column"]) <= {"time_hour"}

    def test_the_hour_at_an_unknown_place_is_not_looked_at(self) -> None:
        raw = make_raw_weather({"origin": "XXX"}).assign(year=2013, month=1, day=1, hour=9)
        weather, quality = type_weather(raw, make_int_airports(), make_parameters())
        assert len(weather) == 1
        assert quality.empty

    @pytest.mark.parametrize(
        ("schema", "type_table"),
        [
            (IntWeather, lambda raw, p: type_weather(raw, make_int_airports(), p)),
            (IntPlanes, type_planes),
            (IntAirlines, type_airlines),
        ],
    )
    def test_a_table_of_keys_alone_and_one_without_rows_keep_the_contract(
        self, schema: type, type_table: Callable[..., Any]
    ) -> None:
        make = {
            IntWeather: lambda: make_raw_weather({}, {}),
            IntPlanes: make_raw_planes,
            IntAirlines: make_raw_airlines,
        }[schema]
        raw = make()[[*{"origin", "time_hour", "tailnum", "carrier"} & {*make()}]]
        for rows in (raw, raw.head(0)):
            table, quality = type_table(rows, make_parameters())
            schema.validate(table)
            DataQuality.validate(quality)
            assert len(table) == len(rows)

    def test_planes_lose_their_speed_and_keep_a_missing_year(self) -> None:
        planes, _ = type_planes(make_raw_planes(), make_parameters())
        IntPlanes.validate(planes)
        assert "speed" not in planes
        assert planes["manufactured_year"].fillna(0).tolist() == [1999, 0]

    def test_airlines(self) -> None:
        airlines, _ = type_airlines(make_raw_airlines().assign(remark="x"), make_parameters())
        IntAirlines.validate(airlines)

    def test_airports_that_the_delivery_lacks_are_added(self) -> None:
        airports = make_int_airports()
        IntAirports.validate(airports)
        assert airports["airport"].tolist()[-4:] == ["BQN", "PSE", "SJU", "STT"]
        assert airports["time_zone"].tolist()[-4:] == ["America/Puerto_Rico"] * 4

    def test_a_delivered_airport_wins_over_the_parameters(self) -> None:
        wrong = {"EWR": {"name": "x", "latitude": 0, "longitude": 0, "time_zone": "UTC"}}
        airports = make_int_airports(extra_airports=wrong)
        assert airports.query("airport == 'EWR'")["name"].tolist() == ["Newark Liberty Intl"]

    def test_no_airport_need_be_added(self) -> None:
        airports = make_int_airports(extra_airports={})
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
        flights = make_prm_flights(*delays, late_thresholds_minutes=(threshold,))
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
        here = {"name": "x", "latitude": 0, "longitude": 0, "time_zone": "America/New_York"}
        there = here | {"latitude": latitude, "longitude": longitude}
        places = {"AAA": here, "BBB": there}
        flights = make_prm_flights({"origin": "AAA", "dest": "BBB"}, extra_airports=places)
        assert flights["destination_bearing_degrees"].tolist() == [pytest.approx(bearing)]

    def test_the_bearing_follows_the_great_circle(self) -> None:
        # The worked example of the Aviation Formulary.
        flight = build_flight(origin="LAX", dest="JFK", time_hour="2013-01-01T13:00:00Z")
        assert flight["destination_bearing_degrees"] == pytest.approx(65.9, abs=0.1)


class TestRoughFacts:
    """What may be missing is missing in the facts, and the rest is there."""

    def build(self, raw: pd.DataFrame, airports: pd.DataFrame) -> pd.DataFrame:
        parameters = make_parameters()
        months = {"2013-01": RawFlights.validate(raw)}
        flights, _ = type_flights(months, make_raw_timetable(), airports, parameters)
        facts = build_flights(
            flights,
            airports,
            type_airlines(make_raw_airlines().head(0), parameters)[0],
            type_planes(make_raw_planes().head(0), parameters)[0],
            make_target(15),
        )
        checked: pd.DataFrame = PrmFlights.validate(facts)
        return checked

    def test_flights_of_the_columns_that_must_be_there(self) -> None:
        raw = make_raw_flights({}, {"arr_delay": 20}, {"arr_delay": None})
        rough = ["dep_time", "dep_delay", "arr_time", "tailnum", "air_time", "distance"]
        facts = self.build(raw.drop(columns=rough), make_int_airports())
        assert facts["is_late"].fillna(False).tolist() == [False, True, False]
        assert facts["is_late"].isna().tolist() == [False, False, True]
        missing = ["tail_number", "aircraft_model", "distance_miles", "actual_departure"]
        assert facts[missing].isna().all(axis=None)
        assert facts.loc[0, "actual_arrival"] == utc("2013-01-01 14:30")

    def test_a_place_without_coordinates_has_no_bearing(self) -> None:
        delivered = make_raw_airports().drop(columns=["lat", "name"])
        airports, _ = type_airports(delivered, make_parameters())
        IntAirports.validate(airports)
        facts = self.build(make_raw_flights({}, {"dest": "SJU"}), airports)
        assert facts["destination_bearing_degrees"].isna().all()


def test_no_node_changes_its_inputs() -> None:
    parameters = make_parameters(max_implausible_share=1)
    months = {"2013-01": RawFlights.validate(make_raw_flights({}, CANCELLED, NO_ARRIVAL))}
    weather, airports = make_raw_weather({"wind_speed": 1048.0}), make_raw_airports()
    planes, airlines = make_raw_planes(), make_raw_airlines()
    timetable = RawTimetable.validate(make_raw_timetable({}, {"distance": 0}))
    raw = [*months.values(), timetable, weather, airports, planes, airlines]
    before = [table.copy(deep=True) for table in raw]
    int_airports, _ = type_airports(airports, parameters)
    type_weather(weather, int_airports, parameters)
    typed = [
        type_flights(months, timetable, int_airports, parameters)[0],
        int_airports,
        type_airlines(airlines, parameters)[0],
        type_planes(planes, parameters)[0],
    ]
    before += [table.copy(deep=True) for table in typed]
    build_flights(*typed, make_target(15))
    for table, copy in zip(raw + typed, before, strict=True):
        pd.testing.assert_frame_equal(table, copy)
