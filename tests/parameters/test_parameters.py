"""The parameters as delivered are valid; a slip of the pen is refused before any node runs."""

from typing import Any

import pytest
from kedro.pipeline import Node, Pipeline
from kedro.validation import TypeExtractor
from pydantic import ValidationError

from flight_delays.parameters import (
    DataCollectionParameters,
    EvaluationParameters,
    TrainingParameters,
)
from flight_delays.pipelines import (
    backtest,
    data_collection,
    data_processing,
    evaluation,
    feature_engineering,
    inference,
    monitoring,
    promotion,
    rollback,
    training,
    tuning,
)
from parameters.delivered import MODELS, change
from tables import CONF, read_parameters

PIPELINES = (
    data_collection,
    data_processing,
    feature_engineering,
    training,
    evaluation,
    tuning,
    promotion,
    rollback,
    inference,
    monitoring,
    backtest,
)
NODES = [node for pipeline in PIPELINES for node in pipeline.create_pipeline().nodes]


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
        "target",
        "data_collection",
        "data_processing",
        "data_processing.extra_airports.SJU",
        "feature_engineering",
        "feature_engineering.leads",
        "feature_engineering.events",
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
        "evaluation.costs_by_threshold.60",
        "tuning",
        "tuning.search_space.max_leaf_nodes",
        "promotion",
        "rollback",
        "inference",
        "monitoring",
        "retraining",
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
        ("data_collection.source", "mine"),
        ("target.late_thresholds_minutes", [0]),
        ("target.late_thresholds_minutes", []),
        ("target.late_thresholds_minutes", [60, 15]),
        ("target.min_flights", 0),
        ("data_processing.max_implausible_share", -0.01),
        ("data_processing.max_implausible_share", 1.01),
        ("data_processing.extra_airports.SJU.latitude", 91),
        ("data_processing.extra_airports.SJU.longitude", -181),
        ("feature_engineering.leads.shortest_minutes", 0),
        ("feature_engineering.leads.evaluated_minutes", []),
        ("feature_engineering.leads.evaluated_minutes", [60, 30]),
        ("feature_engineering.leads.evaluated_minutes", [60, 60]),
        ("feature_engineering.events.given_up_minutes", 0),
        ("feature_engineering.events.lost_minutes", 0),
        ("feature_engineering.leads.evaluated_minutes", [0]),
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
        ("evaluation.costs_by_threshold.60.miss_cost", 0),
        ("evaluation.costs_by_threshold", {"-3": {"miss_cost": 5, "false_alarm_cost": 1}}),
        ("evaluation.confidence_level", 1),
        ("evaluation.calibration_bins", 0),
        ("evaluation.block_days", 0),
        ("evaluation.headline_lead_minutes", 0),
        ("evaluation.importance_questions", 0),
        ("tuning.trials", 0),
        ("tuning.folds", 1),
        ("tuning.jobs", 0),
        ("tuning.jobs", -2),
        ("tuning.search_space", {}),
        ("tuning.search_space.max_features.low", "few"),
        ("promotion.max_calibration_error", 0),
        ("promotion.min_days", 0),
        ("promotion.confidence_level", 95),
        ("promotion.non_inferiority_margin", 0),
        ("inference.as_of", "2013-11-15T19:00"),
        ("inference.as_of", "2013-11-15T19:00:01Z"),
        ("inference.as_of", "yesterday"),
        ("inference.horizon_minutes", 0),
        ("continuous_training.as_of", "2013-09"),
        ("continuous_training.train_months", 0),
        ("monitoring.period", "2013-13"),
        ("monitoring.period", "November"),
        ("retraining.windows", 0),
        ("retraining.confidence_level", 95),
        ("rollback.version", 0),
        ("rollback.version", "champion"),
        ("rollback.reason", None),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(path: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=path.partition(".")[2].replace(".", r"\.")):
        change(path, value)


def test_a_threshold_has_costs_of_its_own_or_those_of_the_first() -> None:
    values = read_parameters("evaluation") | {"miss_cost": 4, "false_alarm_cost": 2}
    values["costs_by_threshold"] = {"60": {"miss_cost": 3, "false_alarm_cost": 1}}
    parameters = EvaluationParameters(**values)
    for minutes, costs in ((15, (4, 2)), (60, (3, 1)), (90, (4, 2))):
        judged = parameters.at_threshold(minutes)
        assert (judged.miss_cost, judged.false_alarm_cost) == costs
        assert judged.decision_threshold == costs[1] / sum(costs)
        assert judged.block_days == parameters.block_days


def test_of_the_package_some_months_are_asked_for() -> None:
    with pytest.raises(ValidationError, match=r"months is empty.*set source to own"):
        change("data_collection.months", [])
    none = {"source": "own", "months": []}
    own = DataCollectionParameters(**read_parameters("data_collection") | none)
    assert own.months == []


def test_the_rule_can_be_met() -> None:
    with pytest.raises(ValidationError, match="exceeded_windows is above windows"):
        change("retraining.exceeded_windows", 4)


def test_parameters_cannot_be_changed_once_they_are_read() -> None:
    training = TrainingParameters(**read_parameters("training"))
    with pytest.raises(ValidationError, match="frozen"):
        training.refit = False
