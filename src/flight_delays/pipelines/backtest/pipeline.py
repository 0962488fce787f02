"""The wiring of backtest: 03_primary -> candidates -> policies -> 08_reporting and MLflow."""

from kedro.pipeline import Node, Pipeline

from flight_delays.monitoring.backtest.false_alarms import count_false_alarms
from flight_delays.monitoring.backtest.history import list_metrics, list_versions
from flight_delays.monitoring.backtest.plot import plot_policies

from .nodes import fit_missing, play_policies
from .questions import ask_all

QUESTIONS = ["learnt_questions", "asked_questions", "played_features", "played_months"]


def create_pipeline(**kwargs: object) -> Pipeline:
    """Create the backtest pipeline."""
    return Pipeline(
        [
            Node(
                ask_all,
                [
                    "prm_flights",
                    "int_weather",
                    "params:feature_engineering",
                    "params:target",
                    "params:evaluation",
                ],
                QUESTIONS,
                name="ask_all",
            ),
            Node(
                fit_missing,
                ["stored_candidates", *QUESTIONS, "params:training", "params:backtest"],
                "played_candidates",
                name="fit_missing",
            ),
            Node(
                play_policies,
                [
                    "played_candidates",
                    "asked_questions",
                    "played_months",
                    "prm_flights",
                    "params:backtest",
                    "params:target",
                    "params:evaluation",
                    "params:retraining",
                    "params:promotion",
                ],
                ["policies", "policy_summary", "played_answers"],
                name="play_policies",
            ),
            Node(
                count_false_alarms,
                [
                    "played_answers",
                    "params:backtest",
                    "params:evaluation",
                    "params:retraining",
                ],
                "false_alarms",
                name="count_false_alarms",
            ),
            Node(
                plot_policies,
                ["policies", "policy_summary", "params:evaluation"],
                "backtest_plot",
                name="plot_policies",
                tags="plots",
            ),
            Node(list_metrics, "policies", "tracked_backtest", name="list_metrics"),
            Node(list_versions, "policies", "played_versions", name="list_versions"),
        ]
    )
