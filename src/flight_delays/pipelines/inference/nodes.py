"""Ask the champion about the flights that are due after a moment, from what was known then."""

import logging

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.parameters import (
    EvaluationParameters,
    InferenceParameters,
    Leads,
    TargetParameters,
)
from flight_delays.registry.feature_definition import make_features_by
from flight_delays.registry.versions import Contender
from flight_delays.serving.board.answers import FLIGHT
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.log.logged_rows import add_features

MINUTE = "%Y-%m-%dT%H:%MZ"
FILE_NAME = "%Y-%m-%dT%H%MZ"  # a colon would spoil it

logger = logging.getLogger(__name__)


def ask_about_flights_to_come(
    flights: pd.DataFrame,
    served_version: Contender,
    inference: InferenceParameters,
    target: TargetParameters,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, ServedModel]:
    """Ask about every flight that is due within the horizon and has not left.

    Args:
        flights: Facts of all flights (`PrmFlights`), those to come among them.
        served_version: The champion, which has learnt a range of leads.
        inference: The moment and the horizon.
        target: What late means.
        evaluation: What a wrong decision costs.

    Returns:
        One row per flight: what identifies it, `prediction_time` and `lead_minutes`; and the
        champion, so that both nodes speak of the same version.

    Raises:
        DataError: No flight can be asked about then, or the version cannot be asked.
    """
    served = ServedModel.read(served_version, target, evaluation)
    leads = served.leads
    due, horizon = flights["scheduled_departure"], inference.horizon_minutes
    as_of = _find_last_moment(flights, leads)
    if inference.as_of:
        as_of = pd.Timestamp(inference.as_of).tz_convert("UTC").as_unit(due.dt.unit)
    lead = (due - as_of).dt.total_seconds() / 60
    is_due = lead.between(0, horizon, inclusive="right")
    is_due &= ~(flights["actual_departure"] <= as_of)
    is_learnt = lead.between(leads.shortest_minutes, leads.longest_minutes)
    if not (is_due & is_learnt).any():
        raise DataError(
            f"No flight of table prm_flights can be asked about as of {as_of:{MINUTE}}: none is "
            f"due {leads.shortest_minutes} to {min(horizon, leads.longest_minutes)} minutes later. "
            f"They are due from {due.min():{MINUTE}} to {due.max():{MINUTE}}: change the parameter "
            "inference.as_of or inference.horizon_minutes."
        )
    logger.info(
        "%d flights due within %d minutes of %s; %d of them not asked about: nearer or further "
        "than version %d has learnt, %d to %d minutes",
        is_due.sum(),
        horizon,
        f"{as_of:{MINUTE}}",
        (is_due & ~is_learnt).sum(),
        served.number,
        leads.shortest_minutes,
        leads.longest_minutes,
    )
    asked = flights.loc[is_due & is_learnt, FLIGHT].assign(prediction_time=as_of)
    return asked.assign(lead_minutes=lead.astype(int)).reset_index(drop=True), served


def predict_flights_to_come(
    questions: pd.DataFrame,
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    served_model: ServedModel,
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Answer every threshold of lateness by the champion, from the features that it has learnt.

    What became known after the prediction time changes nothing, though the tables may hold it.

    Args:
        questions: From `ask_about_flights_to_come`.
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        served_model: The champion.

    Returns:
        One table (`Predictions`), keyed by the prediction time as in "2013-11-15T1900Z": beside
        each question, for each threshold that the champion was judged by, how likely the flight is
        to be so late (`late_15`) and whether an alert pays (`alert_15`); the `version`; and why.
        And the answers with the features that the champion saw (`LoggedPredictions`).
    """
    features, _ = make_features_by(served_model.definition, flights, weather, questions)
    answers = served_model.answer(questions, features)
    predictions = pd.concat([answers, served_model.explain(questions, features)], axis=1)
    moment = f"{questions['prediction_time'].iloc[0]:{FILE_NAME}}"
    return {moment: predictions}, add_features(answers, features, served_model.model)


def _find_last_moment(flights: pd.DataFrame, leads: Leads) -> pd.Timestamp:
    """Find the last moment of which something is known and at which a flight can be asked about."""
    latest: pd.Timestamp = flights["scheduled_departure"].max()
    latest -= pd.Timedelta(minutes=leads.shortest_minutes)
    known = flights[["actual_departure", "actual_arrival"]].max().max()
    return latest if pd.isna(known) else min(latest, known.floor("min"))
