"""Pipelines that are run together run in the order of a model's life."""

import pytest

from flight_delays.pipeline_registry import register_pipelines

pytestmark = pytest.mark.usefixtures("fresh_clone")


def test_kedro_run_stops_before_the_registry_is_asked_who_is_better() -> None:
    pipelines = register_pipelines()
    names = {node.name for node in pipelines["__default__"].nodes}
    assert "record_evaluation" in names
    for pipeline in ("tuning", "promotion", "rollback"):
        assert not names & {node.name for node in pipelines[pipeline].nodes}


def test_a_promotion_comes_after_the_evaluation_it_rests_on() -> None:
    pipelines = register_pipelines()
    together = pipelines["promotion"] + pipelines["evaluation"] + pipelines["training"]
    names = [node.name for node in together.nodes]
    order = ["train_model", "predict_test", "record_evaluation", "predict_recent"]
    assert [name for name in names if name in order] == order
