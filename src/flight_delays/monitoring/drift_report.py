"""Drift for people to look at, by Evidently."""

import pandas as pd
from pandas.api.types import is_numeric_dtype

from flight_delays.parameters import DriftParameters

from .reference import PREDICTION


def render_drift(
    reference: pd.DataFrame, month: pd.DataFrame, drift: pd.DataFrame, parameters: DriftParameters
) -> str:
    """Render how the month differs from the reference.

    Args:
        reference: From `sample_reference`.
        month: From `describe_questions`.
        drift: From `measure_drift`; each column is shown with its limit.
        parameters: How many features to show: the page has 4 MB, and 50 kB for each.

    Returns:
        A page of HTML that needs no network: what the model said, and the features furthest away.
    """
    # Only here, because it takes seconds, and nothing else needs it.
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    is_said = drift["column"].str.startswith(PREDICTION)
    told = drift["column"][~is_said].head(parameters.reported_columns)
    columns = [*drift["column"][is_said], *told]
    numbers = [name for name in columns if is_numeric_dtype(reference[name])]
    definition = DataDefinition(
        numerical_columns=numbers,
        categorical_columns=[name for name in columns if name not in numbers],
    )
    preset = DataDriftPreset(
        columns=columns,
        num_method="wasserstein",
        cat_method="jensenshannon",
        per_column_threshold=drift.set_index("column")["limit"][columns].to_dict(),
    )
    now, before = (
        Dataset.from_pandas(table[columns], data_definition=definition)
        for table in (month, reference)
    )
    page: str = Report([preset]).run(now, before).get_html_str(as_iframe=False)
    return page
