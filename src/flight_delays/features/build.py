"""Make the features of given flights from what is known so far.

Training, batch scoring and an API call the same function, so there is no skew between them.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from flight_delays.parameters import FeatureEngineeringParameters, Group

from .aircraft import make_aircraft_features
from .backlog import make_backlog_features
from .events import SCHEDULE, FlightEvents
from .history import make_history_features
from .questions import Asked
from .schedule import make_schedule_features
from .traffic import make_traffic_features
from .weather import make_weather_features
from .windows import Floats

CATEGORIES = ["carrier", "aircraft_model"]


def make_features(
    layers: Sequence[FlightEvents],
    asked: Asked,
    weather: pd.DataFrame,
    parameters: FeatureEngineeringParameters,
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Make the point-in-time features of flights, whether they have happened or not.

    Args:
        layers: The timetable and what is known of outcomes, in one layer at least. What became
            known after a question's prediction time does not change its features. How the flights
            are cut into layers changes nothing either.
        asked: The questions. A flight that no layer knows joins the timetable.
        weather: Hourly reports known so far (`IntWeather`).
        parameters: The families of features.

    Returns:
        One row per question, in their order and on their index, numbers as float32 and categories
        as text; and the columns by group.
    """
    layers = [*layers, *_list_newcomers(layers, asked)]
    groups: dict[Group, Mapping[str, Floats | pd.Series]] = {
        "schedule": make_schedule_features(layers, asked, parameters.schedule),
        "weather": make_weather_features(asked, weather, parameters.weather),
        "traffic": make_traffic_features(layers, asked, parameters.traffic),
        "backlog": make_backlog_features(layers, asked, parameters.backlog),
        "aircraft": make_aircraft_features(layers, asked, parameters.aircraft),
        "history": make_history_features(layers, asked, parameters.history),
    }
    columns = {
        name: _compact(name, values) for group in groups.values() for name, values in group.items()
    }
    features = pd.DataFrame(columns).set_axis(asked.table.index)
    return features, {group: list(columns) for group, columns in groups.items()}


def _list_newcomers(layers: Sequence[FlightEvents], asked: Asked) -> list[FlightEvents]:
    flights = pd.Index(asked.table["flight_id"], dtype=object)
    is_new = np.all([layer.flight_ids.get_indexer(flights) < 0 for layer in layers], axis=0)
    # A flight may be asked about at several prediction times and still leaves once.
    new = asked.table.loc[is_new, SCHEDULE].drop_duplicates("flight_id")
    return [FlightEvents(new, layers[0].rules)] if len(new) else []


def _compact(name: str, values: Floats | pd.Series) -> Floats | pd.Series:
    return values if name in CATEGORIES else np.asarray(values, dtype=np.float32)
