"""The wiring of promotion: challenger and champion -> a decision -> the registry."""

from kedro.pipeline import Node, Pipeline

from flight_delays.registry.promotion import record_decision

from .nodes import decide_promotion, predict_recent, select_recent


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the promotion pipeline."""
    return Pipeline(
        [
            Node(
                select_recent,
                ["contenders", "test", "params:evaluation"],
                ["recent_questions", "compared_contenders"],
                name="select_recent",
            ),
            Node(
                predict_recent,
                [
                    "recent_questions",
                    "compared_contenders",
                    "reference_models",
                    "feature_groups",
                    "feature_definition",
                    "prm_flights",
                    "int_weather",
                    "params:target",
                ],
                ["recent_predictions", "compared_versions"],
                name="predict_recent",
            ),
            Node(
                decide_promotion,
                [
                    "recent_predictions",
                    "compared_versions",
                    "prm_flights",
                    "params:promotion",
                    "params:evaluation",
                ],
                "promotion_decision",
                name="decide_promotion",
            ),
            # It reads the decision from its file: what the registry says is written there first.
            Node(
                record_decision,
                ["promotion_decision", "compared_versions"],
                "promotion_changes",
                name="record_decision",
            ),
        ]
    )
