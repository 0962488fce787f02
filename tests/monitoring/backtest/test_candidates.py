"""Each candidate learns from its own months alone, and its digest knows what it depends on."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from flight_delays.monitoring.backtest.candidates import (
    Candidate,
    digest_candidates,
    fit_candidates,
)
from flight_delays.parameters import BacktestParameters
from monitoring.backtest.played import (
    CANDIDATES,
    GROUPS,
    TRAINING,
    make_questions,
)

BACKTEST = BacktestParameters(rolling_months=2, jobs=1, backend="threading", drawn_months=5)
EARLY, LATE = CANDIDATES


def fit(learnt: pd.DataFrame, asked: pd.DataFrame) -> dict[str, pd.DataFrame]:
    fitted = fit_candidates([*CANDIDATES], learnt, asked, GROUPS, TRAINING, BACKTEST)
    return {candidate.name: said for candidate, said in fitted}


def test_a_candidate_learns_from_its_months_and_predicts_the_later_ones() -> None:
    questions = make_questions()
    said = fit(questions, questions)
    assert [*said] == [LATE.name, EARLY.name]  # the longest first
    for candidate in CANDIDATES:
        dates = questions["flight_date"]
        seen = dates.between(candidate.first.start_time, candidate.last.end_time)
        told = said[candidate.name]
        later = dates > candidate.last.end_time
        assert list(told["flight_id"]) == list(questions.loc[later, "flight_id"])
        share = questions.loc[seen, "is_late"].mean()
        np.testing.assert_allclose(told["base_rate"], share)
        assert (told["cpu_seconds"] >= 0).all()
        assert told["cpu_seconds"].nunique() == 1
        # The model has learnt that a late flight has a 1.
        late = questions.loc[later, "is_late"].to_numpy()
        assert told["late_probability"][late].min() > told["late_probability"][~late].max()


def test_what_comes_after_its_months_teaches_a_candidate_nothing() -> None:
    questions = make_questions()
    others = questions.copy()
    others.loc[others["flight_date"] > EARLY.last.end_time, "is_late"] ^= True
    one, other = fit(questions, questions)[EARLY.name], fit(others, questions)[EARLY.name]
    pd.testing.assert_frame_equal(
        one.drop(columns="cpu_seconds"), other.drop(columns="cpu_seconds")
    )


def digest(
    learnt: pd.DataFrame, asked: pd.DataFrame, candidate: Candidate = EARLY
) -> dict[str, str]:
    return digest_candidates([candidate, LATE], learnt, asked, GROUPS, TRAINING)


def _change(column: str, row: int, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(questions: pd.DataFrame) -> pd.DataFrame:
        changed = questions.copy()
        changed.loc[row, column] = value
        return changed

    return change


@pytest.mark.parametrize(
    ("learnt", "asked", "changed"),
    [
        (_change("is_late", 0, False), None, [True, True]),
        (_change("delay", 0, 0.25), None, [True, True]),
        (_change("hour", 0, 3.0), None, [True, True]),
        # The later candidate alone has learnt from March.
        (_change("delay", 130, 0.25), None, [False, True]),
        # Nobody learns from April, which all are asked about.
        (_change("delay", 190, 0.25), None, [False, False]),
        (None, _change("delay", 190, 0.25), [True, True]),
        (None, _change("flight_id", 190, "another"), [True, True]),
        (None, _change("delay", 130, 0.25), [True, False]),
        (None, _change("delay", 0, 0.25), [False, False]),
        # What happened is none of its business who is asked.
        (None, _change("is_late", 190, False), [False, False]),
    ],
)
def test_a_digest_changes_with_what_the_candidate_learns_and_is_asked(
    learnt: Callable[[pd.DataFrame], pd.DataFrame] | None,
    asked: Callable[[pd.DataFrame], pd.DataFrame] | None,
    changed: list[bool],
) -> None:
    questions = make_questions()
    before = digest(questions, questions)
    after = digest(
        learnt(questions) if learnt else questions, asked(questions) if asked else questions
    )
    assert [after[each.name] != before[each.name] for each in CANDIDATES] == changed


def test_a_digest_changes_with_the_parameters_but_not_with_what_is_left_out() -> None:
    questions = make_questions()
    before = digest(questions, questions)[EARLY.name]

    def digest_by(**changes: object) -> str:
        training = TRAINING.model_copy(update=changes)
        return digest_candidates([EARLY], questions, questions, GROUPS, training)[EARLY.name]

    assert digest_by(random_state=1) != before
    assert digest_by(groups=["traffic", "schedule"]) != before
    assert digest_by(ablations=["schedule"], reference_rows=2) == before
    slower = TRAINING.classifier.model_copy(update={"learning_rate": 0.3})
    assert digest_by(classifier=slower) != before
    groups = GROUPS | {"schedule": []}
    assert digest_candidates([EARLY], questions, questions, groups, TRAINING)[EARLY.name] != before
    assert len(before) == 64
