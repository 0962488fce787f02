"""Compare challenger and champion on flights that neither has seen, and decide."""

import logging
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from flight_delays.errors import DataError
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.gates import BASELINES, check_absolute_gates, tell_failures
from flight_delays.evaluation.leads import select_headline
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.evaluation.slices import KEYS, compare_slices
from flight_delays.parameters import (
    EvaluationParameters,
    Group,
    PromotionParameters,
    TargetParameters,
)
from flight_delays.registry.feature_definition import adapt_features, read_definition
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    FEATURE_DEFINITION,
    NONE,
    ROLLED_BACK,
    Contender,
    Version,
)

DESCRIPTION = ["flight_id", "prediction_time", "flight_date", "origin", "carrier", "is_late"]

logger = logging.getLogger(__name__)


def select_recent(
    contenders: dict[str, Contender],
    test: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, dict[str, Contender]]:
    """Select the questions, at the headline lead, about flights that no contender was fitted on.

    Args:
        contenders: Challenger and, if there is one, champion.
        test: Questions with features and outcome.
        promotion: How many days it takes.
        evaluation: The headline lead.

    Returns:
        The questions, one per flight; and the contenders, so that all nodes speak of the same.

    Raises:
        DataError: There is no question at the headline lead, or there are too few such days.
    """
    fitted_to = max(contender.version.fitted_to for contender in contenders.values())
    asked = select_headline(test, evaluation)
    recent = asked[asked["flight_date"] > pd.Timestamp(fitted_to)].reset_index(drop=True)
    if (days := recent["flight_date"].nunique()) < promotion.min_days:
        raise DataError(
            f"Table test has {days} days after {fitted_to}, the last day that challenger or "
            f"champion was fitted on; promotion.min_days asks for {promotion.min_days}. "
            "Lengthen the test split, or wait for more flights."
        )
    return recent, contenders


def predict_recent(
    recent: pd.DataFrame,
    contenders: dict[str, Contender],
    reference_models: dict[str, Pipeline],
    feature_groups: dict[Group, list[str]],
    feature_definition: dict[str, Any],
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    target: TargetParameters,
) -> tuple[pd.DataFrame, dict[str, Version]]:
    """Predict the same flights by challenger, champion and the baselines, each in its own features.

    Args:
        recent: Questions with features and outcome, from `select_recent`.
        contenders: Challenger and, if there is one, champion.
        reference_models: The baselines, among others; they were trained beside the challenger.
        feature_groups: The columns of the features by group.
        feature_definition: What these features mean.
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        target: What late means.

    Returns:
        One row per flight: what identifies it, `is_late` and a column of probabilities for each
        model; and the versions by alias.

    Raises:
        DataError: The features of a contender cannot be made.
    """
    tables = {}
    for alias, contender in contenders.items():
        carried = contender.metadata.get(FEATURE_DEFINITION)
        own = read_definition(carried, contender.version.number, target)
        tables[alias], _ = adapt_features(
            recent, feature_groups, feature_definition, own, flights, weather
        )
    models = {alias: contender.model for alias, contender in contenders.items()}
    models |= {name: reference_models[name] for name in BASELINES}
    predictions = {
        name: model.predict_proba(tables.get(name, tables[CHALLENGER]))[:, 1]
        for name, model in models.items()
    }
    leads = recent["lead_minutes"].astype(int)
    versions = {alias: contender.version for alias, contender in contenders.items()}
    return recent[DESCRIPTION].assign(lead_minutes=leads, **predictions), versions


def decide_promotion(
    recent_predictions: pd.DataFrame,
    compared_versions: dict[str, Version],
    prm_flights: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> dict[str, Any]:
    """Decide whether the challenger becomes champion: absolute gates first, then the relative one.

    Args:
        recent_predictions: From `predict_recent`.
        compared_versions: Challenger and, if there is one, champion.
        prm_flights: Facts of the flights, for the slices.
        promotion: The bounds.
        evaluation: The headline lead, calibration bins, costs and blocks of days.

    Returns:
        The `outcome` ("promoted", "refused" or "unchanged"), its `reason`, and all numbers.

    Raises:
        DataError: The days are too few for an interval, or a flight is not among the facts.
    """
    late, dates = recent_predictions["is_late"], recent_predictions["flight_date"]
    challenger, champion = (compared_versions.get(alias) for alias in (CHALLENGER, CHAMPION))
    assert challenger is not None  # noqa: S101 - it is there or `contenders` does not load
    scores = {
        name: compute_metrics(late, recent_predictions[name], evaluation)
        for name in (*compared_versions, *BASELINES)
    }
    gates = _check_gates(scores, recent_predictions, prm_flights, promotion, evaluation)
    difference = (
        compare_log_losses(
            late,
            recent_predictions[CHALLENGER],
            recent_predictions[CHAMPION],
            dates,
            promotion.confidence_level,
            evaluation,
        )
        if champion
        else None
    )
    outcome, reason = _judge(challenger, champion, gates, difference)
    logger.info("Version %d is %s: %s", challenger.number, outcome, reason)
    return {
        "outcome": outcome,
        "reason": reason,
        "challenger": challenger.number,
        "champion": champion.number if champion else None,
        "lead_minutes": evaluation.headline_lead_minutes,
        "flights": len(dates),
        "days": dates.nunique(),
        "first_day": str(dates.min().date()),
        "last_day": str(dates.max().date()),
        "gates": gates.to_dict("records"),
        "log_loss_difference": difference,
        "confidence_level": promotion.confidence_level,
        "scores": scores,
    }


def _check_gates(
    scores: dict[str, dict[str, float]],
    recent_predictions: pd.DataFrame,
    prm_flights: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    named = {"model": scores[CHALLENGER], **{name: scores[name] for name in BASELINES}}
    lead = evaluation.headline_lead_minutes
    comparison = pd.DataFrame(
        [
            {"lead_minutes": lead, "model": model, "metric": metric, "value": value}
            for model, metrics in named.items()
            for metric, value in metrics.items()
        ]
    )
    predictions = recent_predictions[[*DESCRIPTION, "lead_minutes"]].assign(
        late_probability=recent_predictions[CHALLENGER]
    )
    references = recent_predictions[[*KEYS, *BASELINES]]
    slices = compare_slices(predictions, references, prm_flights, promotion, evaluation)
    return check_absolute_gates(comparison, slices, promotion, evaluation)


def _judge(
    challenger: Version,
    champion: Version | None,
    gates: pd.DataFrame,
    difference: dict[str, float] | None,
) -> tuple[str, str]:
    if champion and champion.number == challenger.number:
        return "unchanged", "it is champion already, and no later version is challenger."
    if (reason := challenger.tags.get(ROLLED_BACK, NONE)) != NONE:
        return "refused", f"it was rolled back ({reason})."
    if failures := tell_failures(gates):
        return "refused", f"{failures}."
    if champion is None or difference is None:
        return "promoted", "it passes the absolute gates, and there is no champion yet."
    numbers = (
        f"its log loss is {difference['difference']:+.4f} against version {champion.number}, the "
        f"champion ({difference['lower']:+.4f} to {difference['upper']:+.4f})"
    )
    if difference["upper"] < 0:
        return "promoted", f"{numbers}."
    return "refused", f"{numbers}, which is not surely below 0."
