"""Make the features of given flights from what is known so far.

Training, batch scoring and an API call the same function, so there is no skew between them.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import FeatureEngineeringParameters, Group

from .aircraft import make_aircraft_features
from .backlog import make_backlog_features
from .board import Board
from .history import make_history_features
from .schedule import make_schedule_features
from .traffic import make_traffic_features
from .weather import make_weather_features
from .windows import Floats

CATEGORIES = ["carrier", "aircraft_model"]


def make_features(
    flights: pd.DataFrame,
    known_flights: pd.DataFrame,
    weather: pd.DataFrame,
    parameters: FeatureEngineeringParameters,
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Make the point-in-time features of flights, whether they have happened or not.

    Args:
        flights: The flights to describe, with a `prediction_time` each (UTC). Their outcomes, if
            they have any, are not read.
        known_flights: Schedule and outcomes known so far (`PrmFlights`). What became known after a
            flight's prediction time does not change its features.
        weather: Hourly reports known so far (`IntWeather`).
        parameters: The families of features.

    Returns:
        One row per flight in the order and on the index of `flights`, numbers as float32 and
        categories as text; and the columns by group.

    Raises:
        DataError: If a prediction is to be made at or after the scheduled departure.
    """
    if not (flights["prediction_time"] < flights["scheduled_departure"]).all():
        raise DataError(
            "A prediction_time is not before its scheduled_departure: lengthen the lead."
        )
    board = Board(flights, known_flights)
    groups: dict[Group, Mapping[str, Floats | pd.Series]] = {
        "schedule": make_schedule_features(board, parameters.schedule),
        "weather": make_weather_features(board, weather, parameters.weather),
        "traffic": make_traffic_features(board, parameters.traffic),
        "backlog": make_backlog_features(board, parameters.backlog),
        "aircraft": make_aircraft_features(board, parameters.aircraft),
        "history": make_history_features(board, parameters.history),
    }
    columns = {
        name: _compact(name, values) for group in groups.values() for name, values in group.items()
    }
    features = pd.DataFrame(columns).set_axis(flights.index)
    return features, {group: list(columns) for group, columns in groups.items()}


def _compact(name: str, values: Floats | pd.Series) -> Floats | pd.Series:
    return values if name in CATEGORIES else np.asarray(values, dtype=np.float32)
