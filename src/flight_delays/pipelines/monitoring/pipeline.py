"""The wiring of monitoring: what the champion said and what happened -> scores -> a verdict."""

from kedro.pipeline import Node, Pipeline

from .alerts import raise_alerts
from .inputs import list_findings, measure_distances, measure_inputs
from .nodes import compare_with_expectations, look_back, score_period, summarise_period
from .outcomes import learn_outcomes
from .page import render_page


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the monitoring pipeline."""
    return Pipeline(
        [
            Node(
                learn_outcomes,
                ["prm_flights", "told_events", "int_airports", "int_planes", "int_airlines"],
                "monitored_flights",
                name="learn_outcomes",
            ),
            Node(
                look_back,
                [
                    "prediction_log",
                    "monitored_flights",
                    "served_version",
                    "params:monitoring",
                    "params:inference",
                    "params:evaluation",
                ],
                ["monitored_questions", "monitored_period", "monitored_version"],
                name="look_back",
            ),
            Node(
                score_period,
                [
                    "monitored_questions",
                    "monitored_period",
                    "monitored_flights",
                    "params:evaluation",
                    "params:target",
                ],
                ["monitored_scores", "monitored_slices", "monitored_days"],
                name="score_period",
            ),
            Node(
                measure_inputs,
                [
                    "monitored_questions",
                    "monitored_period",
                    "prm_flights",
                    "int_weather",
                    "params:monitoring",
                    "params:evaluation",
                ],
                ["period_quality", "monitoring_quality"],
                name="measure_inputs",
            ),
            Node(
                measure_distances,
                [
                    "prediction_log",
                    "monitored_questions",
                    "monitored_period",
                    "monitored_version",
                    "served_reference",
                    "params:monitoring",
                ],
                ["drift_findings", "monitoring_drift", "monitoring_drift_page"],
                name="measure_distances",
            ),
            Node(
                list_findings,
                ["period_quality", "drift_findings", "monitored_period"],
                "monitoring_findings",
                name="list_findings",
            ),
            Node(
                compare_with_expectations,
                ["monitored_questions", "params:evaluation", "params:retraining"],
                "monitored_months",
                name="compare_with_expectations",
            ),
            Node(
                summarise_period,
                [
                    "monitored_questions",
                    "monitored_period",
                    "monitored_version",
                    "monitored_scores",
                    "monitored_slices",
                    "monitored_days",
                    "monitored_months",
                    "params:evaluation",
                    "params:retraining",
                ],
                ["monitoring_summary", "monitoring_plot", "tracked_monitoring"],
                name="summarise_period",
            ),
            Node(
                raise_alerts,
                ["monitoring_summary", "monitored_period", "monitoring_findings"],
                "alerts",
                name="raise_alerts",
            ),
            Node(
                render_page,
                [
                    "monitoring_summary",
                    "monitored_period",
                    "monitored_flights",
                    "served_reference",
                    "int_deliveries",
                    "alerts",
                    "tracking_facts",
                ],
                "monitoring_page",
                name="render_page",
            ),
        ]
    )
