"""A live board on hand-made flights, asked by a model whose answers can be worked out on paper."""

from typing import Any

import numpy as np
import pandas as pd

from features.flights import PARAMETERS, ask_one, make_flight, make_flights, make_weather
from flight_delays.features.build import make_features
from flight_delays.parameters import FeatureEngineeringParameters, WeatherFeatures
from flight_delays.registry.feature_definition import define_features
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.events import Scheduled
from flight_delays.serving.facts.timetable import TimetableFlight
from tables import EVALUATION, make_target

# A few features: a board that makes all of them takes ten times as long.
FEW = FeatureEngineeringParameters(
    **PARAMETERS.model_dump(exclude={"traffic", "backlog", "history", "weather"}),
    traffic={"network": {"departures_delay_mean": [480]}},
    backlog={"origin": {"waiting": [0]}},
    history=PARAMETERS.history.model_copy(update={"landings": {}, "days": {}}),
    weather=WeatherFeatures(
        known_after_minutes=60,
        latest=["visibility_miles"],
        mean={},
        change={},
        network_mean={},
        network_minimum=[],
    ),
)
_features, _groups = make_features(*ask_one(), make_weather(), FEW)
GROUPS: dict[str, list[str]] = {**_groups}
FEATURES = [column for columns in GROUPS.values() for column in columns]


class SaysWaiting:
    """One flight waiting at the origin makes a tenth, of an hour's delay a twentieth."""

    thresholds_minutes = (15, 60)
    feature_names_in_ = (*FEATURES,)

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        late = features["origin_waiting"].astype(float).fillna(0) / 10
        return np.column_stack([1 - late, late])

    def predict_lateness(self, features: pd.DataFrame) -> pd.DataFrame:
        late = self.predict_proba(features)[:, 1]
        return pd.DataFrame({"late_15": late, "late_60": late / 2}, index=features.index)


def make_served_model() -> ServedModel:
    ordinary = _features.assign(carrier="AA").astype({"origin_waiting": "float32"})
    return ServedModel(
        number=7,
        model=SaysWaiting(),  # type: ignore[arg-type]
        thresholds_minutes=[15, 60],
        definition=define_features(FEW, make_target(15, 60)),
        groups=GROUPS,
        ordinary=ordinary.set_axis([30.0]),
        evaluation=EVALUATION,
    )


# One north of the other on the meridian of Greenwich, so that all clocks show UTC, bearings are 0
# and a degree is 69.1 miles: what `make_flight` has beside its timetable follows from that.
AIRPORTS = pd.DataFrame(
    [(code, code, float(north), 0.0, "UTC") for north, code in enumerate(["JFK", "EWR", "BOS"])]
    + [("LAX", "LAX", 20.0, 0.0, "UTC"), ("NIL", "NIL", None, None, None)],
    columns=["airport", "name", "latitude", "longitude", "time_zone"],
)
PLANES = pd.DataFrame({"tail_number": ["N7"], "model": ["737-824"]})
AIRLINES = pd.DataFrame({"carrier": ["AA", "UA"], "name": ["American", "United"]})


def make_directory(*flights: dict[str, Any]) -> Directory:
    """The four airports, one aircraft, two airlines, and who flies."""
    known = make_flights(make_flight("1 12:00"), *flights)
    return Directory(known, AIRPORTS, PLANES, AIRLINES)


def make_scheduled(scheduled: str, revision: int = 0, **changes: Any) -> Scheduled:
    """A flight of `make_flight` as the timetable tells of it."""
    flight = make_flight(scheduled, delay=None, **changes)
    told = {name: flight[name] for name in TimetableFlight.model_fields}
    return Scheduled(revision=revision, **told)


def make_board(
    *flights: dict[str, Any],
    weather: pd.DataFrame | None = None,
    served: ServedModel | None = None,
    **options: Any,
) -> LiveBoard:
    """A board that knows these flights from the start; their ids are flight-0, flight-1, ..."""
    return LiveBoard(
        make_flights(*flights),
        make_weather() if weather is None else weather,
        make_directory(*flights),
        served or make_served_model(),
        **{"horizon_minutes": 480, "checkpoints_minutes": [30, 60, 120]} | options,
    )
