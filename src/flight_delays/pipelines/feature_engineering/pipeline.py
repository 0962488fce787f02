"""The wiring of feature_engineering: 03_primary -> 04_feature -> 05_model_input."""

from kedro.pipeline import Node, Pipeline

from .nodes import build_features, note_deliveries, split_flights

PARAMETERS = "params:feature_engineering"


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the feature_engineering pipeline."""
    return Pipeline(
        [
            Node(
                build_features,
                ["prm_flights", "int_weather", PARAMETERS, "params:target"],
                ["feat_flights", "feature_groups", "feature_definition"],
                name="build_features",
            ),
            Node(
                split_flights,
                ["feat_flights", PARAMETERS],
                ["train", "validation", "test", "splits"],
                name="split_flights",
            ),
            Node(
                note_deliveries,
                ["int_deliveries", "splits"],
                "model_input_deliveries",
                name="note_deliveries",
            ),
        ]
    )
