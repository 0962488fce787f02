"""What the champion has said of flights that it was not fitted on, beside what happened."""

import logging

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.answers import QUESTION, tabulate_answers
from flight_delays.evaluation.days import FEWEST_BLOCKS
from flight_delays.modelling.lateness import name_threshold
from flight_delays.parameters import EvaluationParameters
from flight_delays.registry.versions import Version

TRAITS = ["origin", "carrier", "lead_minutes"]

logger = logging.getLogger(__name__)


def select_said(
    prediction_log: pd.DataFrame, prm_flights: pd.DataFrame, version: Version, leads: list[int]
) -> pd.DataFrame:
    """Select what a version said, at some leads, of flights after the last one it was fitted on.

    Args:
        prediction_log: What was said, by whichever version (`LoggedPredictions`).
        prm_flights: Facts of the flights: their date, and by how much they were late.
        version: The version.
        leads: The minutes before departure. A batch asks at any lead, and of such a lead there are
            too few flights to tell anything.

    Returns:
        One row per question: its keys, `flight_date`, its `month` ("2013-11"), origin, carrier and
        lead, a probability for each threshold, and `arrival_delay_minutes`, missing where the
        outcome is open.
    """
    said = prediction_log[prediction_log["version"] == version.number]
    said = said[said["lead_minutes"].isin(leads)]
    thresholds = [name_threshold(minutes) for minutes in list_thresholds(said)]
    # Other versions may answer other thresholds.
    probabilities = [name for name in thresholds if said[name].notna().any()]
    facts = prm_flights[["flight_id", "flight_date", "arrival_delay_minutes"]]
    joined = said[[*QUESTION, *TRAITS, *probabilities]].merge(facts, on="flight_id")
    if lost := len(said) - len(joined):
        logger.warning("%d predictions are of flights that prm_flights does not know", lost)
    unseen = joined[joined["flight_date"] > pd.Timestamp(version.fitted_to)]
    month = unseen["flight_date"].dt.strftime("%Y-%m")
    return unseen.assign(month=month).reset_index(drop=True)


def select_period(
    said: pd.DataFrame, period: str | None, version: Version, evaluation: EvaluationParameters
) -> str:
    """Select the month to look back on, and see that it can be judged.

    Args:
        said: From `select_said`.
        period: The month that was asked for; None for the newest one.
        version: The version.
        evaluation: The headline lead, and how many days it takes.

    Returns:
        The month.

    Raises:
        DataError: The version was fitted on it, the log has nothing of it, or too few of its
            outcomes are known.
    """
    champion = f"version {version.number}, the champion,"
    months = sorted(said["month"].unique())
    if period and period not in months and period <= f"{version.fitted_to:%Y-%m}":
        raise DataError(
            f"The parameter monitoring.period is {period}, and {champion} was fitted on flights to "
            f"{version.fitted_to}: on flights that a model has seen, its scores are too good. "
            "Choose a later month."
        )
    if not months or period not in {None, *months}:
        raise DataError(
            f"The prediction log has nothing that {champion} said of flights in "
            f"{period or 'any month'} after {version.fitted_to}, but of "
            f"{', '.join(months) or 'none'}: set the parameter monitoring.period to one of these, "
            "or let `kedro serve`, `kedro run --pipeline=inference` or "
            "`kedro run --pipeline=evaluation` write more."
        )
    chosen: str = period or months[-1]
    headline = evaluation.headline_lead_minutes
    asked = said[(said["month"] == chosen) & (said["lead_minutes"] == headline)]
    days = asked.dropna(subset="arrival_delay_minutes")["flight_date"].nunique()
    if days < (fewest := FEWEST_BLOCKS * evaluation.block_days):
        raise DataError(
            f"Of {chosen} table prm_flights knows the outcomes of {days} days on which {champion} "
            f"was asked {headline} minutes before departure (evaluation.headline_lead_minutes), "
            f"and to judge takes {fewest}: deliver the outcomes, or set the parameter "
            "monitoring.period to an earlier month."
        )
    return chosen


def list_thresholds(said: pd.DataFrame) -> list[int]:
    """List the thresholds of lateness, in minutes, that a table has a probability for."""
    names = said.columns[said.columns.str.fullmatch(r"late_\d+")]
    return sorted(int(name.partition("_")[2]) for name in names)


def tabulate_known(said: pd.DataFrame, thresholds_minutes: list[int]) -> pd.DataFrame:
    """Put answers whose outcome is known under each other, as an evaluation has them.

    Args:
        said: From `select_said`.
        thresholds_minutes: The thresholds to take.

    Returns:
        One row per question and threshold: `late_probability` and `is_late` beside its traits.
    """
    known = said.dropna(subset="arrival_delay_minutes")
    return tabulate_answers(known, {"late_probability": known}, thresholds_minutes)
