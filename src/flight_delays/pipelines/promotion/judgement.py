"""Whether a challenger is better than the champion: compared, gated, judged."""

from typing import Any

import pandas as pd

from flight_delays.evaluation.answers import ANSWER
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.gates import BASELINES, check_absolute_gates, tell_failures
from flight_delays.evaluation.metrics import compute_metrics
from flight_delays.evaluation.slices import compare_slices
from flight_delays.parameters import EvaluationParameters, PromotionParameters
from flight_delays.registry.versions import CHALLENGER, CHAMPION, NONE, ROLLED_BACK, Version


def compare_models(
    answers: pd.DataFrame, promotion: PromotionParameters, evaluation: EvaluationParameters
) -> dict[str, Any]:
    """Score the models that answer a threshold, and compare the contenders if both do.

    Args:
        answers: The answers of all models to one threshold, from `predict_recent`.
        promotion: How sure the comparison is to be.
        evaluation: The costs of that threshold, calibration bins and blocks of days.

    Returns:
        The `log_loss_difference`, challenger minus champion, with its bounds (None where one of
        them does not answer), and the `scores` by model.

    Raises:
        DataError: The days are too few for an interval.
    """
    late, answered = answers["is_late"], answers.dropna(axis="columns")
    models = [name for name in (CHALLENGER, CHAMPION, *BASELINES) if name in answered]
    difference = None
    if CHAMPION in models:
        difference = compare_log_losses(
            late,
            answers[CHALLENGER],
            answers[CHAMPION],
            answers["flight_date"],
            promotion.confidence_level,
            evaluation,
        )
    scores = {name: compute_metrics(late, answers[name], evaluation) for name in models}
    return {"log_loss_difference": difference, "scores": scores}


def check_gates(
    compared: dict[int, dict[str, Any]],
    recent_predictions: pd.DataFrame,
    prm_flights: pd.DataFrame,
    promotion: PromotionParameters,
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Hold the challenger against the absolute gates, on the flights that nobody was fitted on.

    Args:
        compared: By threshold, what `compare_models` says.
        recent_predictions: From `predict_recent`.
        prm_flights: Facts of the flights, for the slices.
        promotion: The bounds.
        evaluation: The headline lead and blocks of days.

    Returns:
        The gates, as `check_absolute_gates` gives them.

    Raises:
        DataError: A flight is not among the facts.
    """
    comparison = pd.DataFrame(
        [
            {
                "threshold_minutes": minutes,
                "lead_minutes": evaluation.headline_lead_minutes,
                "model": "model" if name == CHALLENGER else name,
                "metric": metric,
                "value": value,
            }
            for minutes, each in compared.items()
            for name, metrics in each["scores"].items()
            for metric, value in metrics.items()
        ]
    )
    predictions = recent_predictions.rename(columns={CHALLENGER: "late_probability"})
    references = recent_predictions[[*ANSWER, *BASELINES]]
    slices = compare_slices(
        predictions.drop(columns=[*BASELINES]), references, prm_flights, promotion, evaluation
    )
    return check_absolute_gates(comparison, slices, promotion, evaluation)


def postpone(
    challenger: Version, champion: Version | None, days: int, promotion: PromotionParameters
) -> tuple[str, str]:
    """Decide where there are too few days to tell, as far as it does not take any.

    Args:
        challenger: Its version.
        champion: The version in use, if there is one.
        days: How many days of flights neither was fitted on.
        promotion: How many it takes.

    Returns:
        The outcome, "postponed", or what is decided whatever the days say, and the reason.
    """
    versions = [challenger, champion] if champion else [challenger]
    fitted_to = max(version.fitted_to for version in versions)
    return _settle(challenger, champion) or (
        "postponed",
        f"table test has {days} days after {fitted_to}, the last day that challenger or champion "
        f"was fitted on; promotion.min_days asks for {promotion.min_days}. Lengthen the test "
        "split, or wait for more flights.",
    )


def judge(
    challenger: Version,
    champion: Version | None,
    gates: pd.DataFrame,
    differences: dict[int, dict[str, float] | None],
    margin: float | None,
) -> tuple[str, str]:
    """Decide from what was found.

    Args:
        challenger: Its version.
        champion: The version in use, if there is one.
        gates: From `check_gates`.
        differences: By threshold, the first one first, the difference of log losses, if both
            answer it.
        margin: By how much log loss a challenger that was fitted on later flights may turn out
            worse, None for not at all.

    Returns:
        The outcome, "promoted", "refused" or "unchanged", and the reason.
    """
    if settled := _settle(challenger, champion):
        return settled
    if failures := tell_failures(gates):
        return "refused", f"{failures}."
    first, *later = differences
    difference = differences[first]
    if champion is None:
        return "promoted", "it passes the absolute gates, and there is no champion yet."
    assert difference is not None  # noqa: S101 - every version answers the first threshold
    numbers = f"its log loss is {_tell(difference)} against version {champion.number}, the champion"
    if difference["upper"] >= 0:
        if margin is None or challenger.fitted_to <= champion.fitted_to:
            return "refused", f"{numbers}, which is not surely below 0."
        bound = (
            f"below {margin:+.4f}, the margin of a challenger that was fitted on later flights "
            f"(to {challenger.fitted_to}, the champion to {champion.fitted_to})"
        )
        if difference["upper"] >= margin:
            return "refused", f"{numbers}, which is neither surely below 0 nor surely {bound}."
        numbers = f"{numbers}, which is surely {bound}"
    for minutes in later:
        other = differences[minutes]
        if other and other["lower"] > 0:
            return "refused", (
                f"{numbers}, but {_tell(other)} for flights {minutes} minutes late, which is "
                "surely above 0."
            )
    return "promoted", f"{numbers}."


def _settle(challenger: Version, champion: Version | None) -> tuple[str, str] | None:
    """Decide from the versions alone, where that is possible."""
    if champion and champion.number == challenger.number:
        return "unchanged", "it is champion already, and no later version is challenger."
    if (reason := challenger.tags.get(ROLLED_BACK, NONE)) != NONE:
        return "refused", f"it was rolled back ({reason})."
    return None


def _tell(difference: dict[str, float]) -> str:
    return "{difference:+.4f} ({lower:+.4f} to {upper:+.4f})".format(**difference)
