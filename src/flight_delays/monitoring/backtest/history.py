"""What the registry and MLflow's charts are told of the past played again."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from flight_delays.registry.versions import FITTED_TO


@dataclass(frozen=True)
class PlayedVersion:
    """A candidate as a version of a registered model: what it learnt from, and who used it when."""

    tags: dict[str, str]
    description: str
    aliases: list[str]


def list_versions(policies: pd.DataFrame) -> list[PlayedVersion]:
    """List the candidates as versions, those that learn least far first.

    Args:
        policies: From `score_months`.

    Returns:
        The versions. A tag for each policy tells the months in which it used one, a tag such as
        `rule_decision` what was decided of it and why. The policy's name is the alias of the one
        that it used last.
    """
    versions, last = [], policies["month"].max()
    trained = policies[policies["trained"]]
    for months_learnt, decisions in trained.groupby(["candidate_to", "candidate_from"]):
        to, since = map(str, months_learnt)
        used = policies[(policies["fitted_to"] == to) & (policies["fitted_from"] == since)]
        in_use = {str(name): list(each["month"]) for name, each in used.groupby("policy")}
        decided = {
            f"{row['policy']}_decision": f"{row['month']} {row['outcome']}: {row['reason']}"
            for row in decisions.to_dict("records")
        }
        versions.append(
            PlayedVersion(
                tags={
                    "fitted_from": str(pd.Period(since).start_time.date()),
                    FITTED_TO: str(pd.Period(to).end_time.date()),
                    **{name: " ".join(months) for name, months in in_use.items()},
                    **decided,
                },
                description="\n".join(
                    f"- {name}: in use {', '.join(months)}" for name, months in in_use.items()
                ),
                aliases=[name for name, months in in_use.items() if last in months],
            )
        )
    return versions


def list_metrics(policies: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """List log loss and cost of each policy as kedro-mlflow wants them, the month as their step.

    Args:
        policies: From `score_months`.

    Returns:
        By name, such as `rule.log_loss`, values with a step like 201311.
    """
    return {
        f"{name}.{metric}": [
            {"value": value, "step": int(month.replace("-", ""))}
            for month, value in zip(rows["month"], rows[metric], strict=True)
        ]
        for name, rows in policies.groupby("policy", sort=False)
        for metric in ("log_loss", "cost_per_flight")
    }
