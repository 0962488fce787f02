"""The lead at which models are judged, among those that the test flights are asked about at."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import EvaluationParameters


def select_headline(table: pd.DataFrame, parameters: EvaluationParameters) -> pd.DataFrame:
    """Select the rows of the headline lead.

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
