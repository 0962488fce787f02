"""The wiring of inference: facts and the champion -> questions -> predictions."""

from kedro.pipeline import Node, Pipeline

from .nodes import ask_about_flights_to_come, predict_flights_to_come


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the inference pipeline."""
    return Pipeline(
        [
            Node(
                ask_about_flights_to_come,
                [
                    "prm_flights",
                    "served_version",
                    "params:inference",
                    "params:target",
                    "params:evaluation",
                ],
                ["questions_to_come", "served_model"],
                name="ask_about_flights_to_come",
            ),
            Node(
                predict_flights_to_come,
                ["questions_to_come", "prm_flights", "int_weather", "served_model"],
                ["predictions", "logged_batch"],
                name="predict_flights_to_come",
            ),
        ]
    )
