"""A model's scores on parts of the flights."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.parameters import EvaluationParameters

SLICE_METRICS = ["roc_auc", "log_loss", "brier_score", "cost_per_flight"]


def evaluate_slices(
    test_predictions: pd.DataFrame, prm_flights: pd.DataFrame, parameters: EvaluationParameters
) -> pd.DataFrame:
    """Score the model by origin, carrier, month, local hour, and whether the aircraft is known.

    Args:
        test_predictions: One row per flight: `flight_id`, `flight_date`, `origin`, `carrier`,
            `is_late` and `late_probability`.
        prm_flights: Facts of the flights.
        parameters: The costs.

    Returns:
        One row per slice and value. `roc_auc` is missing where all flights share one outcome.

    Raises:
        DataError: If a predicted flight is not among the facts.
    """
    facts = prm_flights[["flight_id", "scheduled_departure_local", "aircraft_model"]]
    flights = join_all(test_predictions, facts, "prm_flights")
    slices = {
        "origin": flights["origin"],
        "carrier": flights["carrier"],
        "month": flights["flight_date"].dt.strftime("%Y-%m"),
        "hour": flights["scheduled_departure_local"].dt.strftime("%H"),
        "aircraft": flights["aircraft_model"].notna().map({True: "known", False: "unknown"}),
    }
    rows = [
        {"slice": name, "value": value, **_describe_slice(group, parameters)}
        for name, values in slices.items()
        for value, group in flights.groupby(values)
    ]
    return pd.DataFrame(rows)


def join_all(predictions: pd.DataFrame, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Join a table that must know every predicted flight.

    Args:
        predictions: One row per flight, with `flight_id`.
        table: One row per flight, with `flight_id`.
        name: What the catalog calls the table.

    Returns:
        The predictions with the columns of the table.

    Raises:
        DataError: The table lacks some of the flights.
    """
    joined = predictions.merge(table, on="flight_id", validate="one_to_one")
    if len(joined) < len(predictions):
        raise DataError(
            f"Table {name} lacks {len(predictions) - len(joined)} flights of test_predictions: "
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
