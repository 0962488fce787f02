"""The parameters as delivered are valid; a slip of the pen is refused before any node runs."""

from copy import deepcopy
from typing import Any, get_args

import pytest
from kedro.pipeline import Node, Pipeline
from kedro.validation import TypeExtractor
from pydantic import BaseModel, ValidationError

from flight_delays.features import backlog, traffic
from flight_delays.features.entities import ENTITIES
from flight_delays.parameters import (
    DataCollectionParameters,
    DataProcessingParameters,
    EvaluationParameters,
    FeatureEngineeringParameters,
    TrainingParameters,
    WeatherFeatures,
)
from flight_delays.parameters import features as parameters
from flight_delays.pipelines import (
    data_collection,
    data_processing,
    evaluation,
    feature_engineering,
    training,
)
from flight_delays.schemas.intermediate import IntWeather
from tables import CONF, read_parameters

MODELS: dict[str, type[BaseModel]] = {
    "data_collection": DataCollectionParameters,
    "data_processing": DataProcessingParameters,
    "feature_engineering": FeatureEngineeringParameters,
    "training": TrainingParameters,
    "evaluation": EvaluationParameters,
}
PIPELINES = (data_collection, data_processing, feature_engineering, training, evaluation)
NODES = [node for pipeline in PIPELINES for node in pipeline.create_pipeline().nodes]


def change(path: str, value: Any) -> None:
    """Validate the delivered parameters with one changed, such as "training.random_state"."""
    pipeline, *keys, last = path.split(".")
    values = deepcopy(read_parameters(pipeline))
    place = values
    for key in keys:
        place = place[key]
    place[last] = value
    MODELS[pipeline](**values)


@pytest.mark.parametrize("pipeline", MODELS)
def test_the_delivered_parameters_are_valid(pipeline: str) -> None:
    MODELS[pipeline](**read_parameters(pipeline))


def test_every_file_of_parameters_has_a_model() -> None:
    files = {path.stem.removeprefix("parameters_") for path in CONF.glob("parameters_*.yml")}
    assert files == set(MODELS)


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.name)
def test_kedro_validates_what_a_node_takes_also_where_it_runs_alone(node: Node) -> None:
    taken = {name.removeprefix("params:") for name in node.inputs if name.startswith("params:")}
    validated = TypeExtractor({"alone": Pipeline([node])}).extract_types_from_pipelines()
    assert validated == {name: MODELS[name] for name in taken}


@pytest.mark.parametrize(
    "place",
    [
        "data_collection",
        "data_processing",
        "data_processing.extra_airports.SJU",
        "feature_engineering",
        "feature_engineering.splits",
        "feature_engineering.splits.train",
        "feature_engineering.schedule",
        "feature_engineering.weather",
        "feature_engineering.traffic",
        "feature_engineering.traffic.network",
        "feature_engineering.backlog",
        "feature_engineering.backlog.network",
        "feature_engineering.aircraft",
        "feature_engineering.history",
        "feature_engineering.history.landings.destination",
        "training",
        "training.classifier",
        "evaluation",
    ],
)
def test_an_unknown_key_is_refused(place: str) -> None:
    with pytest.raises(ValidationError, match="mispelt"):
        change(f"{place}.mispelt", {})


