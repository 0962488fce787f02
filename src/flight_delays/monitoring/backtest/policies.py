"""When each policy would have retrained, and which model it would have used."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from flight_delays.monitoring.rule import Verdict, decide_retraining
from flight_delays.parameters import RetrainingParameters

from .candidates import Candidate

# What a model is made of before the first month that is predicted: one month at least to learn
# from, one to validate on, one to judge by.
MONTHS_BEFORE = 3

# Challenger, champion and the month to judge by -> the outcome and the reason.
Decide = Callable[[Candidate, Candidate, pd.Period], tuple[str, str]]


@dataclass(frozen=True)
class Policy:
    """When to train, on what, and whether a new model has to show that it is no worse."""

    name: str
    retrain: Literal["never", "by the rule", "every month"]
    gated: bool = False
    rolling: bool = False
    left_out: int = 1  # newest months that are not learnt from, to judge by

    def choose(self, months: pd.PeriodIndex, position: int, rolling_months: int) -> Candidate:
        """Choose what to learn from at the beginning of a month.

        Args:
            months: All months, in a row.
            position: That of the month.
            rolling_months: How many the rolling window has.

        Returns:
            The candidate; it has the whole past where that is shorter than the window.
        """
        last = position - 1 - self.left_out
        first = max(0, last + 1 - rolling_months) if self.rolling else 0
        return Candidate(first=months[first], last=months[last])


POLICIES = (
    Policy("never", "never"),
    Policy("rule", "by the rule", gated=True),
    Policy("gated", "every month", gated=True),
    Policy("monthly", "every month"),
    Policy("rolling", "every month", rolling=True),
    Policy("nothing_left_out", "every month", left_out=0),
)


def list_candidates(months: pd.PeriodIndex, rolling_months: int) -> list[Candidate]:
    """List all that any policy may choose, each once.

    Args:
        months: All months, in a row.
        rolling_months: How many the rolling window has.

    Returns:
        The candidates, those that learn least far first.
    """
    positions = range(MONTHS_BEFORE, len(months))
    return sorted(
        {policy.choose(months, each, rolling_months) for policy in POLICIES for each in positions}
    )


def play(
    policy: Policy,
    months: pd.PeriodIndex,
    rolling_months: int,
    windows: dict[str, pd.DataFrame],
    decide: Decide,
    retraining: RetrainingParameters,
) -> pd.DataFrame:
    """Play the past under a policy.

    At the beginning of a month all outcomes of the months before it are known. The first month
    begins with a model that nothing was held against.

    Args:
        policy: The policy.
        months: All months, in a row.
        rolling_months: How many the rolling window has.
        windows: By candidate, what `compare_months` says of the months after those it learnt from,
            indexed by month.
        decide: Who is champion, where the policy has gates.
        retraining: The rule.

    Returns:
        One row per `month` from the fourth on: the `policy`; whether the rule calls for retraining
        (`alarm`) of the model that was in use; the candidate of that day, which learns from
        `candidate_from` to `candidate_to`, and whether it was `trained`; what was decided
        (`outcome`, "kept" where nothing was trained) and why (`reason`); what the model then in use
        has learnt from, `fitted_from` and `fitted_to`; and of that month, by how much its loss
        exceeds what it expected itself (`excess`, `excess_lower`, `excess_upper`), as monitoring
        will tell.
    """
    champion: Candidate | None = None
    rows: list[dict[str, Any]] = []
    for position in range(MONTHS_BEFORE, len(months)):
        judged = months[position - 1]
        alarm, outcome, reason = False, "kept", ""
        if champion:
            verdict = _look_back(windows[champion.name], champion, judged, retraining)
            alarm, reason = verdict.retrain, verdict.reason
        chosen = policy.choose(months, position, rolling_months)
        is_due = policy.retrain == "every month" or (policy.retrain == "by the rule" and alarm)
        trained = champion is None or is_due
        if champion is None:
            champion, outcome, reason = chosen, "promoted", "there is no champion yet"
        elif trained:
            outcome, reason = (
                decide(chosen, champion, judged) if policy.gated else ("promoted", "no gate")
            )
            champion = chosen if outcome == "promoted" else champion
        rows.append(
            {
                "policy": policy.name,
                "month": str(months[position]),
                "alarm": alarm,
                "trained": trained,
                "candidate_from": str(chosen.first),
                "candidate_to": str(chosen.last),
                "outcome": outcome,
                "reason": reason,
                "fitted_from": str(champion.first),
                "fitted_to": str(champion.last),
                **_tell_excess(windows[champion.name], str(months[position])),
            }
        )
    return pd.DataFrame(rows)


def _look_back(
    windows: pd.DataFrame, champion: Candidate, judged: pd.Period, retraining: RetrainingParameters
) -> Verdict:
    known: list[Any] = windows[windows.index <= str(judged)].to_dict("records")
    age = (judged.end_time - champion.last.end_time).days
    return decide_retraining(known, age, retraining)


def _tell_excess(windows: pd.DataFrame, month: str) -> dict[str, float]:
    """Tell what a month shows, missing where it has too few days."""
    window = windows.reindex([month]).iloc[0]
    names = {"difference": "excess", "lower": "excess_lower", "upper": "excess_upper"}
    return {told: float(window[name]) for name, told in names.items()}
