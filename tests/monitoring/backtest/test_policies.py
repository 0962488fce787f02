"""Decisions in their order: when each policy trains, on what, and whether that takes over."""

import pandas as pd
import pytest

from flight_delays.monitoring.backtest.candidates import Candidate
from flight_delays.monitoring.backtest.policies import POLICIES, Policy, list_candidates, play
from flight_delays.parameters import RetrainingParameters

MONTHS = pd.period_range("2013-01", "2013-08", freq="M")
RULE = RetrainingParameters(windows=3, exceeded_windows=2, confidence_level=0.95, max_age_days=365)
BY_NAME = {policy.name: policy for policy in POLICIES}


def candidate(first: str, last: str) -> Candidate:
    return Candidate(first=pd.Period(first), last=pd.Period(last))


def make_windows(exceeded: dict[str, list[str]]) -> dict[str, pd.DataFrame]:
    """All candidates see all months; a loss exceeds what was expected where a candidate says so."""
    months = list(map(str, MONTHS))
    return {
        each.name: pd.DataFrame(
            {
                "difference": 0.1,
                "lower": [0.05 if m in exceeded.get(each.name, []) else -0.05 for m in months],
                "upper": 0.2,
            },
            index=months,
        ).loc[str(each.last + 1) :]
        for each in list_candidates(MONTHS, 3)
    }


class Gate:
    """Notes what it is asked, and answers."""

    def __init__(self, outcome: str) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, str, str]] = []

    def __call__(
        self, challenger: Candidate, champion: Candidate, judged: pd.Period
    ) -> tuple[str, str]:
        self.asked.append((challenger.name, champion.name, str(judged)))
        return self.outcome, "as told"


def play_months(
    policy: Policy,
    gate: Gate,
    exceeded: dict[str, list[str]] | None = None,
    rule: RetrainingParameters = RULE,
) -> pd.DataFrame:
    steps = play(policy, MONTHS, 3, make_windows(exceeded or {}), gate, rule)
    return steps.set_index("month")


@pytest.mark.parametrize(
    ("name", "fitted_from", "fitted_to"),
    [
        ("never", "11111", "22222"),
        ("monthly", "11111", "23456"),
        # Three months, as soon as there are so many besides the one to judge by.
        ("rolling", "11234", "23456"),
        ("nothing_left_out", "11111", "34567"),
    ],
)
def test_what_the_model_of_each_month_has_learnt(
    name: str, fitted_from: str, fitted_to: str
) -> None:
    gate = Gate("refused")
    steps = play_months(BY_NAME[name], gate)
    assert list(steps.index) == ["2013-04", "2013-05", "2013-06", "2013-07", "2013-08"]
    assert "".join(steps["fitted_from"].str[-1]) == fitted_from
    assert "".join(steps["fitted_to"].str[-1]) == fitted_to
    assert list(steps["trained"]) == [True, *[name != "never"] * 4]
    assert gate.asked == []


def test_the_gates_are_asked_on_the_newest_month_about_a_model_that_left_it_out() -> None:
    gate = Gate("promoted")
    steps = play_months(BY_NAME["gated"], gate)
    assert gate.asked[:2] == [
        ("2013-01_2013-03", "2013-01_2013-02", "2013-04"),
        ("2013-01_2013-04", "2013-01_2013-03", "2013-05"),
    ]
    assert "".join(steps["fitted_to"].str[-1]) == "23456"


@pytest.mark.parametrize("outcome", ["refused", "postponed"])
def test_a_challenger_that_is_not_promoted_leaves_the_champion(outcome: str) -> None:
    gate = Gate(outcome)
    steps = play_months(BY_NAME["gated"], gate)
    assert "".join(steps["fitted_to"].str[-1]) == "22222"
    assert {champion for _, champion, _ in gate.asked} == {"2013-01_2013-02"}
    assert list(steps["outcome"]) == ["promoted", *[outcome] * 4]
    assert list(steps["candidate_to"].str[-1]) == list("23456")
    assert list(steps["reason"])[1:] == ["as told"] * 4


def test_the_rule_waits_for_a_second_month_and_then_looks_at_the_new_champion() -> None:
    # March (judged) exceeds, April does not, May does: two of three, seen at the start of June.
    exceeded = {"2013-01_2013-02": ["2013-03", "2013-05", "2013-06", "2013-07"]}
    gate = Gate("promoted")
    steps = play_months(BY_NAME["rule"], gate, exceeded)
    assert gate.asked == [("2013-01_2013-04", "2013-01_2013-02", "2013-05")]
    assert list(steps["alarm"]) == [False, False, True, False, False]
    assert list(steps["trained"]) == [True, False, True, False, False]
    assert "".join(steps["fitted_to"].str[-1]) == "22444"
    assert list(steps["outcome"]) == ["promoted", "kept", "promoted", "kept", "kept"]


def test_the_rule_knows_nothing_of_the_month_to_come() -> None:
    exceeded = {"2013-01_2013-02": ["2013-07", "2013-08"]}
    steps = play_months(BY_NAME["rule"], Gate("promoted"), exceeded)
    assert not steps["alarm"].any()


def test_never_hears_the_alarm_and_does_nothing() -> None:
    exceeded = {"2013-01_2013-02": list(map(str, MONTHS))}
    steps = play_months(BY_NAME["never"], Gate("promoted"), exceeded)
    assert list(steps["alarm"]) == [False, True, True, True, True]
    assert "".join(steps["fitted_to"].str[-1]) == "22222"


def test_a_champion_that_has_learnt_too_long_ago_is_retrained() -> None:
    # From 28 February it is 61 days to the end of April, and 92 to that of May.
    rule = RULE.model_copy(update={"max_age_days": 61})
    steps = play_months(BY_NAME["rule"], Gate("promoted"), rule=rule)
    assert list(steps["trained"]) == [True, False, True, False, True]


def test_what_monitoring_will_see_of_a_month_stands_beside_it() -> None:
    steps = play_months(BY_NAME["never"], Gate("promoted"), {"2013-01_2013-02": ["2013-05"]})
    assert list(steps["excess_lower"]) == [-0.05, 0.05, -0.05, -0.05, -0.05]
    assert list(steps.loc["2013-04", ["excess", "excess_upper"]]) == [0.1, 0.2]


def test_a_month_too_short_to_tell_anything_is_no_window() -> None:
    windows = make_windows({"2013-01_2013-02": ["2013-03", "2013-04"]})
    windows["2013-01_2013-02"] = windows["2013-01_2013-02"].drop("2013-04")
    steps = play(BY_NAME["rule"], MONTHS, 3, windows, Gate("promoted"), RULE)
    assert not steps["alarm"].any()
    assert steps["excess"].isna().tolist() == [True, False, False, False, False]


def test_each_candidate_is_listed_once() -> None:
    year = pd.period_range("2013-01", "2013-12", freq="M")
    names = [each.name for each in list_candidates(year, 3)]
    assert names[:3] == ["2013-01_2013-02", "2013-01_2013-03", "2013-01_2013-04"]
    # Ten from the whole past, to February or to November, and seven that roll, to April or October.
    assert len(names) == len({*names}) == 17
    assert sum(name.startswith("2013-01") for name in names) == 10
    assert "2013-08_2013-10" in names
    assert "2013-09_2013-11" not in names
    several = pd.period_range("2012-01", "2013-12", freq="M")
    assert candidate("2012-12", "2013-02") in list_candidates(several, 3)
