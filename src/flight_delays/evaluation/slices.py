"""A model on parts of the flights: its scores, and whether a baseline is better there."""

from collections.abc import Iterator

import pandas as pd

from flight_delays.evaluation.answers import ANSWER, join_without_loss, part_by_threshold
from flight_delays.evaluation.days import FEWEST_BLOCKS
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.gates import BASELINES
from flight_delays.evaluation.headline import select_headline, select_lead
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.parameters import EvaluationParameters, PromotionParameters

LEAD_SLICE = "lead"
SLICE_METRICS = ["roc_auc", "log_loss", "brier_score", "cost_per_flight"]
COMPARISON = ["slice", "value", "reference", "flights", "difference", "lower", "upper"]


def evaluate_slices(
    test_predictions: pd.DataFrame, prm_flights: pd.DataFrame, parameters: EvaluationParameters
) -> pd.DataFrame:
    """Score the model by lead, and at the headline lead by the traits of a flight.

    These are origin, carrier, month, local hour, and whether the aircraft is known.

    Args:
        test_predictions: One row per question and threshold: `flight_id`, `lead_minutes`,
            `threshold_minutes`, `flight_date`, `origin`, `carrier`, `is_late` and
            `late_probability`.
        prm_flights: Facts of the flights.
        parameters: The headline lead and the costs.

    Returns:
        One row per threshold, slice and value. `roc_auc` is missing where all flights share one
        outcome.

    Raises:
        DataError: If there is no question at the headline lead, or a predicted flight is not among
            the facts.
    """
    rows = []
    for threshold, answers in part_by_threshold(test_predictions).items():
        judged = parameters.at_threshold(threshold)
        slices = list(_cut_slices(select_lead(answers, parameters), prm_flights))
        slices += [(LEAD_SLICE, str(lead), part) for lead, part in answers.groupby("lead_minutes")]
        for name, value, part in slices:
            described = _describe_slice(part, judged)
            rows.append(
                {"threshold_minutes": threshold, "slice": name, "value": value, **described}
            )
    return pd.DataFrame(rows)


def compare_slices(
    test_predictions: pd.DataFrame,
    reference_predictions: pd.DataFrame,
    prm_flights: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Hold the model against the baselines on each large slice, at headline lead and threshold.

    Where few are late, ranking is hard for everybody: only a baseline on the same flights says what
    could be had there. Of many slices one looks bad by chance, so each interval is as wide as it
    takes for all of them to hold together (Bonferroni).

    Args:
        test_predictions: As `evaluate_slices` takes them, with `prediction_time`.
        reference_predictions: The answers of the baselines, a column each.
        prm_flights: Facts of the flights.
        promotion: How many flights make a slice large, and how sure all intervals together are.
        evaluation: The headline lead, and how many days make a block.

    Returns:
        One row per slice, value and baseline: `flights`, and of the log loss, the model's minus
        the baseline's, the `difference` with its `lower` and `upper` bound. A slice of too few
        days for an interval has none.

    Raises:
        DataError: If there is no question at the headline lead, or a prediction is not among the
            facts or the references.
    """
    headline = select_headline(test_predictions, evaluation)
    references = reference_predictions[[*ANSWER, *BASELINES]]
    joined = join_without_loss(headline, references, "reference_predictions", ANSWER)
    large = [
        (name, value, flights)
        for name, value, flights in _cut_slices(joined, prm_flights)
        if len(flights) >= promotion.min_slice_flights
        and flights["flight_date"].nunique() >= FEWEST_BLOCKS * evaluation.block_days
    ]
    comparisons = len(large) * len(BASELINES)
    rows = [
        {
            "slice": name,
            "value": value,
            "reference": baseline,
            "flights": len(flights),
            **compare_log_losses(
                flights["is_late"],
                flights["late_probability"],
                flights[baseline],
                flights["flight_date"],
                1 - (1 - promotion.confidence_level) / comparisons,
                evaluation,
            ),
        }
        for name, value, flights in large
        for baseline in BASELINES
    ]
    return pd.DataFrame(rows, columns=COMPARISON)


def _describe_slice(flights: pd.DataFrame, parameters: EvaluationParameters) -> dict[str, float]:
    is_late, probability = flights["is_late"], flights["late_probability"]
    metrics = compute_metrics(is_late, probability, parameters)
    return {
        "flights": len(flights),
        "late_share": is_late.mean(),
        **{metric: metrics[metric] for metric in SLICE_METRICS},
        "mean_probability": probability.mean(),
    }


def _cut_slices(
    predictions: pd.DataFrame, prm_flights: pd.DataFrame
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Cut by the traits of a flight: the slice's name, its value and its predictions."""
    facts = prm_flights[["flight_id", "scheduled_departure_local", "aircraft_model"]]
    flights = join_without_loss(predictions, facts, "prm_flights", ["flight_id"])
    dates = flights["flight_date"]
    slices = {
        "origin": flights["origin"],
        "carrier": flights["carrier"],
        "month": dates.map({date: f"{date:%Y-%m}" for date in dates.unique()}),
        "hour": flights["scheduled_departure_local"].dt.hour.map("{:02}".format),
        "aircraft": flights["aircraft_model"].notna().map({True: "known", False: "unknown"}),
    }
    for name, values in slices.items():
        for value, group in flights.groupby(values):
            yield name, value, group
