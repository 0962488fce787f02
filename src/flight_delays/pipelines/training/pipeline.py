"""The wiring of training: 05_model_input -> 06_models and MLflow."""

from kedro.pipeline import Node, Pipeline

from .nodes import prepare_candidate, train_model, train_references

INPUTS = ["train", "validation", "feature_groups", "params:training"]


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the training pipeline."""
    return Pipeline(
        [
            Node(train_model, [*INPUTS, "params:target"], "model", name="train_model"),
            Node(
                prepare_candidate,
                ["model", *INPUTS, "splits", "feature_definition", "model_input_deliveries"],
                "candidate",
                name="prepare_candidate",
            ),
            Node(
                train_references,
                ["model", *INPUTS],
                "reference_models",
                name="train_references",
            ),
        ]
    )
