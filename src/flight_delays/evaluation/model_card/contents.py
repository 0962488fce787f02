"""What the model card says, as plain values."""

from collections.abc import Hashable
from itertools import pairwise
from typing import Any

import pandas as pd

from flight_delays.evaluation.answers import part_by_threshold
from flight_delays.evaluation.headline import select_first_threshold, select_lead
from flight_delays.evaluation.slices import LEAD_SLICE
from flight_delays.modelling.lateness import LatenessClassifier
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
        Every key of `PROVENANCE` with a text, and `packages` and `datasets` with a dictionary;
        `last_delivery` is None where there was none.
    """
    texts = {name: provenance.get(name, UNKNOWN) for name in PROVENANCE}
    tables = {name: provenance.get(name, {}) for name in ("packages", "datasets")}
    return texts | tables | {"last_delivery": provenance.get("last_delivery")}


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


def describe_model(model: LatenessClassifier) -> dict[str, Any]:
    """Tell what was fitted, from the fitted model itself.

    Args:
        model: The fitted model, each link with its gradient boosting in the step "classify".

    Returns:
        The `type` of its `links`, for each of these its `minutes`, those it is `given` (none to the
        first) and its `trees`; whether they were `refitted` on train and validation, and the
        `hyperparameters` by name.
    """
    classifiers = [link.named_steps["classify"] for link in model.links]
    classifier, *_ = classifiers
    parameters = classifier.get_params()
    names = [name for name in ClassifierParameters.model_fields if name != "max_iter"]
    return {
        "type": type(classifier).__name__,
        "links": [
            {"minutes": minutes, "given": given, "trees": each.n_iter_}
            for (given, minutes), each in zip(
                pairwise([None, *model.thresholds_minutes]), classifiers, strict=True
            )
        ],
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


def describe_thresholds(
    test_predictions: pd.DataFrame,
    model_comparison: pd.DataFrame,
    evaluation: EvaluationParameters,
) -> list[dict[str, Any]]:
    """Tell how good every model is by each threshold, and what alerting on it comes to.

    Args:
        test_predictions: All answers about the test flights (`TestPredictions`).
        model_comparison: One row per threshold, lead, model and metric (`ModelComparison`).
        evaluation: The headline lead and the costs.

    Returns:
        For each threshold, the first one first, its `minutes`, its `costs`; at the headline lead
        the `scores` by metric and model and the `decisions`; and the `leads`.
    """
    comparisons = part_by_threshold(model_comparison)
    described = []
    for minutes, answers in part_by_threshold(test_predictions).items():
        costs, comparison = evaluation.at_threshold(minutes), comparisons[minutes]
        described.append(
            {
                "minutes": minutes,
                "costs": costs,
                "scores": describe_scores(select_lead(comparison, evaluation)),
                "decisions": describe_decisions(select_lead(answers, evaluation), costs),
                "leads": describe_leads(answers, comparison),
            }
        )
    return described


def describe_leads(
    test_predictions: pd.DataFrame, model_comparison: pd.DataFrame
) -> list[dict[str, Any]]:
    """Tell how many flights each lead has, and how good every model is there.

    Args:
        test_predictions: The answers to one threshold, at all leads (`TestPredictions`).
        model_comparison: One row per lead, model and metric, of that threshold.

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
        model_comparison: One row per model and metric, of one threshold and lead.

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
    """Find where the model is best and worst by the first threshold, and where against a baseline.

    Args:
        slice_metrics: One row per threshold, slice and value (`SliceMetrics`).
        slice_comparison: One row per large slice, value and baseline (`SliceComparison`).
        enough: A slice of fewer flights is called neither the best nor the worst.

    Returns:
        `all` the rows, what is `enough`, and the `extremes`: by metric the `best` and the `worst`
        row, unless no slice of enough flights has the metric; and by baseline the `closest` row of
        the comparison, the one with the highest lower bound.
    """
    first = select_first_threshold(slice_metrics)
    large = first[(first["flights"] >= enough) & (first["slice"] != LEAD_SLICE)]
    extremes = {}
    for metric, higher in HIGHER_IS_BETTER.items():
        ranked = large.dropna(subset=metric).sort_values(metric, ascending=not higher)
        if rows := ranked.to_dict("records"):
            extremes[metric] = {"best": rows[0], "worst": rows[-1]}
    rising = slice_comparison.sort_values("lower").to_dict("records")
    return {
        "all": slice_metrics.to_dict("records"),
        "enough": enough,
        "extremes": extremes,
        "closest": {row["reference"]: row for row in rising},  # the last one of each stays
    }


def describe_decisions(
    test_predictions: pd.DataFrame, parameters: EvaluationParameters
) -> dict[str, float]:
    """Tell what alerting from the decision threshold on comes to.

    Args:
        test_predictions: What the model said of one threshold at one lead, and what happened.
        parameters: The costs, which fix the decision threshold.

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
