"""The models that the policies choose among: what each learns from, its fit, what it says."""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import sklearn
from joblib import Parallel, delayed

from flight_delays.evaluation.gates import BASELINES
from flight_delays.modelling.estimators import (
    fit_base_rate,
    fit_gradient_boosting,
    fit_logistic_regression,
    list_columns,
)
from flight_delays.parameters import BacktestParameters, Group, TrainingParameters

# Of what is kept of a candidate: change it with that, or with how candidates are fitted, and all
# are fitted anew.
FORMAT = "late_probability, baselines, cpu_seconds"

MADE_FROM = "made_from"


@dataclass(frozen=True, order=True)
class Candidate:
    """A model of some months in a row; the last of them decides the number of trees."""

    last: pd.Period
    first: pd.Period

    @property
    def name(self) -> str:
        """Its months, as the names of files tell them."""
        return f"{self.first}_{self.last}"


def digest_candidates(
    candidates: list[Candidate],
    learnt: pd.DataFrame,
    asked: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    training: TrainingParameters,
) -> dict[str, str]:
    """Digest all that the predictions of each candidate depend on.

    Args:
        candidates: The candidates.
        learnt: Questions to learn from: features, `flight_date` and `is_late`.
        asked: Questions to answer: features, `flight_date` and `flight_id`.
        feature_groups: Names of the features by group.
        training: The parameters of the model.

    Returns:
        By name, 64 hexadecimal digits that change with the rows it learns from, with those it
        answers, and with the parameters.
    """
    columns = _list_read_columns(feature_groups, training)
    fixed = training.model_dump_json(exclude={"ablations", "reference_rows"})
    fixed += f"{columns}{feature_groups['schedule']}{FORMAT}{sklearn.__version__}"
    rows = {
        name: pd.util.hash_pandas_object(table[[*columns, key]], index=False).to_numpy()
        for name, table, key in (("learnt", learnt, "is_late"), ("asked", asked, "flight_id"))
    }
    digests = {}
    for candidate in candidates:
        digest = hashlib.sha256(f"{candidate.name}{fixed}".encode())
        digest.update(rows["learnt"][_is_learnt(learnt, candidate)].tobytes())
        digest.update(rows["asked"][_is_later(asked, candidate)].tobytes())
        digests[candidate.name] = digest.hexdigest()
    return digests


def fit_candidates(
    candidates: list[Candidate],
    learnt: pd.DataFrame,
    asked: pd.DataFrame,
    feature_groups: dict[Group, list[str]],
    training: TrainingParameters,
    backtest: BacktestParameters,
) -> Iterator[tuple[Candidate, pd.DataFrame]]:
    """Fit candidates, several at a time, and let each predict all later months.

    Args:
        candidates: The candidates.
        learnt: Questions to learn from: features, `flight_date` and `is_late`.
        asked: Questions to answer: features, `flight_date` and `flight_id`.
        feature_groups: Names of the features by group.
        training: The parameters of the model.
        backtest: How many at a time, and by which back end of joblib.

    Yields:
        A candidate and what it says, as soon as it is known: `flight_id`, `late_probability`, a
        column for each baseline fitted on the same flights, and `cpu_seconds`, the time that the
        processor took for the model, the same in each row. With threads that is the time of the
        whole process, other fits included.
    """
    columns = _list_read_columns(feature_groups, training)
    used = list_columns(feature_groups, training.groups)
    tasks = (
        delayed(_fit_candidate)(
            candidate,
            learnt.loc[_is_learnt(learnt, candidate), ["flight_date", "is_late", *columns]],
            asked.loc[_is_later(asked, candidate), ["flight_id", *columns]],
            used,
            feature_groups["schedule"],
            training,
        )
        # The longest first, so that none is left to run alone at the end.
        for candidate in sorted(candidates, key=lambda each: each.first.ordinal - each.last.ordinal)
    )
    yield from Parallel(
        n_jobs=backtest.jobs,
        backend=backtest.backend,
        return_as="generator_unordered",
        pre_dispatch="n_jobs",
    )(tasks)


def _fit_candidate(
    candidate: Candidate,
    learnt: pd.DataFrame,
    asked: pd.DataFrame,
    columns: list[str],
    schedule: list[str],
    training: TrainingParameters,
) -> tuple[Candidate, pd.DataFrame]:
    """Fit one candidate; in a worker's process, unless the back end has threads."""
    is_last = learnt["flight_date"] >= candidate.last.start_time
    began = time.process_time()
    model = fit_gradient_boosting(learnt[~is_last], learnt[is_last], columns, training)
    seconds = time.process_time() - began
    baselines = (fit_base_rate(learnt, schedule), fit_logistic_regression(learnt, schedule))
    said = {
        name: fitted.predict_proba(asked)[:, 1].astype(np.float64)
        for name, fitted in zip(("late_probability", *BASELINES), (model, *baselines), strict=True)
    }
    return candidate, asked[["flight_id"]].assign(**said, cpu_seconds=seconds)


def _list_read_columns(
    feature_groups: dict[Group, list[str]], training: TrainingParameters
) -> list[str]:
    used = list_columns(feature_groups, training.groups)
    return [*dict.fromkeys([*used, *feature_groups["schedule"]])]


def _is_learnt(learnt: pd.DataFrame, candidate: Candidate) -> pd.Series:
    return learnt["flight_date"].between(candidate.first.start_time, candidate.last.end_time)


def _is_later(asked: pd.DataFrame, candidate: Candidate) -> pd.Series:
    return asked["flight_date"] > candidate.last.end_time
