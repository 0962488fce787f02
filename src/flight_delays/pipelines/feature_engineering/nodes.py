"""Facts -> features known at prediction time -> train, validation and test."""

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.features.build import make_features
from flight_delays.parameters import FeatureEngineeringParameters, Group, Period

KEYS = [
    "flight_id",
    "flight_date",
    "scheduled_departure",
    "prediction_time",
    "origin",
    "destination",
]


def build_features(
    flights: pd.DataFrame, weather: pd.DataFrame, parameters: FeatureEngineeringParameters
) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
    """Make the features of every flight at its prediction time.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        parameters: Lead time and families of features.

    Returns:
        Keys, features and `is_late`, one row per flight (`FeatFlights`); and the names of the
        features by group.
    """
    lead = pd.Timedelta(minutes=parameters.leads.evaluated_minutes[0])
    asked = flights.assign(prediction_time=flights["scheduled_departure"] - lead)
    features, groups = make_features(asked, flights, weather, parameters)
    return pd.concat([asked[KEYS], features, flights["is_late"]], axis=1), groups


def split_flights(
    features: pd.DataFrame, parameters: FeatureEngineeringParameters
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Split the flights whose outcome is known by their local date.

    Args:
        features: Keys, features and `is_late` of every flight.
        parameters: The dates of the splits.

    Returns:
        Train, validation and test; `is_late` without missing values.

    Raises:
        DataError: If a split has no flights, or none that were late, or none that were not.
    """
    splits = parameters.splits
    return (
        _select_period(features, "train", splits.train),
        _select_period(features, "validation", splits.validation),
        _select_period(features, "test", splits.test),
    )


def _select_period(flights: pd.DataFrame, name: str, period: Period) -> pd.DataFrame:
    dates, arrived = flights["flight_date"], flights["is_late"].notna()
    within = dates.between(pd.Timestamp(period.start), pd.Timestamp(period.end))
    selected = flights[within & arrived].astype({"is_late": bool})
    if selected["is_late"].nunique() < 2:
        raise DataError(
            f"The {name} split, {period.start} to {period.end}, has {len(selected):,} flights with "
            f"a known outcome, but needs late ones and others. The flights run from "
            f"{dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}: change the parameter "
            f"feature_engineering.splits.{name}."
        )
    return selected.reset_index(drop=True)
