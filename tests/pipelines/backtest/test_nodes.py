"""What is stored is found again, what is stale is not, and decisions are those of a promotion."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import (
    BacktestParameters,
    FeatureEngineeringParameters,
    PromotionParameters,
    RetrainingParameters,
    TargetParameters,
)
from flight_delays.pipelines.backtest import nodes
from flight_delays.pipelines.backtest.nodes import fit_missing, play_policies
from flight_delays.pipelines.backtest.questions import ask_all
from flight_delays.pipelines.promotion.nodes import decide_promotion
from flight_delays.schemas.backtest import PlayedPolicies, PolicySummary, validate_candidates
from monitoring.backtest.played import GROUPS, TRAINING, make_questions
from tables import EVALUATION, read_parameters

BACKTEST = BacktestParameters(rolling_months=2, jobs=1, backend="threading", drawn_months=5)
TARGET = TargetParameters(late_thresholds_minutes=[15, 60], min_flights=1)
RULE = RetrainingParameters(windows=3, exceeded_windows=2, confidence_level=0.95, max_age_days=365)
PROMOTION = PromotionParameters(
    max_calibration_error=0.9,
    min_slice_flights=10_000,
    min_days=30,
    confidence_level=0.95,
    non_inferiority_margin=0.002,
)
MONTHS = ["2013-01", "2013-02", "2013-03", "2013-04"]
NAMES = {"2013-01_2013-02", "2013-01_2013-03"}


def fit(
    stored: dict[str, pd.DataFrame], questions: pd.DataFrame, **training: Any
) -> dict[str, pd.DataFrame]:
    """What a run adds to what is stored."""
    parameters = TRAINING.model_copy(update=training)
    added: dict[str, pd.DataFrame] = {}
    for said in fit_missing(stored, questions, questions, GROUPS, MONTHS, parameters, BACKTEST):
        added |= validate_candidates(said)
    return added


def test_what_is_stored_is_not_fitted_again() -> None:
    stored = fit({}, make_questions())
    assert {*stored} == NAMES
    assert fit(stored, make_questions()) == {}
    first, second = sorted(NAMES)
    # A run that was stopped after the first one fits the second, and to the same.
    resumed = fit({first: stored[first]}, make_questions())
    assert {*resumed} == {second}
    columns = ["flight_id", "late_probability", "base_rate", "made_from"]
    pd.testing.assert_frame_equal(resumed[second][columns], stored[second][columns])


def test_what_is_stale_is_fitted_again() -> None:
    stored = fit({}, make_questions())
    assert {*fit(stored, make_questions(), random_state=1)} == NAMES
    changed = make_questions()
    in_march = changed["flight_date"] == "2013-03-02"
    changed.loc[in_march, "is_late"] ^= True
    # The earlier candidate has not learnt from March; that it is asked about it stays as it was.
    assert {*fit(stored, changed)} == {"2013-01_2013-03"}


def test_each_candidate_is_there_as_soon_as_it_is_fitted() -> None:
    questions = make_questions()
    fits = fit_missing({}, questions, questions, GROUPS, MONTHS, TRAINING, BACKTEST)
    assert [*next(fits)] == ["2013-01_2013-03"]


def make_flights() -> pd.DataFrame:
    """From March to June, four flights a day; the first is late, on odd days the second."""
    dates = pd.date_range("2013-03-01", "2013-06-30").repeat(4)
    number = np.arange(len(dates))
    is_late = number % 4 == dates.day % 2
    return pd.DataFrame(
        {
            "flight_id": [f"flight {each}" for each in number],
            "prediction_time": dates.tz_localize("UTC"),
            "flight_date": dates,
            "origin": "JFK",
            "carrier": "AA",
            "arrival_delay_minutes": np.where(is_late, 20.0, 0.0),
            "is_late": is_late,
            "scheduled_departure_local": dates,
            "aircraft_model": "A320",
        }
    )


def make_candidates(said: dict[str, tuple[float, float]]) -> dict[str, pd.DataFrame]:
    """By candidate, what it says of late flights and of the others."""
    flights = make_flights()
    names = ["2013-01_2013-02", "2013-01_2013-03", "2013-02_2013-03"]
    names += ["2013-01_2013-04", "2013-03_2013-04", "2013-01_2013-05"]
    return {
        name: pd.DataFrame(
            {
                "flight_id": flights["flight_id"],
                "late_probability": np.where(flights["is_late"], *said.get(name, (0.5, 0.2))),
                "base_rate": 0.9,
                "schedule_logistic_regression": 0.9,
                "cpu_seconds": 30.0,
                "made_from": "0" * 64,
            }
        )
        for name in names
    }


def play(
    said: dict[str, tuple[float, float]], block_days: int = 7, **promotion: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    flights = make_flights()
    asked = flights.drop(columns=["scheduled_departure_local", "aircraft_model"])
    policies, summary, _ = play_policies(
        make_candidates(said),
        asked,
        [*MONTHS, "2013-05", "2013-06"],
        flights,
        BACKTEST,
        TARGET,
        EVALUATION.model_copy(update={"block_days": block_days}),
        RULE,
        PROMOTION.model_copy(update=promotion),
    )
    PlayedPolicies.validate(policies, lazy=True)
    PolicySummary.validate(summary, lazy=True)
    return policies.set_index(["policy", "month"]), summary.set_index("policy")


def test_who_is_surely_better_takes_over_and_who_is_worse_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = []

    def decide(recent: pd.DataFrame, *others: Any) -> dict[str, Any]:
        judged.append({*recent["month"]})
        return decide_promotion(recent, *others)

    monkeypatch.setattr(nodes, "decide_promotion", decide)
    better, worse = (0.6, 0.1), (0.4, 0.3)
    policies, summary = play({"2013-01_2013-03": better, "2013-01_2013-04": worse})
    assert judged == [{"2013-04"}, {"2013-05"}]
    gated = policies.loc["gated"]
    assert list(gated["fitted_to"]) == ["2013-02", "2013-03", "2013-03"]
    assert list(gated["outcome"]) == ["promoted", "promoted", "refused"]
    assert "the champion to 2013-03-31" in gated.loc["2013-06", "reason"]
    loss = -0.25 * np.log(0.6) - 0.75 * np.log(0.9)
    assert gated.loc["2013-06", "log_loss"] == pytest.approx(loss)
    assert summary.loc["gated", ["trained", "promoted", "cpu_minutes"]].tolist() == [2, 1, 1.5]
    # The model says of late flights less than comes true, and so does every month's.
    assert policies.loc["monthly", "fitted_to"].iloc[-1] == "2013-04"


def test_the_rule_retrains_a_model_that_is_too_sure_of_itself() -> None:
    # It expects next to no loss, and has one in March and April.
    policies, summary = play({"2013-01_2013-02": (0.01, 0.01)})
    assert list(policies.loc["rule", "alarm"]) == [False, True, False]
    assert list(policies.loc["rule", "fitted_to"]) == ["2013-02", "2013-03", "2013-03"]
    assert summary.loc["rule", "log_loss_above_never_upper"] < 0
    assert policies.loc[("rule", "2013-04"), "excess_lower"] > 0
    # Who is as good as the champion takes over for its fresher data, within the margin.
    assert list(policies.loc["gated", "fitted_to"]) == ["2013-02", "2013-03", "2013-04"]


def test_months_shorter_than_two_blocks_are_refused() -> None:
    with pytest.raises(DataError, match=r"two blocks of evaluation\.block_days"):
        play({}, block_days=16)


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2013-01-01", "2013-01-31", "2013-02-01", "2013-02-28"], "2 whole months"),
        # After a gap the months before it do not count.
        (
            [
                "2013-01-01",
                "2013-01-31",
                *(f"2013-{m}-{d}" for m in ("03", "05", "07") for d in ("01", "31")),
            ],
            "1 whole",
        ),
        (["2013-01-02"], "0 whole months"),
    ],
)
def test_fewer_than_four_months_in_a_row_are_refused(days: list[str], told: str) -> None:
    flights = pd.DataFrame({"flight_date": pd.to_datetime(days)})
    features = FeatureEngineeringParameters(**read_parameters("feature_engineering"))
    with pytest.raises(DataError, match=f"prm_flights ends with {told}"):
        ask_all(flights, pd.DataFrame(), features, TARGET, EVALUATION)
