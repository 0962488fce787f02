"""A model's scores on parts of the flights."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.leads import select_headline
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.parameters import EvaluationParameters

LEAD_SLICE = "lead"
SLICE_METRICS = ["roc_auc", "log_loss", "brier_score", "cost_per_flight"]


def evaluate_slices(
    test_predictions: pd.DataFrame, prm_flights: pd.DataFrame, parameters: EvaluationParameters
) -> pd.DataFrame:
    """Score the model by lead, and at the headline lead by the traits of a flight.

    These are origin, carrier, month, local hour, and whether the aircraft is known.

    Args:
        test_predictions: One row per question: `flight_id`, `lead_minutes`, `flight_date`,
            `origin`, `carrier`, `is_late` and `late_probability`.
        prm_flights: Facts of the flights.
        parameters: The headline lead and the costs.

    Returns:
        One row per slice and value. `roc_auc` is missing where all flights share one outcome.

    Raises:
        DataError: If there is no question at the headline lead, or a predicted flight is not among
            the facts.
    """
    facts = prm_flights[["flight_id", "scheduled_departure_local", "aircraft_model"]]
    headline = select_headline(test_predictions, parameters)
    flights = join_without_loss(headline, facts, "prm_flights", ["flight_id"])
    slices = {
        "origin": flights["origin"],
        "carrier": flights["carrier"],
        "month": flights["flight_date"].dt.strftime("%Y-%m"),
        "hour": flights["scheduled_departure_local"].dt.strftime("%H"),
        "aircraft": flights["aircraft_model"].notna().map({True: "known", False: "unknown"}),
    }
    groups = [
        (name, value, group)
        for name, values in slices.items()
        for value, group in flights.groupby(values)
    ]
    leads = test_predictions.groupby("lead_minutes")
    groups += [(LEAD_SLICE, str(lead), group) for lead, group in leads]
    return pd.DataFrame(
        {"slice": name, "value": value, **_describe_slice(group, parameters)}
        for name, value, group in groups
    )


def join_without_loss(
    predictions: pd.DataFrame, table: pd.DataFrame, name: str, keys: list[str]
) -> pd.DataFrame:
    """Join a table that must know every prediction.

    Args:
        predictions: Whatever has been predicted, with the keys.
        table: One row per value of the keys.
        name: What the catalog calls the table.
        keys: The columns on which they meet.

    Returns:
        The predictions with the columns of the table.

    Raises:
        DataError: The table lacks some of the predictions.
    """
    joined = predictions.merge(table, on=keys, validate="many_to_one")
    if len(joined) < len(predictions):
        raise DataError(
            f"Table {name} lacks {len(predictions) - len(joined)} rows of test_predictions: "
            "the two are from different runs, run the pipelines that make them again."
        )
    return joined


def _describe_slice(flights: pd.DataFrame, parameters: EvaluationParameters) -> dict[str, float]:
    is_late, probability = flights["is_late"], flights["late_probability"]
    metrics = compute_metrics(is_late, probability, parameters)
    return {
        "flights": len(flights),
        "late_share": is_late.mean(),
        **{metric: metrics[metric] for metric in SLICE_METRICS},
        "mean_probability": probability.mean(),
    }
