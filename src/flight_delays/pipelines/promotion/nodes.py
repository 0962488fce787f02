"""Compare challenger and champion on flights that neither has seen, and decide."""

import logging
from typing import Any

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.answers import QUESTION, part_by_threshold, tabulate_answers
from flight_delays.evaluation.gates import BASELINES
from flight_delays.evaluation.headline import select_first_threshold, select_lead
from flight_delays.modelling.lateness import LatenessClassifier, name_threshold, select_thresholds
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
    Contender,
    Version,
)

from .judgement import check_gates, compare_models, judge, postpone

DESCRIPTION = [*QUESTION, "flight_date", "origin", "carrier", "arrival_delay_minutes", "is_late"]

logger = logging.getLogger(__name__)


def select_recent(
    contenders: dict[str, Contender],
    test: pd.DataFrame,
    evaluation: EvaluationParameters,
) -> tuple[pd.DataFrame, dict[str, Contender]]:
    """Select the questions, at the headline lead, about flights that no contender was fitted on.

    Args:
        contenders: Challenger and champion, as far as there are.
        test: Questions with features and outcome.
        evaluation: The headline lead.

    Returns:
        The questions, one per flight, perhaps none, as without a challenger; and the contenders, so
        that all nodes speak of the same.

    Raises:
        DataError: There is no question at the headline lead.
    """
    asked = select_lead(test, evaluation)
    if CHALLENGER not in contenders:
        return asked.head(0), contenders
    fitted_to = max(contender.version.fitted_to for contender in contenders.values())
    is_recent = asked["flight_date"] > pd.Timestamp(fitted_to)
    return asked[is_recent].reset_index(drop=True), contenders


def predict_recent(
    recent: pd.DataFrame,
    contenders: dict[str, Contender],
    reference_models: dict[str, LatenessClassifier],
    feature_groups: dict[Group, list[str]],
    feature_definition: dict[str, Any],
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    target: TargetParameters,
) -> tuple[pd.DataFrame, dict[str, Version]]:
    """Predict the same flights by challenger, champion and the baselines, each in its own features.

    Args:
        recent: Questions with features and outcome, from `select_recent`.
        contenders: Challenger and champion, as far as there are.
        reference_models: The baselines, among others; they were trained beside the challenger.
        feature_groups: The columns of the features by group.
        feature_definition: What these features mean.
        flights: Facts of all flights (`PrmFlights`).
        weather: Hourly reports (`IntWeather`).
        target: What late means.

    Returns:
        One row per flight and threshold: what identifies it, `is_late` and a column of
        probabilities for each model (`RecentPredictions`); and the versions by alias.

    Raises:
        DataError: The features of a contender cannot be made.
    """
    versions = {alias: contender.version for alias, contender in contenders.items()}
    questions = recent[DESCRIPTION].assign(lead_minutes=recent["lead_minutes"].astype(int))
    if recent.empty:  # scikit-learn answers no empty table
        silent = dict.fromkeys([*contenders, *BASELINES], pd.DataFrame())
        return tabulate_answers(questions, silent, [target.headline_minutes]), versions
    tables = {}
    for alias, contender in contenders.items():
        carried = contender.metadata.get(FEATURE_DEFINITION)
        own = read_definition(carried, contender.version.number, target)
        tables[alias], _ = adapt_features(
            recent, feature_groups, feature_definition, own, flights, weather
        )
    models = {alias: contender.model for alias, contender in contenders.items()}
    models |= {name: reference_models[name] for name in BASELINES}
    said = {
        name: model.predict_lateness(tables.get(name, tables[CHALLENGER]))
        for name, model in models.items()
    }
    thresholds = _find_common_thresholds(models, target)
    thresholds = select_thresholds(thresholds, {"test": recent}, target.min_flights)
    return tabulate_answers(questions, said, thresholds), versions


def _find_common_thresholds(
    models: dict[str, LatenessClassifier], target: TargetParameters
) -> list[int]:
    """Find what both the challenger and the baselines answer, who may be of a later training."""
    answered = models[BASELINES[0]].thresholds_minutes
    if target.headline_minutes not in answered:
        raise DataError(
            f"The reference_models do not answer {target.headline_minutes} minutes, the first of "
            "target.late_thresholds_minutes, but "
            f"{', '.join(map(str, answered))}: train again by `kedro run --pipeline=training`."
        )
    thresholds = models[CHALLENGER].thresholds_minutes
    for minutes in models[CHAMPION].thresholds_minutes if CHAMPION in models else ():
        if minutes not in thresholds:
            logger.warning("The champion answers %d minutes, the challenger does not", minutes)
    return [minutes for minutes in thresholds if minutes in answered]


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
        compared_versions: Challenger and champion, as far as there are.
        prm_flights: Facts of the flights, for the slices.
        promotion: The bounds.
        evaluation: The headline lead, calibration bins, costs and blocks of days.

    Returns:
        The `outcome` ("promoted", "refused", "postponed" where there are too few days, or
        "unchanged" where there is no challenger but the champion), its `reason`, and all numbers:
        those of the first threshold, and by name those of the `later_thresholds`.

    Raises:
        DataError: The days are too few for an interval, or a flight is not among the facts.
    """
    challenger, champion = (compared_versions.get(alias) for alias in (CHALLENGER, CHAMPION))
    dates = select_first_threshold(recent_predictions)["flight_date"]
    days = dates.nunique()
    numbers: dict[str, Any] = {}
    if challenger is None:
        outcome, reason = "unchanged", "no version is challenger; their tags gates say why."
    elif days < promotion.min_days:
        outcome, reason = postpone(challenger, champion, days, promotion)
    else:
        compared = {
            minutes: compare_models(answers, promotion, evaluation.at_threshold(minutes))
            for minutes, answers in part_by_threshold(recent_predictions).items()
        }
        gates = check_gates(compared, recent_predictions, prm_flights, promotion, evaluation)
        differences = {minutes: each["log_loss_difference"] for minutes, each in compared.items()}
        margin = promotion.non_inferiority_margin
        outcome, reason = judge(challenger, champion, gates, differences, margin)
        first, *later = compared
        numbers = {
            "first_day": str(dates.min().date()),
            "last_day": str(dates.max().date()),
            "gates": gates.to_dict("records"),
            "confidence_level": promotion.confidence_level,
            **compared[first],
            "later_thresholds": {name_threshold(minutes): compared[minutes] for minutes in later},
        }
    subject = f"Version {challenger.number}" if challenger else "The champion"
    logger.info("%s is %s: %s", subject, outcome, reason)
    return {
        "outcome": outcome,
        "reason": reason,
        "challenger": challenger.number if challenger else None,
        "champion": champion.number if champion else None,
        "lead_minutes": evaluation.headline_lead_minutes,
        "flights": len(dates),
        "days": days,
        **numbers,
    }
