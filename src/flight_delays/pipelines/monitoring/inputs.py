"""What came in of a month: whether it is as usual, and how far it is from what was learnt."""

import logging

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.answers import QUESTION
from flight_delays.evaluation.headline import select_headline
from flight_delays.monitoring.drift import list_drifted, list_missing, measure_drift
from flight_delays.monitoring.drift_report import render_drift
from flight_delays.monitoring.quality.measure import measure_flights, measure_weather
from flight_delays.monitoring.quality.measures import (
    list_broken,
    tabulate_findings,
    tabulate_measures,
)
from flight_delays.monitoring.quality.outcomes import measure_flips
from flight_delays.monitoring.reference import DATE, FEATURE, describe_questions
from flight_delays.monitoring.said import list_thresholds, tabulate_known
from flight_delays.parameters import EvaluationParameters, MonitoringParameters
from flight_delays.registry.versions import Reference, Version

logger = logging.getLogger(__name__)


def measure_inputs(
    said: pd.DataFrame,
    period: str,
    prm_flights: pd.DataFrame,
    int_weather: pd.DataFrame,
    monitoring: MonitoringParameters,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Measure whether flights, weather and outcomes of the month are as usual.

    Args:
        said: From `look_back`.
        period: The month.
        prm_flights: Facts of all flights.
        int_weather: Hourly readings.
        monitoring: What is usual.
        evaluation: The headline lead, at which outcomes are held against what was said.

    Returns:
        The measures (`PeriodQuality`), for the nodes after it and by month.
    """
    month = said[said["month"] == period]
    answers = select_headline(tabulate_known(month, list_thresholds(said)[:1]), evaluation)
    quality = tabulate_measures(
        [
            *measure_flights(prm_flights, period, monitoring),
            *measure_flips(answers, "flights", monitoring.quality),
            *measure_weather(int_weather, prm_flights, period, monitoring),
        ]
    )
    return quality, {f"{period}/quality": quality}


def measure_distances(
    prediction_log: pd.DataFrame,
    said: pd.DataFrame,
    period: str,
    version: Version,
    reference: Reference,
    monitoring: MonitoringParameters,
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, str]]:
    """Measure how far what the champion was told and what it said are from its reference.

    Args:
        prediction_log: What was said of flights, with the features (`LoggedPredictions`).
        said: From `look_back`.
        period: The month.
        version: The champion.
        reference: What it has learnt from.
        monitoring: From where on that has drifted.

    Returns:
        What is wrong (`MonitoringFindings`); by month the distances (`PeriodDrift`), and a page of
        them. Where no reference was kept, nothing.

    Raises:
        DataError: The champion has changed since the run began.
    """
    if reference.number != version.number:
        raise DataError(
            f"Version {reference.number} has become champion in place of version {version.number} "
            "while this ran: run it again."
        )
    before, parameters = reference.rows, monitoring.drift
    if before.empty:
        logger.warning("Version %d has no reference, so nobody can tell drift", version.number)
        return tabulate_findings([]), {}, {}
    asked = said.loc[said["month"] == period, [*QUESTION, DATE]]
    drawn = asked.sample(
        min(parameters.sample_rows, len(asked)), random_state=parameters.random_state
    )
    by_version = prediction_log[prediction_log["version"] == version.number]
    log = drawn.merge(by_version, on=QUESTION)
    features = before.columns[before.columns.str.startswith(FEATURE)].str.removeprefix(FEATURE)
    month = describe_questions(log, log[DATE], log, [*features])
    distances = measure_drift(before, month, parameters)
    findings = [
        *list_missing(before, month, period, monitoring.quality),
        *list_drifted(distances, period),
    ]
    page = render_drift(before, month, distances, parameters)
    return (
        tabulate_findings(findings),
        {f"{period}/drift": distances},
        {f"{period}/drift": page},
    )


def list_findings(
    quality: pd.DataFrame, distant: pd.DataFrame, period: str
) -> dict[str, pd.DataFrame]:
    """List what is wrong with the month, and tell it.

    Args:
        quality: From `measure_inputs`.
        distant: From `measure_distances`.
        period: The month.

    Returns:
        The findings (`MonitoringFindings`) by month; none is the normal case.
    """
    broken = tabulate_findings(list_broken(quality))
    findings = pd.concat([broken, distant], ignore_index=True)
    for kind, message in zip(findings["kind"], findings["message"], strict=True):
        logger.warning("%s in %s: %s", kind.replace("_", " "), period, message)
    return {f"{period}/findings": findings}
