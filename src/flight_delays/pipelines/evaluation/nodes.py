"""Predict the test months, score the predictions, look where they are good."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from flight_delays.errors import DataError
from flight_delays.evaluation import plots
from flight_delays.evaluation.bootstrap import compute_intervals
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.leads import select_headline
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.evaluation.slices import KEYS, join_without_loss
from flight_delays.parameters import EvaluationParameters, Group, TargetParameters
from flight_delays.registry.feature_definition import adapt_features, read_definition
from flight_delays.registry.versions import FEATURE_DEFINITION, RegisteredCandidate, Version

DESCRIPTION = [*KEYS, "flight_date", "scheduled_departure", "origin", "carrier", "is_late"]
DIFFERENCE = ["difference", "difference_lower", "difference_upper"]


def unpack_candidate(
    candidate: RegisteredCandidate,
) -> tuple[Pipeline, Version, dict[str, Any], dict[str, Any]]:
    """Hand out the parts of the candidate, so that all nodes speak of the same version.

    Args:
        candidate: The model that was trained last, as the registry has it.

    Returns:
        The fitted classifier, its version, what the version was made from, and what MLflow keeps
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


def predict_test(
    model: Pipeline, version: Version, test: pd.DataFrame
) -> tuple[pd.DataFrame, Version]:
    """Predict how likely each test flight is to be late, at every lead.

    Args:
        model: The fitted classifier.
        version: Its version in the registry.
        test: Questions with their features and outcome.

    Returns:
        One row per question: what identifies it, `is_late`, `lead_minutes` and `late_probability`;
        and the version that predicted it.
    """
    predictions = test[DESCRIPTION].assign(
        lead_minutes=test["lead_minutes"].astype(int), late_probability=_predict_late(model, test)
    )
    return predictions.reset_index(drop=True), version


def predict_references(reference_models: dict[str, Pipeline], test: pd.DataFrame) -> pd.DataFrame:
    """Answer the same questions by the models that the model is compared with.

    Args:
        reference_models: Fitted classifiers by name, simplest first.
        test: Questions with their features.

    Returns:
        One row per question: its keys and one column of probabilities for each reference.
    """
    predictions = {name: _predict_late(model, test) for name, model in reference_models.items()}
    return test[KEYS].assign(**predictions).reset_index(drop=True)


def evaluate_models(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Score every model at every lead, with bounds from the same resamples of blocks of days.

    Args:
        test_predictions: The model's predictions, from `predict_test`.
        reference_predictions: The references' predictions, from `predict_references`.
        parameters: Costs, calibration bins, bootstrap and blocks of days.

    Returns:
        One row per lead, model and metric: its value and its `lower` and `upper` bound; beside the
        log loss of a reference the model's minus it, with its bounds. The shortest lead comes
        first, and of its models the model itself.

    Raises:
        DataError: If all test flights of a lead share one outcome, its days are too few for an
            interval, or a reference lacks some of the questions.
    """
    probabilities = _collect_probabilities(test_predictions, reference_predictions)
    scores = {}
    for lead, flights in test_predictions.groupby("lead_minutes"):
        if flights["is_late"].nunique() < 2:
            raise DataError(
                f"Table test has no late flight, or late flights only, {lead} minutes before "
                "departure, so nothing can be scored: lengthen the test period in the parameters."
            )
        said = probabilities.loc[flights.index]
        for name in said:
            scores[lead, name] = _score_model(flights, said[name], parameters)
            if name != "model":
                difference = compare_log_losses(
                    flights["is_late"],
                    said["model"],
                    said[name],
                    flights["flight_date"],
                    parameters.confidence_level,
                    parameters,
                )
                scores[lead, name].loc["log_loss", DIFFERENCE] = [*difference.values()]
    return pd.concat(scores, names=["lead_minutes", "model", "metric"]).reset_index()


def summarise_metrics(
    model_comparison: pd.DataFrame, parameters: EvaluationParameters
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Pick from the comparison what is read by name: by programs, and beside other MLflow runs.

    Args:
        model_comparison: The scores of every model, from `evaluate_models`.
        parameters: The headline lead.

    Returns:
        The model's metrics and bounds at the headline lead by name (`roc_auc`, `roc_auc_lower`,
        `roc_auc_upper`, ...) and its metrics at every lead (`roc_auc_at_30`, ...); and, as
        kedro-mlflow wants them, the same with the references' values at the headline lead
        (`base_rate.roc_auc`, ...).
    """
    headline = select_headline(model_comparison, parameters)
    scores = headline[headline["model"] == "model"].set_index("metric")
    at_leads = model_comparison[model_comparison["model"] == "model"]
    names = at_leads["metric"] + "_at_" + at_leads["lead_minutes"].astype(str)
    metrics = {
        **scores["value"],
        **scores["lower"].add_suffix("_lower"),
        **scores["upper"].add_suffix("_upper"),
        **dict(zip(names, at_leads["value"], strict=True)),
    }
    references = headline[headline["model"] != "model"]
    names = references["model"] + "." + references["metric"]
    tracked = metrics | dict(zip(names, references["value"], strict=True))
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
        The ROC, the precision-recall, the reliability and the cost curves.

    Raises:
        DataError: If there is no question at the headline lead, or a reference lacks some.
    """
    predictions = select_headline(test_predictions, parameters)
    is_late = predictions["is_late"]
    probabilities = _collect_probabilities(predictions, reference_predictions)
    return (
        plots.plot_roc(is_late, probabilities),
        plots.plot_precision_recall(is_late, probabilities),
        plots.plot_reliability(is_late, probabilities, parameters),
        plots.plot_cost(is_late, probabilities, parameters),
    )


def _score_model(
    flights: pd.DataFrame, probability: pd.Series, parameters: EvaluationParameters
) -> pd.DataFrame:
    """Score the probabilities of one lead, a row per metric; the differences are yet to come."""
    is_late = flights["is_late"]
    values = pd.Series(compute_metrics(is_late, probability, parameters), name="value")
    bounds = compute_intervals(is_late, probability, flights["flight_date"], parameters)
    return pd.concat([values, bounds], axis=1).assign(**dict.fromkeys(DIFFERENCE, np.nan))


def _predict_late(model: Pipeline, flights: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(model.predict_proba(flights)[:, 1], dtype=np.float64)


def _collect_probabilities(
    test_predictions: pd.DataFrame, reference_predictions: pd.DataFrame
) -> pd.DataFrame:
    """Put the references' probabilities beside the model's: one column a model, "model" first."""
    named = test_predictions[[*KEYS, "late_probability"]].set_axis([*KEYS, "model"], axis=1)
    joined = join_without_loss(named, reference_predictions, "reference_predictions", KEYS)
    return joined.drop(columns=KEYS).set_axis(test_predictions.index)
