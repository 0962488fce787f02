"""Facts -> questions -> features known at prediction time -> train, validation and test."""

import logging
from typing import Any

import numpy as np
import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.splits import describe_split
from flight_delays.parameters import (
    FeatureEngineeringParameters,
    Group,
    Leads,
    Period,
    TargetParameters,
)
from flight_delays.registry.feature_definition import define_features, make_features_by

FLIGHT = ["flight_id", "flight_date", "scheduled_departure", "origin", "destination"]
KEYS = [*FLIGHT[:3], "prediction_time", *FLIGHT[3:]]
OUTCOME = ["arrival_delay_minutes", "is_late"]

logger = logging.getLogger(__name__)


def build_features(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    parameters: FeatureEngineeringParameters,
    target: TargetParameters,
) -> tuple[pd.DataFrame, dict[Group, list[str]], dict[str, Any]]:
    """Ask about the flights of the splits, and make the features of every question.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        parameters: Splits, leads and families of features.
        target: When a flight counts as late.

    Returns:
        Keys, features and outcome, one row per question (`FeatFlights`); the names of the features
        by group; and what the features mean (`FeatureDefinition`, as JSON).

    Raises:
        DataError: If nothing can be learned from a split.
    """
    # Before the questions, which depend on the splits, are written over those of other splits.
    select_splits(flights[["flight_id", "flight_date", "is_late"]], parameters)
    questions = ask_questions(flights, parameters)
    definition = define_features(parameters, target)
    features, groups = make_features_by(definition, flights, weather, questions)
    table = pd.concat([questions[KEYS], features, questions[OUTCOME]], axis=1)
    return table, groups, definition.model_dump(mode="json")


def ask_questions(flights: pd.DataFrame, parameters: FeatureEngineeringParameters) -> pd.DataFrame:
    """Ask about each test flight at every evaluated lead, about all others once.

    Args:
        flights: Facts of all flights (`PrmFlights`).
        parameters: Splits and leads.

    Returns:
        One row per question: its keys and its outcome. A flight that had left by the prediction
        time is not asked about.
    """
    leads = parameters.leads
    known = flights[[*FLIGHT, "actual_departure", *OUTCOME]]
    is_test = _is_within(known, parameters.splits.test)
    others, test = known[~is_test], known[is_test]
    questions = pd.concat(
        [
            others.assign(lead_minutes=draw_leads(others["flight_id"], leads)),
            *(test.assign(lead_minutes=lead) for lead in leads.evaluated_minutes),
        ]
    )
    lead = pd.to_timedelta(questions.pop("lead_minutes"), unit="min")
    prediction_time = questions["scheduled_departure"] - lead
    has_left = questions.pop("actual_departure") <= prediction_time
    logger.info(
        "%d questions about %d flights; %d not asked: the flight had left",
        len(questions) - has_left.sum(),
        len(known),
        has_left.sum(),
    )
    return questions.assign(prediction_time=prediction_time)[~has_left].reset_index(drop=True)


def draw_leads(flight_ids: pd.Series, leads: Leads) -> pd.Series:
    """Draw a lead for each flight, log-uniformly: every doubling is as likely as the next.

    The draw is a hash of the flight's id, so that it is the same in every run, whatever other
    flights there are.

    Args:
        flight_ids: The flights.
        leads: The range to draw from, both ends included.

    Returns:
        Whole minutes, on the index of the ids.
    """
    uniform = pd.util.hash_array(flight_ids.to_numpy(object)) / 2.0**64
    ratio = leads.longest_minutes / leads.shortest_minutes
    minutes = np.rint(leads.shortest_minutes * ratio**uniform).astype(np.int64)
    return pd.Series(minutes, index=flight_ids.index)


def split_flights(
    features: pd.DataFrame, parameters: FeatureEngineeringParameters
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, dict[str, Any]]]:
    """Split the questions whose outcome is known by the flight's local date.

    Args:
        features: Keys, features and outcome of every question.
        parameters: The dates of the splits.

    Returns:
        Train, validation and test, `is_late` without missing values; and a description of each.

    Raises:
        DataError: If a split has no flights, or none that were late, or none that were not.
    """
    splits = select_splits(features, parameters)
    described = {name: describe_split(questions) for name, questions in splits.items()}
    return splits["train"], splits["validation"], splits["test"], described


def note_deliveries(deliveries: list[str], splits: dict[str, dict[str, Any]]) -> list[str]:
    """Note which deliveries the splits are made from: by training there may be newer ones.

    Args:
        deliveries: The ids, the newest last.
        splits: What the splits are; only once they are made there is something to note.

    Returns:
        The ids.
    """
    return deliveries


def select_splits(
    questions: pd.DataFrame, parameters: FeatureEngineeringParameters
) -> dict[str, pd.DataFrame]:
    """Select what belongs to train, validation and test.

    Args:
        questions: With `flight_id`, `flight_date` and `is_late`.
        parameters: The dates of the splits.

    Returns:
        The questions of each split whose outcome is known.

    Raises:
        DataError: If a split has no flights, or none that were late, or none that were not.
    """
    return {name: _select_period(questions, name, period) for name, period in parameters.splits}


def _select_period(questions: pd.DataFrame, name: str, period: Period) -> pd.DataFrame:
    within = _is_within(questions, period)
    selected = questions[within & questions["is_late"].notna()].astype({"is_late": bool})
    if selected["is_late"].nunique() < 2:
        dates = questions["flight_date"]
        raise DataError(
            f"The {name} split, {period.start} to {period.end}, has "
            f"{selected['flight_id'].nunique():,} flights with a known outcome, but needs late "
            f"ones and others. The flights run from {dates.min():%Y-%m-%d} to "
            f"{dates.max():%Y-%m-%d}: change the parameter feature_engineering.splits.{name}."
        )
    return selected.reset_index(drop=True)


def _is_within(flights: pd.DataFrame, period: Period) -> pd.Series:
    return flights["flight_date"].between(pd.Timestamp(period.start), pd.Timestamp(period.end))
