"""How good the champion was: scores of a month, its days, and the months beside each other."""

import pandas as pd

from flight_delays.evaluation.answers import part_by_threshold
from flight_delays.evaluation.bootstrap import compute_intervals
from flight_delays.evaluation.days import FEWEST_BLOCKS
from flight_delays.evaluation.headline import select_headline
from flight_delays.evaluation.metrics import compute_log_losses, compute_metrics
from flight_delays.parameters import EvaluationParameters, RetrainingParameters

from .rule import compare_with_expected


def score_answers(answers: pd.DataFrame, evaluation: EvaluationParameters) -> pd.DataFrame:
    """Score what was said by threshold and lead.

    Args:
        answers: Those of a month, from `tabulate_known`.
        evaluation: Costs, calibration bins, bootstrap and blocks of days.

    Returns:
        One row per threshold, lead and metric: its value and its `lower` and `upper` bound. A lead
        with too few days for an interval has none.
    """
    scores = {}
    for threshold, part in part_by_threshold(answers).items():
        judged = evaluation.at_threshold(threshold)
        for lead, flights in part.groupby("lead_minutes"):
            if _has_enough_days(flights, evaluation):
                late, probability = flights["is_late"], flights["late_probability"]
                bounds = compute_intervals(late, probability, flights["flight_date"], judged)
                values = pd.Series(compute_metrics(late, probability, judged))
                scores[threshold, lead] = bounds.assign(value=values).rename_axis("metric")
    return pd.concat(scores, names=["threshold_minutes", "lead_minutes"]).reset_index()


def score_days(answers: pd.DataFrame, evaluation: EvaluationParameters) -> pd.DataFrame:
    """Score each day, at the headline lead and the first threshold.

    Args:
        answers: Those of a month, from `tabulate_known`.
        evaluation: The headline lead.

    Returns:
        One row per `flight_date`: `flights`, `late_share`, `mean_probability` and `log_loss`.
    """
    headline = select_headline(answers, evaluation)
    losses = compute_log_losses(headline["is_late"], headline["late_probability"])
    days = headline.assign(loss=losses).groupby("flight_date")
    return days.agg(
        flights=("is_late", "size"),
        late_share=("is_late", "mean"),
        mean_probability=("late_probability", "mean"),
        log_loss=("loss", "mean"),
    ).reset_index()


def compare_months(
    answers: pd.DataFrame, evaluation: EvaluationParameters, retraining: RetrainingParameters
) -> pd.DataFrame:
    """Hold the realised loss of each month against what the champion itself expected.

    Args:
        answers: Those of all months to look at, from `tabulate_known`.
        evaluation: The headline lead and blocks of days.
        retraining: How sure the bounds are.

    Returns:
        One row per `month` of enough days: `flights`, and what `compare_with_expected` says at the
        headline lead and the first threshold.
    """
    headline = select_headline(answers, evaluation)
    rows = [
        {
            "month": month,
            "flights": len(flights),
            **compare_with_expected(
                flights["is_late"],
                flights["late_probability"],
                flights["flight_date"],
                retraining.confidence_level,
                evaluation,
            ),
        }
        for month, flights in headline.groupby("month")
        if _has_enough_days(flights, evaluation)
    ]
    return pd.DataFrame(rows)


def _has_enough_days(flights: pd.DataFrame, evaluation: EvaluationParameters) -> bool:
    return bool(flights["flight_date"].nunique() >= FEWEST_BLOCKS * evaluation.block_days)
