"""Challenger and champion meet on flights that neither has seen."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import (
    FeatureEngineeringParameters,
    PromotionParameters,
)
from flight_delays.pipelines.promotion.nodes import (
    decide_promotion,
    predict_recent,
    select_recent,
)
from flight_delays.registry.feature_definition import define_features
from flight_delays.registry.promotion import record_decision
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    Contender,
    RegisteredModelChange,
    Version,
)
from flight_delays.schemas.reporting import RecentPredictions
from tables import (
    EVALUATION,
    find_failures,
    make_int_weather,
    make_prm_flights,
    make_target,
    read_parameters,
)

PROMOTION = PromotionParameters(
    max_calibration_error=0.25,
    min_slice_flights=4,
    min_days=2,
    confidence_level=0.95,
    non_inferiority_margin=None,
)
OLD = Version(1, "run 1", {"fitted_to": "2013-01-02"}, "Old")
NEW = Version(2, "run 2", {"fitted_to": "2013-01-01"}, "New")
# Two flights a day: the one at 7:30 is 20 minutes late, and the one at 9:00 not.
FLIGHTS = make_prm_flights(
    *(
        {"day": day, "flight": flight} | times
        for day in (1, 2, 3, 4)
        for flight, times in (
            (1, {"sched_dep_time": 730, "dep_time": 750, "dep_delay": 20}),
            (2, {"sched_dep_time": 900, "dep_time": 900, "dep_delay": 0}),
        )
    )
)
WEATHER = make_int_weather({}, {})
LATE = make_target(15)
PARAMETERS = FeatureEngineeringParameters(**read_parameters("feature_engineering"))
DEFINITION = define_features(PARAMETERS, LATE).model_dump(mode="json")
GROUPS: dict[Any, list[str]] = {"backlog": ["backlog"], "aircraft": ["slack"]}
TEST = pd.DataFrame(
    {
        **FLIGHTS[["flight_id", "flight_date", "origin", "carrier"]],
        "arrival_delay_minutes": [20.0, 0.0, 30.0, 0.0] * 2,
        "is_late": [True, False] * 4,
        "half": 0.5,
        "backlog": [0.75, 0.25] * 4,
        "slack": [0.625, 0.375] * 4,
        "prediction_time": FLIGHTS["scheduled_departure"] - pd.Timedelta(minutes=60),
        "lead_minutes": np.float32(120),
    }
)
# Half an hour before, both models say something else.
LAST_MINUTE = TEST.assign(
    prediction_time=FLIGHTS["scheduled_departure"] - pd.Timedelta(minutes=30),
    lead_minutes=np.float32(30),
    backlog=0.875,
    slack=0.875,
)
QUESTIONS = pd.concat([LAST_MINUTE, TEST], ignore_index=True)


class Says:
    """A model that predicts what stands in a column, and of any later threshold half of it."""

    def __init__(self, column: str, *thresholds: int) -> None:
        self.column = column
        self.thresholds_minutes = [*thresholds] or [15]

    def predict_lateness(self, flights: pd.DataFrame) -> pd.DataFrame:
        assert len(flights), "scikit-learn answers no empty table"
        said = flights[self.column].astype(float)
        return pd.DataFrame(
            {
                f"late_{minutes}": said / 2**place
                for place, minutes in enumerate(self.thresholds_minutes)
            }
        )


BASELINES = {
    "base_rate": Says("half", 15, 30, 31),
    "schedule_logistic_regression": Says("half", 15, 30, 31),
    "without_aircraft": Says("a column that is not there"),
}


def predict(
    challenger: Contender, champion: Contender | None = None
) -> tuple[pd.DataFrame, dict[str, Version]]:
    contenders = {CHALLENGER: challenger} | ({CHAMPION: champion} if champion else {})
    recent, compared = select_recent(contenders, QUESTIONS, EVALUATION)
    assert compared is contenders
    assert [*recent] == [*QUESTIONS]
    return predict_recent(recent, contenders, BASELINES, GROUPS, DEFINITION, FLIGHTS, WEATHER, LATE)


def enter(
    version: Version, column: str, *thresholds: int, definition: dict[str, Any] | None = None
) -> Contender:
    """A contender that says what stands in a column."""
    metadata = {"feature_definition": definition or DEFINITION}
    return Contender(version, Says(column, *thresholds), metadata)  # type: ignore[arg-type]


@pytest.mark.parametrize("turned", [False, True])
def test_only_flights_that_neither_was_fitted_on_count(turned: bool) -> None:
    versions = (OLD, NEW) if turned else (NEW, OLD)
    challenger, champion = (
        enter(versions[0], "backlog"),
        enter(versions[1], "slack"),
    )
    predictions, compared = predict(challenger, champion)
    assert compared == {CHALLENGER: versions[0], CHAMPION: versions[1]}
    assert find_failures(RecentPredictions, predictions) == set()
    assert predictions.to_dict("list") == {
        "flight_id": [*FLIGHTS["flight_id"][4:]],
        "prediction_time": [*TEST["prediction_time"][4:]],
        "flight_date": [*TEST["flight_date"][4:]],
        "origin": ["EWR"] * 4,
        "carrier": ["UA"] * 4,
        "arrival_delay_minutes": [20.0, 0.0, 30.0, 0.0],
        "is_late": [True, False] * 2,
        "lead_minutes": [120] * 4,
        "threshold_minutes": [15] * 4,
        CHALLENGER: [0.75, 0.25] * 2,
        CHAMPION: [0.625, 0.375] * 2,
        "base_rate": [0.5] * 4,
        "schedule_logistic_regression": [0.5] * 4,
    }


def test_each_threshold_of_the_challenger_is_answered_by_who_can() -> None:
    predictions, _ = predict(enter(NEW, "backlog", 15, 30), enter(OLD, "slack"))
    assert find_failures(RecentPredictions, predictions) == set()
    assert list(predictions["threshold_minutes"]) == [15] * 4 + [30] * 4
    later = predictions[predictions["threshold_minutes"] == 30]
    assert list(later["is_late"]) == [False, False, True, False]
    assert list(later[CHALLENGER]) == [0.375, 0.125] * 2
    assert later[CHAMPION].isna().all()
    assert list(later["base_rate"]) == [0.25] * 4


@pytest.mark.parametrize(("thresholds", "told"), [((15, 31), 1), ((15, 25), 0)])
def test_a_threshold_that_nobody_or_no_baseline_can_judge_is_left_out(
    thresholds: tuple[int, ...], told: int, caplog: pytest.LogCaptureFixture
) -> None:
    predictions, _ = predict(enter(NEW, "backlog", *thresholds), enter(OLD, "slack", *thresholds))
    assert list(predictions["threshold_minutes"].unique()) == [15]
    assert caplog.text.count("in table test 0 were") == told


@pytest.mark.parametrize("thresholds", [(20, 30), (20,)])
def test_baselines_that_do_not_answer_the_first_threshold_are_refused(
    thresholds: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BASELINES, "base_rate", Says("half", *thresholds))
    message = (
        "The reference_models do not answer 15 minutes, the first of .*, but "
        f"{', '.join(map(str, thresholds))}: train again by `kedro run --pipeline=training`.$"
    )
    with pytest.raises(DataError, match=message):
        predict(enter(NEW, "backlog", 15, 30))


def test_a_threshold_that_would_be_lost_is_told(caplog: pytest.LogCaptureFixture) -> None:
    predictions, _ = predict(enter(NEW, "backlog"), enter(OLD, "slack", 15, 30))
    assert list(predictions["threshold_minutes"].unique()) == [15]
    assert caplog.messages == ["The champion answers 30 minutes, the challenger does not"]


def test_without_a_champion_the_challenger_is_predicted_alone() -> None:
    predictions, compared = predict(enter(NEW, "backlog"))
    assert list(predictions["flight_id"]) == [*FLIGHTS["flight_id"][2:]]
    assert CHAMPION not in predictions
    assert compared == {CHALLENGER: NEW}


@pytest.mark.parametrize(("fitted_to", "days"), [("2013-01-02", 2), ("2013-01-04", 0)])
def test_too_few_days_postpone_the_decision(fitted_to: str, days: int) -> None:
    new = Version(2, "run 2", {"fitted_to": fitted_to}, "New")
    predictions, versions = predict(enter(new, "backlog"), enter(OLD, "slack"))
    assert find_failures(RecentPredictions, predictions) == set()
    promotion = PROMOTION.model_copy(update={"min_days": 3})
    decision = decide_promotion(predictions, versions, FLIGHTS, promotion, EVALUATION)
    assert decision == {
        "outcome": "postponed",
        "reason": f"table test has {days} days after {fitted_to}, the last day that challenger or "
        "champion was fitted on; promotion.min_days asks for 3. Lengthen the test split, or wait "
        "for more flights.",
        "challenger": 2,
        "champion": 1,
        "lead_minutes": 120,
        "flights": 2 * days,
        "days": days,
    }
    (change,) = record_decision(decision, versions).versions
    assert (change.number, change.alias, change.lost_alias) == (2, None, None)
    assert change.tags["decision"] == "postponed"
    assert change.tags["decision_reason"] == decision["reason"]
    assert json.loads(change.tags["decision_record"]) == decision
    assert str(change.description).endswith(f"Postponed: {decision['reason']}")


def test_a_champion_is_not_postponed() -> None:
    predictions, versions = predict(enter(OLD, "slack"), enter(OLD, "slack"))
    promotion = PROMOTION.model_copy(update={"min_days": 3})
    decision = decide_promotion(predictions, versions, FLIGHTS, promotion, EVALUATION)
    assert decision["outcome"] == "unchanged"
    assert record_decision(decision, versions) == RegisteredModelChange()


@pytest.mark.parametrize("contenders", [{}, {CHAMPION: enter(OLD, "slack")}])
def test_without_a_challenger_all_stays_as_it_is(
    contenders: dict[str, Contender], caplog: pytest.LogCaptureFixture
) -> None:
    recent, _ = select_recent(contenders, QUESTIONS, EVALUATION)
    tables = (BASELINES, GROUPS, DEFINITION, FLIGHTS, WEATHER, LATE)
    predictions, versions = predict_recent(recent, contenders, *tables)  # type: ignore[arg-type]
    assert find_failures(RecentPredictions, predictions) == set()
    with caplog.at_level("INFO", logger="flight_delays"):
        decision = decide_promotion(predictions, versions, FLIGHTS, PROMOTION, EVALUATION)
    reason = "no version is challenger; their tags gates say why."
    assert decision == {
        "outcome": "unchanged",
        "reason": reason,
        "challenger": None,
        "champion": 1 if contenders else None,
        "lead_minutes": 120,
        "flights": 0,
        "days": 0,
    }
    assert caplog.messages == [f"The champion is unchanged: {reason}"]
    assert record_decision(decision, versions) == RegisteredModelChange()


@pytest.mark.parametrize("alias", [CHALLENGER, CHAMPION])
def test_a_version_of_other_windows_is_asked_by_its_own_features(alias: str) -> None:
    """The feature that it looks at is in no table: the flight before, 90 minutes ago, was late."""
    seen = "network_scheduled_late_share_90m"
    window = {"network": {"scheduled_late_share": [90]}}
    foreign = define_features(PARAMETERS.model_copy(update={"traffic": window}), LATE)
    asked = enter(NEW, seen, definition=foreign.model_dump(mode="json"))
    other = enter(OLD, "backlog")
    contenders = (asked, other) if alias == CHALLENGER else (other, asked)
    predictions, _ = predict(*contenders)
    assert predictions[alias].fillna(0).tolist() == [0, 1] * 2  # the first has none before it
    (unlike,) = {CHALLENGER, CHAMPION} - {alias}
    assert list(predictions[unlike]) == [0.75, 0.25] * 2


@pytest.mark.parametrize("alias", [CHALLENGER, CHAMPION])
def test_a_version_that_says_nothing_of_its_features_is_refused(alias: str) -> None:
    silent, other = Contender(NEW, Says("slack"), {}), enter(OLD, "backlog")  # type: ignore[arg-type]
    contenders = (silent, other) if alias == CHALLENGER else (other, silent)
    with pytest.raises(DataError, match="Version 2 does not say what its features mean"):
        predict(*contenders)


def test_a_version_that_does_not_say_what_it_has_seen_is_refused() -> None:
    with pytest.raises(DataError, match="Version 3 has no tag fitted_to"):
        predict(enter(Version(3, "run 3", {}, ""), "backlog"))
