"""The wiring of evaluation: model and test months -> predictions, scores, plots."""

from kedro.pipeline import Node, Pipeline

from flight_delays.evaluation.gates import check_absolute_gates
from flight_delays.evaluation.importance import measure_importance
from flight_delays.evaluation.model_card import write_model_card
from flight_delays.evaluation.slices import compare_slices, evaluate_slices
from flight_delays.evaluation.summary_plots import plot_importance, plot_leads
from flight_delays.registry.evaluation import record_evaluation

from .nodes import (
    evaluate_models,
    plot_performance,
    prepare_test,
    summarise_metrics,
    unpack_candidate,
)
from .predictions import log_test_predictions, predict_references, predict_test


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the evaluation pipeline."""
    predictions = ["test_predictions", "reference_predictions"]
    parameters = "params:evaluation"
    return Pipeline(
        [
            Node(
                unpack_candidate,
                "candidate",
                [
                    "candidate_model",
                    "candidate_version",
                    "candidate_provenance",
                    "candidate_metadata",
                ],
                name="unpack_candidate",
            ),
            Node(
                prepare_test,
                [
                    "candidate_version",
                    "candidate_metadata",
                    "test",
                    "feature_groups",
                    "feature_definition",
                    "prm_flights",
                    "int_weather",
                    "params:target",
                ],
                ["candidate_test", "candidate_groups"],
                name="prepare_test",
            ),
            # The version in memory only: scores are written on the one they were computed for.
            Node(
                predict_test,
                ["candidate_model", "candidate_version", "candidate_test", "params:target"],
                ["test_predictions", "evaluated_version", "test_probabilities"],
                name="predict_test",
            ),
            Node(
                log_test_predictions,
                [
                    "test_probabilities",
                    "evaluated_version",
                    "candidate_model",
                    "candidate_test",
                    parameters,
                ],
                "prediction_log",
                name="log_test_predictions",
            ),
            Node(
                predict_references,
                ["reference_models", "candidate_test"],
                "reference_predictions",
                name="predict_references",
            ),
            Node(
                evaluate_models,
                [*predictions, parameters],
                "model_comparison",
                name="evaluate_models",
            ),
            Node(
                summarise_metrics,
                ["model_comparison", parameters],
                ["test_metrics", "tracked_metrics"],
                name="summarise_metrics",
            ),
            Node(
                evaluate_slices,
                ["test_predictions", "prm_flights", parameters],
                "slice_metrics",
                name="evaluate_slices",
            ),
            Node(
                compare_slices,
                [*predictions, "prm_flights", "params:promotion", parameters],
                "slice_comparison",
                name="compare_slices",
            ),
            Node(
                measure_importance,
                ["candidate_model", "candidate_test", "candidate_groups", parameters],
                "importance",
                name="measure_importance",
            ),
            Node(
                plot_performance,
                [*predictions, parameters],
                ["roc_plot", "precision_recall_plot", "reliability_plot", "cost_plot"],
                name="plot_performance",
                tags="plots",
            ),
            Node(
                plot_leads,
                ["model_comparison", parameters],
                "lead_plot",
                name="plot_leads",
                tags="plots",
            ),
            Node(
                plot_importance,
                "importance",
                "importance_plot",
                name="plot_importance",
                tags="plots",
            ),
            Node(
                check_absolute_gates,
                ["model_comparison", "slice_comparison", "params:promotion", parameters],
                "absolute_gates",
                name="check_absolute_gates",
            ),
            Node(
                record_evaluation,
                [
                    "evaluated_version",
                    "test_predictions",
                    "model_comparison",
                    "absolute_gates",
                    parameters,
                ],
                "contenders",
                name="record_evaluation",
            ),
            Node(
                write_model_card,
                [
                    "candidate_model",
                    "test_predictions",
                    "model_comparison",
                    "slice_metrics",
                    "slice_comparison",
                    "importance",
                    "data_quality",
                    "candidate_provenance",
                    "candidate_metadata",
                    "params:feature_engineering",
                    parameters,
                    "params:promotion",
                ],
                "model_card",
                name="write_model_card",
            ),
        ]
    )
