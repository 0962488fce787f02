"""Where models are judged: at one lead, and by the first threshold, which the word late means."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.modelling.lateness import name_threshold
from flight_delays.parameters import EvaluationParameters


def select_lead(table: pd.DataFrame, parameters: EvaluationParameters) -> pd.DataFrame:
    """Select the rows of the headline lead, whatever their threshold.

    Args:
        table: The table test, or one made of it, with `lead_minutes`.
        parameters: The headline lead.

    Returns:
        The rows, numbered anew.

    Raises:
        DataError: There is none.
    """
    headline = parameters.headline_lead_minutes
    selected = table[table["lead_minutes"] == headline]
    if selected.empty:
        leads = ", ".join(f"{lead:g}" for lead in sorted(table["lead_minutes"].unique()))
        raise DataError(
            f"Table test has no question at {headline} minutes before departure, the parameter "
            f"evaluation.headline_lead_minutes, but at {leads}. Choose one of these, or add it to "
            "feature_engineering.leads.evaluated_minutes and make the features again."
        )
    return selected.reset_index(drop=True)


def select_headline(table: pd.DataFrame, parameters: EvaluationParameters) -> pd.DataFrame:
    """Select the rows of the headline lead and the first threshold.

    Args:
        table: Answers, or what was made of them, with `lead_minutes` and `threshold_minutes`.
        parameters: The headline lead.

    Returns:
        The rows, numbered anew.

    Raises:
        DataError: There is none.
    """
    selected = select_lead(table, parameters)
    return select_first_threshold(selected).reset_index(drop=True)


def select_first_threshold(table: pd.DataFrame) -> pd.DataFrame:
    """Select the rows of the first threshold, at all leads."""
    threshold = table["threshold_minutes"]
    selected: pd.DataFrame = table[threshold == threshold.min()]
    return selected


def name_metrics(model_comparison: pd.DataFrame) -> pd.Series:
    """Name each row's metric so that thresholds are told apart: `roc_auc`, `roc_auc_late_60`.

    Args:
        model_comparison: One row per threshold, lead, model and metric.

    Returns:
        The names, on its index; those of the first threshold are plain.
    """
    threshold = model_comparison["threshold_minutes"]
    suffix = ("_" + threshold.map(name_threshold)).where(threshold > threshold.min(), "")
    return model_comparison["metric"] + suffix
