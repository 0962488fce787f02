"""Take the candidate, and score and draw what it has said of the test months."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from flight_delays.errors import DataError
from flight_delays.evaluation import plots
from flight_delays.evaluation.answers import collect_probabilities, part_by_threshold
from flight_delays.evaluation.bootstrap import compute_intervals
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.headline import (
    name_metrics,
    select_first_threshold,
    select_lead,
)
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters import EvaluationParameters, Group, TargetParameters
from flight_delays.registry.feature_definition import adapt_features, read_definition
from flight_delays.registry.versions import FEATURE_DEFINITION, RegisteredCandidate, Version

DIFFERENCE = ["difference", "difference_lower", "difference_upper"]


def unpack_candidate(
    candidate: RegisteredCandidate,
) -> tuple[LatenessClassifier, Version, dict[str, Any], dict[str, Any]]:
    """Hand out the parts of the candidate, so that all nodes speak of the same version.

    Args:
        candidate: The model that was trained last, as the registry has it.

    Returns:
        The fitted model, its version, what the version was made from, and what MLflow keeps
        with its model.
    """
    return candidate.model, candidate.version, candidate.provenance, candidate.metadata


def prepare_test(
    version: Version,
    metadata: dict[str, Any],
    test: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    feature_definition: dict[str, Any],
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    target: TargetParameters,
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Put the test questions to the candidate in its own features.

    Args:
        version: The candidate's version.
        metadata: What MLflow keeps with its model.
        test: Questions with features and outcome.
        feature_groups: The columns of their features by group.
        feature_definition: What these features mean.
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        target: What late means.

    Returns:
        The questions with the features that the candidate has learnt, made anew where the table has
        others; and the columns by group.

    Raises:
        DataError: The candidate was fitted on test flights, or its features cannot be made.
    """
    if (first := test["flight_date"].min()) <= pd.Timestamp(version.fitted_to):
        raise DataError(
            f"Version {version.number} was fitted on flights to {version.fitted_to}, and table "
            f"test begins on {first:%Y-%m-%d}: on flights that a model has seen, its scores are "
            "too good. Train on the new splits by `kedro run --pipeline=training` first."
        )
    own = read_definition(metadata.get(FEATURE_DEFINITION), version.number, target)
    return adapt_features(test, feature_groups, feature_definition, own, flights, weather)


def evaluate_models(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Score every model by threshold and lead, with bounds from the same resamples of days.

    Args:
        test_predictions: The model's predictions, from `predict_test`.
        reference_predictions: The references' predictions, from `predict_references`.
        parameters: Costs, calibration bins, bootstrap and blocks of days.

    Returns:
        One row per threshold, lead, model and metric: its value and its `lower` and `upper` bound;
        beside the log loss of a reference the model's minus it, with its bounds. The first
        threshold comes first, of its leads the shortest, and of its models the model itself.

    Raises:
        DataError: If all test flights of a lead share one outcome, its days are too few for an
            interval, or a reference lacks some of the answers.
    """
    probabilities = collect_probabilities(test_predictions, reference_predictions)
    scores = {}
    for threshold, answers in part_by_threshold(test_predictions).items():
        for lead, flights in answers.groupby("lead_minutes"):
            if flights["is_late"].nunique() < 2:
                raise DataError(
                    f"Table test has no flight {threshold} minutes late, or only such flights, "
                    f"{lead} minutes before departure, so nothing can be scored: lengthen the test "
                    "period in the parameters."
                )
            said = probabilities.loc[flights.index].dropna(axis="columns")
            scores[threshold, lead] = _score_models(
                flights, said, parameters.at_threshold(threshold)
            )
    return pd.concat(scores, names=["threshold_minutes", "lead_minutes"]).reset_index()


def summarise_metrics(
    model_comparison: pd.DataFrame, parameters: EvaluationParameters
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Pick from the comparison what is read by name: by programs, and beside other MLflow runs.

    Args:
        model_comparison: The scores of every model, from `evaluate_models`.
        parameters: The headline lead.

    Returns:
        The model's metrics and bounds at the headline lead by name (`roc_auc`, `roc_auc_lower`,
        `roc_auc_upper`, ...) and its metrics at every lead (`roc_auc_at_30`, ...), for thresholds
        after the first `roc_auc_late_60` and so on; and, as kedro-mlflow wants them, the same with
        the references' values at the headline lead (`base_rate.roc_auc`, ...).
    """
    named = model_comparison.assign(metric=name_metrics(model_comparison))
    headline = select_lead(named, parameters)
    scores = headline[headline["model"] == "model"].set_index("metric")
    at_leads = named[named["model"] == "model"]
    names = at_leads["metric"] + "_at_" + at_leads["lead_minutes"].astype(str)
    metrics = {
        **scores["value"],
        **scores["lower"].add_suffix("_lower"),
        **scores["upper"].add_suffix("_upper"),
        **at_leads.set_index(names)["value"],
    }
    references = headline[headline["model"] != "model"]
    names = references["model"] + "." + references["metric"]
    tracked = {**metrics, **references.set_index(names)["value"]}
    return metrics, {name: {"value": value, "step": 0} for name, value in tracked.items()}


def plot_performance(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    parameters: EvaluationParameters,
) -> tuple[Figure, Figure, Figure, Figure]:
    """Draw the model against its references, at the headline lead.

    Args:
        test_predictions: The model's predictions, from `predict_test`.
        reference_predictions: The references' predictions, from `predict_references`.
        parameters: The headline lead, costs and calibration bins.

    Returns:
        The ROC and the precision-recall curves of the first threshold; the reliability and the
        cost curves of every threshold.

    Raises:
        DataError: If there is no question at the headline lead, or a reference lacks some.
    """
    answers = select_lead(test_predictions, parameters)
    probabilities = collect_probabilities(answers, reference_predictions)
    first = select_first_threshold(answers)
    is_late, said = first["is_late"], probabilities.loc[first.index]
    return (
        plots.plot_roc(is_late, said),
        plots.plot_precision_recall(is_late, said),
        plots.plot_reliability(answers, probabilities, parameters),
        plots.plot_cost(answers, probabilities, parameters),
    )


def _score_models(
    flights: pd.DataFrame, said: pd.DataFrame, parameters: EvaluationParameters
) -> pd.DataFrame:
    """Score all answers of one threshold and lead, a row per model and metric."""
    is_late, dates = flights["is_late"], flights["flight_date"]
    scores = {}
    for name, probability in said.items():
        values = pd.Series(compute_metrics(is_late, probability, parameters), name="value")
        bounds = compute_intervals(is_late, probability, dates, parameters)
        scores[name] = pd.concat([values, bounds], axis=1).assign(
            **dict.fromkeys(DIFFERENCE, np.nan)
        )
        if name != "model":
            difference = compare_log_losses(
                is_late, said["model"], probability, dates, parameters.confidence_level, parameters
            )
            scores[name].loc["log_loss", DIFFERENCE] = [*difference.values()]
    return pd.concat(scores, names=["model", "metric"])
