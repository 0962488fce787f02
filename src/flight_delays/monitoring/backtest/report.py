"""How good each policy would have been, by month and over all months."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import roc_auc_score

from flight_delays.evaluation.days import FEWEST_BLOCKS, number_days
from flight_delays.evaluation.differences import bound_mean
from flight_delays.evaluation.metrics import compute_costs, compute_log_losses
from flight_delays.parameters import EvaluationParameters

METRICS = ("log_loss", "cost_per_flight")
REFERENCES = ("never", "monthly")


def tabulate_played(
    steps: pd.DataFrame, answers: pd.DataFrame, predictions: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Tabulate what would have been said of each flight under each policy.

    Args:
        steps: From `play`, of all policies.
        answers: What happened, one row per flight: `flight_id`, `flight_date`, `month`, `is_late`.
        predictions: By candidate, from `fit_candidates`.

    Returns:
        The flights of the months that were played, with a column of probabilities for each policy.
    """
    months = []
    for month, rows in steps.groupby("month"):
        flights = answers[answers["month"] == month].copy()
        ids = flights["flight_id"]
        for step in rows.itertuples():
            said = predictions[f"{step.fitted_from}_{step.fitted_to}"].set_index("flight_id")
            flights[step.policy] = said.loc[ids, "late_probability"].to_numpy()
        months.append(flights)
    return pd.concat(months, ignore_index=True)


def score_months(
    played: pd.DataFrame,
    steps: pd.DataFrame,
    cpu_minutes: dict[str, float],
    evaluation: EvaluationParameters,
) -> pd.DataFrame:
    """Score each policy in each month.

    Args:
        played: From `tabulate_played`.
        steps: From `play`, of all policies.
        cpu_minutes: By candidate, what its fit takes.
        evaluation: Costs, blocks of days, how sure the bounds are.

    Returns:
        The steps, each with `cpu_minutes`, 0 where nothing was trained, and the scores of the
        month, as `score_policy` has them, against never.
    """
    rows: list[dict[str, Any]] = []
    for _, step in steps.iterrows():
        flights = played[played["month"] == step["month"]]
        candidate = f"{step['candidate_from']}_{step['candidate_to']}"
        minutes = cpu_minutes[candidate] if step["trained"] else 0.0
        scores = score_policy(flights, step["policy"], REFERENCES[:1], evaluation)
        rows.append({**step, "cpu_minutes": minutes, **scores})
    return pd.DataFrame(rows)


def score_all_months(
    played: pd.DataFrame, policies: pd.DataFrame, evaluation: EvaluationParameters
) -> pd.DataFrame:
    """Score each policy over all months, against never and against every month.

    Args:
        played: From `tabulate_played`.
        policies: From `score_months`.
        evaluation: Costs, blocks of days, how sure the bounds are.

    Returns:
        One row per policy: how many models it `trained` and how many of them it took over
        (`promoted`), the first one not counted; `cpu_minutes` of all; and the scores.
    """
    rows: list[dict[str, Any]] = []
    for name, steps in policies.groupby("policy", sort=False):
        later = steps[steps["month"] > steps["month"].min()]
        rows.append(
            {
                "policy": name,
                "trained": int(later["trained"].sum()),
                "promoted": int((later["outcome"] == "promoted").sum()),
                "alarms": int(later["alarm"].sum()),
                "cpu_minutes": steps["cpu_minutes"].sum(),
                **score_policy(played, str(name), REFERENCES, evaluation),
            }
        )
    return pd.DataFrame(rows)


def score_policy(
    flights: pd.DataFrame,
    policy: str,
    references: tuple[str, ...],
    evaluation: EvaluationParameters,
) -> dict[str, float]:
    """Score what was said under a policy, and hold it against other policies on the same flights.

    Args:
        flights: Of one month or of several, from `tabulate_played`.
        policy: The policy.
        references: The other policies.
        evaluation: Costs, blocks of days, how sure the bounds are.

    Returns:
        `flights`, `roc_auc` (missing where all share one outcome), `log_loss` and
        `cost_per_flight`; and of the last two, by how much they are above those of each reference:
        `log_loss_above_never`, with its bounds `log_loss_above_never_lower` and `_upper`, which are
        missing where the days are too few.
    """
    late = flights["is_late"].to_numpy(dtype=bool)
    values = _compute(late, flights[policy], evaluation)
    ranks = 0 < late.mean() < 1
    scores = {
        "flights": len(flights),
        "roc_auc": float(roc_auc_score(late, flights[policy])) if ranks else np.nan,
        **{metric: float(values[metric].mean()) for metric in METRICS},
    }
    for reference in references:
        others = _compute(late, flights[reference], evaluation)
        for metric in METRICS:
            bounds = _bound(values[metric] - others[metric], flights["flight_date"], evaluation)
            names = (f"{metric}_above_{reference}{end}" for end in ("", "_lower", "_upper"))
            scores |= dict(zip(names, bounds, strict=True))
    return scores


def _compute(
    late: ArrayLike, probability: ArrayLike, evaluation: EvaluationParameters
) -> dict[str, Any]:
    return {
        "log_loss": compute_log_losses(late, probability),
        "cost_per_flight": compute_costs(late, probability, evaluation),
    }


def _bound(
    differences: Any, flight_date: pd.Series, evaluation: EvaluationParameters
) -> tuple[float, float, float]:
    if flight_date.nunique() < FEWEST_BLOCKS * evaluation.block_days:
        return float(differences.mean()), np.nan, np.nan
    day = number_days(flight_date, evaluation)
    sums, flights = np.bincount(day, differences), np.bincount(day)
    bounds = bound_mean(sums, flights, evaluation.confidence_level, evaluation.block_days)
    mean, lower, upper = map(float, bounds)
    return mean, lower, upper
