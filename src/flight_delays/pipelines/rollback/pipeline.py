"""The wiring of rollback: the registered model -> an earlier champion -> the registry."""

from kedro.pipeline import Node, Pipeline

from flight_delays.registry.rollback import record_rollback

from .nodes import choose_rollback


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the rollback pipeline."""
    return Pipeline(
        [
            Node(
                choose_rollback,
                ["registered_model", "params:rollback"],
                "rollback_decision",
                name="choose_rollback",
            ),
            Node(
                record_rollback,
                ["rollback_decision", "registered_model"],
                "rollback_changes",
                name="record_rollback",
            ),
        ]
    )
