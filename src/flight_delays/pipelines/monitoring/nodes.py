"""Look back on a month of the champion, and say whether to retrain."""

import json
import logging
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from flight_delays.evaluation.slices import evaluate_slices
from flight_delays.modelling.lateness import select_thresholds
from flight_delays.monitoring.performance import compare_months, score_answers, score_days
from flight_delays.monitoring.plot import plot_months
from flight_delays.monitoring.rule import decide_retraining
from flight_delays.monitoring.said import (
    list_thresholds,
    select_period,
    select_said,
    tabulate_known,
)
from flight_delays.parameters import (
    EvaluationParameters,
    InferenceParameters,
    MonitoringParameters,
    RetrainingParameters,
    TargetParameters,
)
from flight_delays.registry.versions import Contender, Version

logger = logging.getLogger(__name__)


def look_back(
    prediction_log: pd.DataFrame,
    prm_flights: pd.DataFrame,
    served_version: Contender,
    monitoring: MonitoringParameters,
    inference: InferenceParameters,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, str, Version]:
    """Select what the champion has said of flights it was not fitted on, up to a month.

    Args:
        prediction_log: What was said of flights (`LoggedPredictions`).
        prm_flights: Facts of the flights.
        served_version: The champion.
        monitoring: The month.
        inference: The leads at which the board asks.
        evaluation: The headline lead, and how many days it takes.

    Returns:
        The questions to the end of the month, as `select_said` gives them; the month; and the
        version, so that all nodes speak of the same.

    Raises:
        DataError: The month cannot be judged.
    """
    version = served_version.version
    said = select_said(prediction_log, prm_flights, version, inference.checkpoints_minutes)
    period = select_period(said, monitoring.period, version, evaluation)
    return said[said["month"] <= period].reset_index(drop=True), period, version


def score_period(
    said: pd.DataFrame,
    period: str,
    prm_flights: pd.DataFrame,
    evaluation: EvaluationParameters,
    target: TargetParameters,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Score the month, as far as outcomes are known.

    Args:
        said: From `look_back`.
        period: The month.
        prm_flights: Facts of the flights, for the slices.
        evaluation: How scores are made.
        target: How many flights it takes to judge a threshold.

    Returns:
        The scores by threshold and lead, by slice, and by day.
    """
    month = said[said["month"] == period].dropna(subset="arrival_delay_minutes")
    thresholds = select_thresholds(list_thresholds(said), {period: month}, target.min_flights)
    answers = tabulate_known(month, thresholds)
    return (
        score_answers(answers, evaluation),
        evaluate_slices(answers, prm_flights, evaluation),
        score_days(answers, evaluation),
    )


def compare_with_expectations(
    said: pd.DataFrame, evaluation: EvaluationParameters, retraining: RetrainingParameters
) -> pd.DataFrame:
    """Hold the months of the champion so far against what it expected itself.

    Args:
        said: From `look_back`.
        evaluation: The headline lead and blocks of days.
        retraining: How sure the bounds are.

    Returns:
        One row per month, from `compare_months`.
    """
    first = list_thresholds(said)[:1]
    return compare_months(tabulate_known(said, first), evaluation, retraining)


def summarise_period(
    said: pd.DataFrame,
    period: str,
    version: Version,
    scores: pd.DataFrame,
    slices: pd.DataFrame,
    days: pd.DataFrame,
    months: pd.DataFrame,
    evaluation: EvaluationParameters,
    retraining: RetrainingParameters,
) -> tuple[dict[str, dict[str, Any]], dict[str, Figure], dict[str, dict[str, float]]]:
    """Decide whether to retrain, and put down what that rests on.

    Args:
        said: From `look_back`.
        period: The month.
        version: The champion.
        scores: From `score_period`.
        slices: Likewise.
        days: Likewise.
        months: From `compare_with_expectations`.
        evaluation: The headline lead.
        retraining: The rule.

    Returns:
        The summary (`MonitoringSummary`) and the plot, each below the month; and the numbers of
        the month as kedro-mlflow wants them, the month (201311) as their step.
    """
    month = said[said["month"] == period]
    age = month["flight_date"].max() - pd.Timestamp(version.fitted_to)
    verdict = decide_retraining(_list_rows(months), age.days, retraining)
    logger.info(
        "%s: %s version %d, as %s",
        period,
        _tell(verdict.retrain),
        version.number,
        verdict.reason,
    )
    summary = {
        "period": period,
        "version": version.number,
        "fitted_to": str(version.fitted_to),
        "age_days": age.days,
        "lead_minutes": evaluation.headline_lead_minutes,
        "questions": len(month),
        "open_share": float(month["arrival_delay_minutes"].isna().mean()),
        "retrain": verdict.retrain,
        "reason": verdict.reason,
        "months": _list_rows(months),
        "scores": _list_rows(scores),
        "slices": _list_rows(slices),
        "days": _list_rows(days.assign(flight_date=days["flight_date"].dt.strftime("%Y-%m-%d"))),
    }
    title = f"{period}: {_tell(verdict.retrain)} version {version.number}"
    plot = plot_months(months, title, retraining.confidence_level)
    numbers = {
        **months.set_index("month").loc[period],
        "open_share": summary["open_share"],
        "retrain": verdict.retrain,
    }
    step = int(period.replace("-", ""))
    tracked = {name: {"value": float(value), "step": step} for name, value in numbers.items()}
    return {f"{period}/monitoring_summary": summary}, {f"{period}/months": plot}, tracked


def _tell(retrain: bool) -> str:
    return "retrain" if retrain else "no need to retrain"


def _list_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return rows  # what is missing is None: JSON knows no NaN
