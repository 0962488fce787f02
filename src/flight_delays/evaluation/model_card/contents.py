"""What the model card says, as plain values."""

from collections.abc import Hashable
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from flight_delays.evaluation.slices import LEAD_SLICE
from flight_delays.parameters import EvaluationParameters
from flight_delays.parameters.modelling import ClassifierParameters

Provenance = dict[str, Any]
Row = dict[Hashable, Any]

UNKNOWN = "unknown"
PROVENANCE = (
    "registered_model",
    "version",
    "run_id",
    "git_commit",
    "git_dirty",
    "lock_sha256",
    "data_sha256",
)
STRONGEST_FEATURES = 10
HIGHER_IS_BETTER = {"log_loss": False, "roc_auc": True}


def complete_provenance(provenance: Provenance) -> Provenance:
    """Put `unknown` where the provenance says nothing.

    Args:
        provenance: What is known.

    Returns:
        Every key of `PROVENANCE` with a text, and `packages` and `datasets` with a dictionary.
    """
    texts = {name: provenance.get(name, UNKNOWN) for name in PROVENANCE}
    tables = {name: provenance.get(name, {}) for name in ("packages", "datasets")}
    return texts | tables


def describe_data(splits: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Tell where the flights are from.

    Args:
        splits: By name, earliest first, what `describe_split` says.

    Returns:
        The `origins` and the number of `carriers` of all, and the `splits` as they came.
    """
    origins, carriers = (
        sorted({place for split in splits.values() for place in split[name]})
        for name in ("origins", "carriers")
    )
    return {"origins": origins, "carriers": len(carriers), "splits": splits}


def describe_model(model: Pipeline) -> dict[str, Any]:
    """Tell what was fitted, from the fitted model itself.

    Args:
        model: The fitted classifier, with its gradient boosting in the step "classify".

    Returns:
        Its `type`, number of `trees`, whether it was `refitted` on train and validation, and the
        `hyperparameters` by name.
    """
    classifier = model.named_steps["classify"]
    parameters = classifier.get_params()
    names = [name for name in ClassifierParameters.model_fields if name != "max_iter"]
    return {
        "type": type(classifier).__name__,
        "trees": classifier.n_iter_,
        # Only the second fit has no flights left to stop it early.
        "refitted": not parameters["early_stopping"],
        "hyperparameters": {name: parameters[name] for name in [*names, "random_state"]},
    }


def describe_features(importance: pd.DataFrame) -> dict[str, Any]:
    """Count the features of each group and pick the strongest.

    Args:
        importance: Groups and features that the model uses (`Importance`).

    Returns:
        The `number` of features; by name the `groups`, strongest first, each with its `number` of
        features and `rise` of the log loss; and the rows of the `strongest` features.
    """
    groups = importance[importance["level"] == "group"].set_index("name")
    features = importance[importance["level"] == "feature"]
    numbers = features["group"].value_counts()
    strongest = features.nlargest(STRONGEST_FEATURES, "log_loss_increase")
    return {
        "number": len(features),
        "groups": {
            str(name): {"number": numbers[str(name)], "rise": rise}
            for name, rise in groups["log_loss_increase"].items()
        },
        "strongest": strongest.to_dict("records"),
    }


def describe_leads(
    test_predictions: pd.DataFrame, model_comparison: pd.DataFrame
) -> list[dict[str, Any]]:
    """Tell how many flights each lead has, and how good every model is there.

    Args:
        test_predictions: All questions about the test flights (`TestPredictions`).
        model_comparison: One row per lead, model and metric (`ModelComparison`).

    Returns:
        For each lead, the shortest first, its `minutes`, the `flights` asked about, the test
        flights that had `left` by then, and the `scores` by metric and model.
    """
    flights = test_predictions["flight_id"].nunique()
    asked = test_predictions["lead_minutes"].value_counts()
    return [
        {
            "minutes": lead,
            "flights": asked[lead],
            "left": flights - asked[lead],
            "scores": describe_scores(scores),
        }
        for lead, scores in model_comparison.groupby("lead_minutes")
    ]


def describe_scores(model_comparison: pd.DataFrame) -> dict[str, dict[str, Row]]:
    """Arrange the comparison as a report shows it.

    Args:
        model_comparison: One row per model and metric, of one lead (`ModelComparison`).

    Returns:
        For each metric and model its `value`, `lower` and `upper` bound, both in their own order.
    """
    return {
        str(metric): {row["model"]: row for row in scores.to_dict("records")}
        for metric, scores in model_comparison.groupby("metric", sort=False)
    }


def describe_slices(
    slice_metrics: pd.DataFrame, slice_comparison: pd.DataFrame, enough: int
) -> dict[str, Any]:
    """Find where the model is best and worst at the headline lead, and where against a baseline.

    Args:
        slice_metrics: One row per slice and value (`SliceMetrics`).
        slice_comparison: One row per large slice, value and baseline (`SliceComparison`).
        enough: A slice of fewer flights is called neither the best nor the worst.

    Returns:
        `all` the rows, what is `enough`, and the `extremes`: by metric the `best` and the `worst`
        row, unless no slice of enough flights has the metric; and by baseline the `closest` row of
        the comparison, the one with the highest lower bound.
    """
    enough_flights = slice_metrics["flights"] >= enough
    large = slice_metrics[enough_flights & (slice_metrics["slice"] != LEAD_SLICE)]
    extremes = {}
    for metric, higher in HIGHER_IS_BETTER.items():
        ranked = large.dropna(subset=metric).sort_values(metric, ascending=not higher)
        if rows := ranked.to_dict("records"):
            extremes[metric] = {"best": rows[0], "worst": rows[-1]}
    closest = slice_comparison.sort_values("lower").drop_duplicates("reference", keep="last")
    return {
        "all": slice_metrics.to_dict("records"),
        "enough": enough,
        "extremes": extremes,
        "closest": {row["reference"]: row for row in closest.to_dict("records")},
    }


def describe_decisions(
    test_predictions: pd.DataFrame, parameters: EvaluationParameters
) -> dict[str, float]:
    """Tell what alerting from the decision threshold on comes to.

    Args:
        test_predictions: What the model said at one lead, and what happened (`TestPredictions`).
        parameters: The costs, which fix the threshold.

    Returns:
        The share of late flights and the mean probability; flights and alerts per day; the shares
        of flights alerted, of late flights caught and of alerts that were right (missing where
        there is none); and the cost per flight of alerting always and never.
    """
    late = test_predictions["is_late"]
    alerted = test_predictions["late_probability"] >= parameters.decision_threshold
    days = test_predictions["flight_date"].nunique()
    return {
        "late_share": late.mean(),
        "mean_probability": test_predictions["late_probability"].mean(),
        "flights_per_day": len(late) / days,
        "alerts_per_day": alerted.sum() / days,
        "alerted_share": alerted.mean(),
        "caught_share": alerted[late].mean(),
        "right_share": late[alerted].mean(),
        "cost_always": parameters.false_alarm_cost * (1 - late.mean()),
        "cost_never": parameters.miss_cost * late.mean(),
    }