@pytest.mark.parametrize(
    ("pipeline", "key"),
    [(pipeline, key) for pipeline in MODELS for key in read_parameters(pipeline)],
)
def test_no_key_may_be_missing(pipeline: str, key: str) -> None:
    values = read_parameters(pipeline)
    del values[key]
    with pytest.raises(ValidationError, match=key):
        MODELS[pipeline](**values)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data_collection.months", ["2013-13"]),
        ("data_collection.months", ["January"]),
        ("data_processing.late_threshold_minutes", 0),
        ("data_processing.max_wind_speed_mph", "strong"),
        ("data_processing.extra_airports.SJU.latitude", 91),
        ("data_processing.extra_airports.SJU.longitude", -181),
        ("feature_engineering.lead_time_minutes", 0),
        ("feature_engineering.splits.train.end", "2013-02-30"),
        ("feature_engineering.schedule.departures_before", [-60]),
        ("feature_engineering.schedule.since_previous", ["airport"]),
        ("feature_engineering.weather.latest", ["visibility"]),
        ("feature_engineering.weather.mean", {"visibility": [60]}),
        ("feature_engineering.traffic.network", {"departures_delay": [60]}),
        ("feature_engineering.traffic.network.departures_delay_mean", [0]),
        ("feature_engineering.backlog.network", {"departures_delay_mean": [60]}),
        ("feature_engineering.history.days", {"origin": {"added_delay": [7]}}),
        ("feature_engineering.history.pseudo_flights", 0),
        ("training.groups", []),
        ("training.groups", ["traffic", "wether"]),
        ("training.ablations", ["wether"]),
        ("training.refit", "often"),
        ("training.classifier.learning_rate", 0),
        ("training.classifier.max_leaf_nodes", 1),
        ("training.classifier.max_features", 1.1),
        ("evaluation.miss_cost", 0),
        ("evaluation.false_alarm_cost", -1),
        ("evaluation.confidence_level", 1),
        ("evaluation.calibration_bins", 0),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(path: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=path.partition(".")[2].replace(".", r"\.")):
        change(path, value)


@pytest.mark.parametrize(
    ("path", "day", "message"),
    [
        ("train.end", "2013-09-01", "train and validation overlap or are out of order"),
        ("train.end", "2013-12-31", "train and validation overlap or are out of order"),
        ("validation.end", "2013-11-01", "validation and test overlap or are out of order"),
        ("test.start", "2013-10-31", "ends on 2013-10-31, the other starts on 2013-10-31"),
        ("train.start", "2013-12-31", "ends on 2013-08-31, before it starts on 2013-12-31"),
    ],
)
def test_splits_that_overlap_or_are_out_of_order(path: str, day: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        change(f"feature_engineering.splits.{path}", day)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("data_processing.extra_airports.BQN.time_zone", "Mars/Phobos", "Mars/Phobos is not an"),
        ("feature_engineering.backlog.origin.waiting", [60], r"its window is \[0\]"),
        ("feature_engineering.backlog.origin.deficit", [0], "more than 0 minutes"),
        ("feature_engineering.history.lag_minutes", 1440, "less than a day"),
    ],
)
def test_what_no_range_can_say_is_told_in_a_sentence(path: str, value: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        change(path, value)


def test_splits_may_leave_days_between_them() -> None:
    change("feature_engineering.splits.train.end", "2013-07-31")


def test_parameters_cannot_be_changed_once_they_are_read() -> None:
    training = TrainingParameters(**read_parameters("training"))
    with pytest.raises(ValidationError, match="frozen"):
        training.refit = False


@pytest.mark.parametrize(
    ("allowed", "known"),
    [
        pytest.param(parameters.Entity, ENTITIES, id="entities"),
        pytest.param(parameters.TrafficStatistic, traffic.STATISTICS, id="traffic"),
        pytest.param(parameters.BacklogStatistic, backlog.STATISTICS, id="backlog"),
        pytest.param(
            parameters.Reading, list(IntWeather.to_schema().columns)[2:], id="weather readings"
        ),
    ],
)
def test_the_names_allowed_are_those_that_are_computed(allowed: Any, known: Any) -> None:
    assert sorted(get_args(allowed)) == sorted(known)


def test_readings_are_all_that_a_feature_asks_for_each_once() -> None:
    weather = WeatherFeatures(
        known_after_minutes=60,
        latest=["wind_speed_mph"],
        mean={"visibility_miles": [60]},
        change={"pressure_hpa": [60], "wind_speed_mph": [60]},
        network_mean={"temperature_f": [60]},
        network_minimum=["visibility_miles", "wind_gust_mph"],
    )
    assert weather.readings == [
        "pressure_hpa",
        "temperature_f",
        "visibility_miles",
        "wind_gust_mph",
        "wind_speed_mph",
    ]


def test_five_false_alarms_for_a_miss_mean_an_alert_from_one_in_six() -> None:
    delivered = read_parameters("evaluation") | {"miss_cost": 5, "false_alarm_cost": 1}
    assert EvaluationParameters(**delivered).decision_threshold == pytest.approx(1 / 6)
