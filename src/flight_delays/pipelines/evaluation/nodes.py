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
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.evaluation.slices import join_all
from flight_delays.parameters import EvaluationParameters
from flight_delays.registry.versions import RegisteredCandidate, Version

DESCRIPTION = ["flight_id", "flight_date", "scheduled_departure", "origin", "carrier", "is_late"]


def unpack_candidate(candidate: RegisteredCandidate) -> tuple[Pipeline, Version, dict[str, Any]]:
    """Hand out the parts of the candidate, so that all nodes speak of the same version.

    Args:
        candidate: The model that was trained last, as the registry has it.

    Returns:
        The fitted classifier, its version and what the version was made from.
    """
    return candidate.model, candidate.version, candidate.provenance


def predict_test(
    model: Pipeline, version: Version, test: pd.DataFrame
) -> tuple[pd.DataFrame, Version]:
    """Predict how likely each test flight is to be late.

    Args:
        model: The fitted classifier.
        version: Its version in the registry.
        test: Flights with their features and outcome.

    Returns:
        One row per flight: what identifies it, `is_late` and `late_probability`; and the version
        that predicted it.
    """
    predictions = test[DESCRIPTION].assign(late_probability=_predict_late(model, test))
    return predictions.reset_index(drop=True), version


def predict_references(reference_models: dict[str, Pipeline], test: pd.DataFrame) -> pd.DataFrame:
    """Predict the same flights by the models that the model is compared with.

    Args:
        reference_models: Fitted classifiers by name, simplest first.
        test: Flights with their features.

    Returns:
        One row per flight: `flight_id` and one column of probabilities for each reference.
    """
    predictions = {name: _predict_late(model, test) for name, model in reference_models.items()}
    return test[["flight_id"]].assign(**predictions).reset_index(drop=True)


def evaluate_models(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    parameters: EvaluationParameters,
) -> pd.DataFrame:
    """Score every model on the same flights, with bounds from the same resamples of days.

    Args:
        test_predictions: The model's predictions, from `predict_test`.
        reference_predictions: The references' predictions, from `predict_references`.
        parameters: Costs, calibration bins and bootstrap.

    Returns:
        One row per model and metric: its value and its `lower` and `upper` bound. The model comes
        first, the references follow in their own order.

    Raises:
        DataError: If all test flights share one outcome, or a reference lacks some of them.
    """
    is_late, flight_date = test_predictions["is_late"], test_predictions["flight_date"]
    if is_late.nunique() < 2:
        raise DataError(
            "Table test has no late flight, or late flights only, so nothing can be scored: "
            "lengthen the test period in the parameters."
        )
    probabilities = _collect_probabilities(test_predictions, reference_predictions)
    scores = {
        name: compute_intervals(is_late, probability, flight_date, parameters).assign(
            value=pd.Series(compute_metrics(is_late, probability, parameters))
        )
        for name, probability in probabilities.items()
    }
    comparison = pd.concat(scores, names=["model", "metric"]).reset_index()
    return comparison[["model", "metric", "value", "lower", "upper"]]


def summarise_metrics(
    model_comparison: pd.DataFrame,
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Pick from the comparison what is read by name: by programs, and beside other MLflow runs.

    Args:
        model_comparison: The scores of every model, from `evaluate_models`.

    Returns:
        The model's metrics and bounds by name (`roc_auc`, `roc_auc_lower`, `roc_auc_upper`, ...),
        and, as kedro-mlflow wants them, the same with the references' values
        (`base_rate.roc_auc`, ...).
    """
    is_model = model_comparison["model"] == "model"
    scores = model_comparison[is_model].set_index("metric")
    metrics = {
        **scores["value"],
        **scores["lower"].add_suffix("_lower"),
        **scores["upper"].add_suffix("_upper"),
    }
    references = model_comparison[~is_model]
    names = references["model"] + "." + references["metric"]
    tracked = metrics | dict(zip(names, references["value"], strict=True))
    return metrics, {name: {"value": value, "step": 0} for name, value in tracked.items()}


def plot_performance(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    parameters: EvaluationParameters,
) -> tuple[Figure, Figure, Figure, Figure]:
    """Draw the model against its references.

    Args:
        test_predictions: The model's predictions, from `predict_test`.
        reference_predictions: The references' predictions, from `predict_references`.
        parameters: Costs and calibration bins.

    Returns:
        The ROC, the precision-recall, the reliability and the cost curves.

    Raises:
        DataError: If a reference lacks some of the flights.
    """
    is_late = test_predictions["is_late"]
    probabilities = _collect_probabilities(test_predictions, reference_predictions)
    return (
        plots.plot_roc(is_late, probabilities),
        plots.plot_precision_recall(is_late, probabilities),
        plots.plot_reliability(is_late, probabilities, parameters),
        plots.plot_cost(is_late, probabilities, parameters),
    )


def _predict_late(model: Pipeline, flights: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(model.predict_proba(flights)[:, 1], dtype=np.float64)


def _collect_probabilities(
    test_predictions: pd.DataFrame, reference_predictions: pd.DataFrame
) -> pd.DataFrame:
    """Put the references' probabilities beside the model's: one column a model, "model" first."""
    named = test_predictions[["flight_id", "late_probability"]].set_axis(
        ["flight_id", "model"], axis=1
    )
    joined = join_all(named, reference_predictions, "reference_predictions")
    return joined.drop(columns="flight_id")
