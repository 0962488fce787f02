"""The wiring of rollback: the registry -> an earlier champion -> the registry."""

from kedro.pipeline import Node, Pipeline

from flight_delays.registry.rollback import record_rollback

from .nodes import choose_rollback


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the rollback pipeline."""
    return Pipeline(
        [
            Node(
                choose_rollback,
                ["registry", "params:rollback"],
                "rollback_decision",
                name="choose_rollback",
            ),
            Node(
                record_rollback,
                ["rollback_decision", "registry"],
                "rolled_back_registry",
                name="record_rollback",
            ),
        ]
    )
