"""The wiring of continuous_training: a plan, and after it the pipelines of a model's life."""

from kedro.pipeline import Node, Pipeline

from flight_delays.pipelines import evaluation, feature_engineering, promotion, training

from .nodes import plan_training, tag_candidate


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the continuous_training pipeline; each part of it has a tag, and so may be run alone.

    Namespaces would do as well, but Kedro-Viz takes nodes with the same inputs and outputs for one:
    it would hide those of the other pipelines in the namespaces of this one.
    """
    tagged_training = Pipeline(
        [
            Pipeline(training.create_pipeline(), outputs={"candidate": "untagged_candidate"}),
            Node(
                tag_candidate,
                ["untagged_candidate", "trained_as_of"],
                "candidate",
                name="tag_candidate",
            ),
        ]
    )
    parts = {
        "feature_engineering": feature_engineering.create_pipeline(),
        "training": tagged_training,
        "evaluation": evaluation.create_pipeline(),
        "promotion": promotion.create_pipeline(),
    }
    plan = Node(
        plan_training,
        [
            "prm_flights",
            "int_deliveries",
            "registered_model",
            "params:continuous_training",
            "params:feature_engineering",
        ],
        ["known_flights", "known_deliveries", "params:planned_features", "trained_as_of"],
        name="plan_training",
        tags="plan",
    )
    as_planned = Pipeline(
        [Pipeline(part, tags=name) for name, part in parts.items()],
        inputs={"prm_flights": "known_flights", "int_deliveries": "known_deliveries"},
        parameters={"params:feature_engineering": "params:planned_features"},
    )
    return Pipeline([plan, as_planned])
