"""The pipelines of a model's life, as planned: none looks past the plan."""

from flight_delays.pipelines.continuous_training import create_pipeline

FACTS, PARAMETERS = "prm_flights", "params:feature_engineering"


def test_only_the_plan_sees_all_facts_and_the_splits_of_conf() -> None:
    pipeline = create_pipeline()
    for dataset in (FACTS, PARAMETERS, "int_deliveries", "registered_model"):
        assert [node.name for node in pipeline.nodes if dataset in node.inputs] == ["plan_training"]
    tables = {name for name in pipeline.inputs() if not name.startswith("params:")}
    assert tables == {FACTS, "int_weather", "int_deliveries", "data_quality", "registered_model"}
    names = [node.name for node in pipeline.nodes]
    assert names[0] == "plan_training"
    order = [
        "split_flights",
        "note_deliveries",
        "tag_candidate",
        "record_evaluation",
        "record_decision",
    ]
    assert [name for name in names if name in order] == order
