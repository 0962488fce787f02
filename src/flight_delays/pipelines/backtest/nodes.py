"""Questions -> candidates, each fitted once -> decisions in their order -> scores."""

import logging
from collections.abc import Iterator
from functools import partial

import pandas as pd

from flight_delays.errors import DataError
from flight_delays.evaluation.answers import QUESTION
from flight_delays.evaluation.gates import BASELINES
from flight_delays.monitoring.backtest.candidates import (
    MADE_FROM,
    Candidate,
    digest_candidates,
    fit_candidates,
)
from flight_delays.monitoring.backtest.policies import (
    POLICIES,
    list_candidates,
    play,
)
from flight_delays.monitoring.backtest.report import (
    score_all_months,
    score_months,
    tabulate_played,
)
from flight_delays.monitoring.performance import compare_months
from flight_delays.parameters import (
    BacktestParameters,
    EvaluationParameters,
    Group,
    PromotionParameters,
    RetrainingParameters,
    TargetParameters,
    TrainingParameters,
)
from flight_delays.pipelines.promotion.nodes import decide_promotion
from flight_delays.registry.versions import CHALLENGER, CHAMPION, FITTED_TO, Version

ANSWERED = [*QUESTION, "flight_date", "origin", "carrier", "arrival_delay_minutes", "is_late"]

logger = logging.getLogger(__name__)


def fit_missing(
    stored_candidates: dict[str, pd.DataFrame],
    learnt: pd.DataFrame,
    asked: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    months: list[str],
    training: TrainingParameters,
    backtest: BacktestParameters,
) -> Iterator[dict[str, pd.DataFrame]]:
    """Fit the candidates that no earlier run has fitted on the same data by the same parameters.

    Args:
        stored_candidates: What candidates of earlier runs have said, by name.
        learnt: From `ask_all`.
        asked: Likewise.
        feature_groups: Likewise.
        months: Likewise.
        training: The parameters of the model.
        backtest: The rolling window; how many at a time.

    Yields:
        By name what a candidate says (`CandidatePredictions`), as soon as it is known, so that a
        run that was stopped goes on from there.
    """
    candidates = list_candidates(_read_months(months), backtest.rolling_months)
    digests = digest_candidates(candidates, learnt, asked, feature_groups, training)
    missing = [
        each
        for each in candidates
        if each.name not in stored_candidates
        or set(stored_candidates[each.name][MADE_FROM]) != {digests[each.name]}
    ]
    logger.info("%d of %d models are still to be fitted", len(missing), len(candidates))
    fits = fit_candidates(missing, learnt, asked, feature_groups, training, backtest)
    for done, (candidate, said) in enumerate(fits, 1):
        yield {candidate.name: said.assign(**{MADE_FROM: digests[candidate.name]})}
        logger.info("%d of %d: %s to %s", done, len(missing), candidate.first, candidate.last)


def play_policies(
    candidates: dict[str, pd.DataFrame],
    asked: pd.DataFrame,
    months: list[str],
    prm_flights: pd.DataFrame,
    backtest: BacktestParameters,
    target: TargetParameters,
    evaluation: EvaluationParameters,
    retraining: RetrainingParameters,
    promotion: PromotionParameters,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Replay the decisions of each policy in their order, and score what came of them.

    Args:
        candidates: What each candidate says (`CandidatePredictions`), by name.
        asked: From `ask_all`.
        months: Likewise.
        prm_flights: Facts of the flights, for the slices that the gates look at.
        backtest: The rolling window.
        target: What late means.
        evaluation: Costs, blocks of days.
        retraining: The rule by which monitoring calls for retraining.
        promotion: The gates.

    Returns:
        Each policy by month (`PlayedPolicies`), over all months (`PolicySummary`), and what would
        have been said of each flight, a column for each policy.

    Raises:
        DataError: A month has too few days to be judged.
    """
    answers = asked[ANSWERED].assign(
        lead_minutes=evaluation.headline_lead_minutes,
        threshold_minutes=target.headline_minutes,
        month=asked["flight_date"].dt.strftime("%Y-%m"),
    )
    in_order = _read_months(months)
    planned = list_candidates(in_order, backtest.rolling_months)
    predictions = {each.name: candidates[each.name] for each in planned}
    windows = {
        name: _compare_months(answers.merge(said, on="flight_id"), evaluation, retraining)
        for name, said in predictions.items()
    }
    numbers = {each: number for number, each in enumerate(planned, 1)}
    decide = partial(_decide, numbers, predictions, answers, prm_flights, promotion, evaluation)
    played = []
    for policy in POLICIES:
        logger.info("The policy %s:", policy.name)
        steps = play(policy, in_order, backtest.rolling_months, windows, decide, retraining)
        played.append(steps)
    steps = pd.concat(played, ignore_index=True)
    said = tabulate_played(steps, answers, predictions)
    minutes = {name: each["cpu_seconds"].iloc[0] / 60 for name, each in predictions.items()}
    policies = score_months(said, steps, minutes, evaluation)
    return policies, score_all_months(said, policies, evaluation), said


def _compare_months(
    answers: pd.DataFrame, evaluation: EvaluationParameters, retraining: RetrainingParameters
) -> pd.DataFrame:
    months = compare_months(answers, evaluation, retraining)
    if months.empty:
        raise DataError(
            "No month has the days of two blocks of evaluation.block_days, and the rule judges "
            "months: lower that parameter."
        )
    return months.set_index("month")


def _decide(
    numbers: dict[Candidate, int],
    predictions: dict[str, pd.DataFrame],
    answers: pd.DataFrame,
    prm_flights: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
    challenger: Candidate,
    champion: Candidate,
    judged: pd.Period,
) -> tuple[str, str]:
    """Decide as a promotion does, on the flights of the month that neither has learnt from."""
    said = predictions[challenger.name].rename(columns={"late_probability": CHALLENGER})
    others = predictions[champion.name].rename(columns={"late_probability": CHAMPION})
    recent = (
        answers[answers["month"] == str(judged)]
        .merge(said[["flight_id", CHALLENGER, *BASELINES]], on="flight_id")
        .merge(others[["flight_id", CHAMPION]], on="flight_id")
    )
    versions = {
        alias: Version(numbers[each], "", {FITTED_TO: str(each.last.end_time.date())}, "")
        for alias, each in ((CHALLENGER, challenger), (CHAMPION, champion))
    }
    decision = decide_promotion(recent, versions, prm_flights, promotion, evaluation)
    return decision["outcome"], decision["reason"]


def _read_months(months: list[str]) -> pd.PeriodIndex:
    return pd.PeriodIndex(months, freq="M")
