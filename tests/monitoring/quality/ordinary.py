"""Three airports for two months, as they usually are, and the limits as delivered."""

import numpy as np
import pandas as pd

from flight_delays.monitoring.quality.past import Parted, part_by_period
from flight_delays.parameters import MonitoringParameters
from tables import read_parameters

PARAMETERS = MonitoringParameters(**read_parameters("monitoring"))
LIMITS = PARAMETERS.quality
PERIOD = "2013-03"
DAYS = pd.date_range("2013-02-01", "2013-03-31")
ORIGINS = ["EWR", "JFK", "LGA"]
FLIGHTS_A_DAY = 40


def make_flights() -> pd.DataFrame:
    """Forty flights a day and airport, most in the morning and in the evening (`PrmFlights`)."""
    random = np.random.default_rng(0)
    rows = len(DAYS) * len(ORIGINS) * FLIGHTS_A_DAY
    day = np.repeat(DAYS, len(ORIGINS) * FLIGHTS_A_DAY)
    peak = random.choice([8, 18], rows) * 60 + random.normal(0, 75, rows)
    local = day + pd.to_timedelta(peak.round(), unit="min")
    delay = np.where(random.random(rows) < 0.03, np.nan, random.gamma(2, 20, rows).round() - 20)
    miles = random.choice([400.0, 800.0, 2400.0], rows)
    return pd.DataFrame(
        {
            "flight_id": [f"flight {row}" for row in range(rows)],
            "flight_date": day,
            "carrier": random.choice(["AA", "B6", "UA"], rows, p=[0.1, 0.4, 0.5]),
            "tail_number": "N1",
            "aircraft_model": random.choice(["A320", None], rows, p=[0.9, 0.1]),
            "origin": np.tile(np.repeat(ORIGINS, FLIGHTS_A_DAY), len(DAYS)),
            "destination": random.choice(["IAH", "LAX", "ORD"], rows),
            "distance_miles": miles,
            "scheduled_departure": (local + pd.Timedelta(hours=5)).tz_localize("UTC"),
            "scheduled_departure_local": local,
            "scheduled_block_minutes": miles / 7,
            "departure_delay_minutes": delay,
            "arrival_delay_minutes": delay,
            "air_time_minutes": np.where(np.isnan(delay), np.nan, miles / 8),
        }
    )


def make_weather() -> pd.DataFrame:
    """A reading each hour and airport (`IntWeather`), four out of five clear and dry."""
    random = np.random.default_rng(0)
    hours = pd.date_range(DAYS[0], DAYS[-1] + pd.Timedelta(hours=30), freq="h", tz="UTC")
    rows = len(hours) * len(ORIGINS)
    rain = random.random(rows) < 0.2
    return pd.DataFrame(
        {
            "origin": np.repeat(ORIGINS, len(hours)),
            "observed_at": np.tile(hours, len(ORIGINS)),
            "temperature_f": random.normal(50, 8, rows),
            "dew_point_f": random.normal(35, 5, rows),
            "humidity_percent": random.normal(60, 9, rows),
            "wind_direction_degrees": random.integers(0, 36, rows) * 10.0,
            "wind_speed_mph": random.integers(3, 15, rows) * 1.15,
            "wind_gust_mph": np.where(random.random(rows) < 0.8, np.nan, 23.0),
            "precipitation_inches": np.where(rain, random.random(rows), 0),
            "pressure_hpa": random.normal(1015, 6, rows),
            "visibility_miles": np.where(rain, random.integers(1, 10, rows), 10.0),
        }
    )


FLIGHTS, WEATHER = make_flights(), make_weather()
IN_MONTH = FLIGHTS["flight_date"] >= "2013-03-01"
WEATHER_IN_MONTH = WEATHER["observed_at"] >= pd.Timestamp("2013-03-01", tz="UTC")


def part(table: pd.DataFrame, moment: str, name: str = "flights") -> Parted:
    """Part a table into March and what was before."""
    return part_by_period(name, table, table[moment], PERIOD, PARAMETERS.usual_months)
