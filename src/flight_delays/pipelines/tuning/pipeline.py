"""The wiring of tuning: 05_model_input -> trials -> parameters for conf."""

from kedro.pipeline import Node, Pipeline

from flight_delays.modelling.tuning_plot import plot_trials

from .nodes import choose_parameters, search_hyperparameters


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the tuning pipeline."""
    return Pipeline(
        [
            Node(
                search_hyperparameters,
                [
                    "study_storage",
                    "train",
                    "validation",
                    "feature_groups",
                    "params:training",
                    "params:tuning",
                ],
                "trials",
                name="search_hyperparameters",
            ),
            Node(
                choose_parameters,
                ["trials", "params:tuning"],
                "best_parameters",
                name="choose_parameters",
            ),
            Node(
                plot_trials,
                ["trials", "params:tuning"],
                "tuning_plot",
                name="plot_trials",
                tags="plots",
            ),
        ]
    )
