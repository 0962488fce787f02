"""The questions of the whole past, for all candidates at once."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.monitoring.backtest.policies import MONTHS_BEFORE
from flight_delays.parameters import (
    EvaluationParameters,
    FeatureEngineeringParameters,
    Group,
    Period,
    Splits,
    TargetParameters,
)
from flight_delays.pipelines.continuous_training.nodes import list_whole_months
from flight_delays.pipelines.feature_engineering.nodes import build_features, split_flights


def ask_all(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    features: FeatureEngineeringParameters,
    target: TargetParameters,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, pd.DataFrame, dict[Group, list[str]], list[str]]:
    """Make the questions of the whole past, once for all candidates.

    No feature knows more than was known when its question was asked, so a candidate of an earlier
    month would have had the same ones.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        features: Leads and families of features; the splits do not count.
        target: When a flight counts as late.
        evaluation: The headline lead.

    Returns:
        Questions to learn from, at leads drawn as for any training, of all months but the last;
        questions to answer, at the headline lead, of all months but the first two; the features by
        group; and the months.

    Raises:
        DataError: There are fewer than four whole months in a row.
    """
    months = _select_months(list_whole_months(flights))
    first, *_, last = months
    lead = {"evaluated_minutes": [evaluation.headline_lead_minutes]}
    features = features.model_copy(update={"leads": features.leads.model_copy(update=lead)})
    learn = _plan(features, (first, months[-3]), (months[-2], months[-2]), (last, last))
    ask = _plan(features, (first, first), (months[1], months[1]), (months[2], last))

    table, groups, _ = build_features(flights, weather, learn, target)
    train, validation, *_ = split_flights(table, learn)
    table, *_ = build_features(flights, weather, ask, target)
    *_, asked, _ = split_flights(table, ask)
    learnt = pd.concat([train, validation], ignore_index=True)
    return learnt, asked, groups, [str(month) for month in months]


def _select_months(whole: pd.PeriodIndex) -> pd.PeriodIndex:
    """Select the last whole months that follow each other without a gap."""
    in_a_row = [
        month
        for place, month in enumerate(reversed(whole))
        if whole[-1].ordinal - month.ordinal == place
    ]
    if len(in_a_row) <= MONTHS_BEFORE:
        raise DataError(
            f"Table prm_flights ends with {len(in_a_row)} whole months in a row, and to play the "
            f"past again takes {MONTHS_BEFORE + 1}, the first {MONTHS_BEFORE} of them for the "
            "first model: collect more months."
        )
    return pd.PeriodIndex(in_a_row[::-1])


def _plan(
    features: FeatureEngineeringParameters, *splits: tuple[pd.Period, pd.Period]
) -> FeatureEngineeringParameters:
    train, validation, test = (
        Period(start=first.start_time.date(), end=last.end_time.date()) for first, last in splits
    )
    planned = Splits(train=train, validation=validation, test=test)
    return features.model_copy(update={"splits": planned})
