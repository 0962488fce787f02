"""Who becomes champion, and what is written down of it."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluation import mornings
from flight_delays.errors import DataError
from flight_delays.parameters import EvaluationParameters, PromotionParameters
from flight_delays.parameters.modelling import Costs
from flight_delays.pipelines.promotion.nodes import decide_promotion
from flight_delays.registry.promotion import record_decision
from flight_delays.registry.versions import (
    CHALLENGER,
    CHAMPION,
    SECTION_BREAK,
    RegisteredModelChange,
    Version,
    VersionChange,
)
from tables import EVALUATION

PROMOTION = PromotionParameters(
    max_calibration_error=0.25,
    min_slice_flights=4,
    min_days=1,
    confidence_level=0.95,
    non_inferiority_margin=None,
)
OLD = Version(1, "run 1", {"fitted_to": "2013-01-02"}, "Old")
NEW = Version(2, "run 2", {"fitted_to": "2013-01-01"}, "New")
BOTH = {CHALLENGER: NEW, CHAMPION: OLD}
# On each of four days one flight is late and one is not. How sure a model is of what happens
# makes its log loss; the calibration error is 0.2 for one that is sure by 80%.
FLIGHTS = pd.DataFrame(
    {
        "flight_id": list("abcdefgh"),
        "prediction_time": pd.Timestamp("2013-01-01T08:00Z"),
        "lead_minutes": 120,
        "flight_date": pd.to_datetime([f"2013-01-0{day}" for day in (1, 1, 2, 2, 3, 3, 4, 4)]),
        "origin": "EWR",
        "carrier": ["UA", "B6"] * 4,
        "arrival_delay_minutes": [60.0, 0.0] * 4,
        "is_late": [True, False] * 4,
        "threshold_minutes": 15,
    }
)
PRM_FLIGHTS = FLIGHTS[["flight_id"]].assign(
    scheduled_departure_local=pd.Timestamp("2013-01-01T06:00"), aircraft_model="A320"
)


def be_sure(of_what_happens: float | list[float]) -> Any:
    """The probabilities of a model that is as sure as that of what happens."""
    return np.where(FLIGHTS["is_late"], of_what_happens, 1 - np.array(of_what_happens))


def decide(
    challenger: float | list[float],
    champion: float = 0.7,
    versions: dict[str, Version] = BOTH,
    hour_late: dict[str, float] | None = None,
    evaluation: EvaluationParameters = EVALUATION,
    **promotion: Any,
) -> dict[str, Any]:
    models: dict[str, float | list[float]] = {
        CHALLENGER: challenger,
        CHAMPION: champion,
        "base_rate": 0.5,
        "schedule_logistic_regression": 0.6,
    }
    if CHAMPION not in versions:
        del models[CHAMPION]
    predictions = FLIGHTS.assign(**{name: be_sure(sure) for name, sure in models.items()})
    if hour_late:
        sure = {name: be_sure(hour_late.get(name, value)) for name, value in models.items()}
        later = FLIGHTS.assign(threshold_minutes=60, **sure)
        predictions = pd.concat([later, predictions], ignore_index=True)
    parameters = PROMOTION.model_copy(update=promotion)
    return decide_promotion(predictions, versions, PRM_FLIGHTS, parameters, evaluation)


def test_a_better_challenger_is_promoted() -> None:
    decision = decide(0.8)
    assert decision["outcome"] == "promoted"
    less = np.log(0.7 / 0.8)
    assert decision["log_loss_difference"] == pytest.approx(
        {"difference": less, "lower": less, "upper": less}
    )
    assert decision["reason"] == (
        "its log loss is -0.1335 (-0.1335 to -0.1335) against version 1, the champion."
    )


@pytest.mark.parametrize(
    ("challenger", "numbers"),
    [
        pytest.param(
            0.7, "+0.0000 (+0.0000 to +0.0000) against version 1, the champion", id="a tie"
        ),
        pytest.param(
            0.65, "+0.0741 (+0.0741 to +0.0741) against version 1, the champion", id="worse"
        ),
    ],
)
def test_the_champion_stays_unless_the_challenger_is_surely_better(
    challenger: float | list[float], numbers: str
) -> None:
    decision = decide(challenger, max_calibration_error=0.4)
    assert decision["outcome"] == "refused"
    assert decision["reason"].startswith(f"its log loss is {numbers}")
    assert decision["reason"].endswith(", which is not surely below 0.")


def test_the_difference_is_judged_over_days_and_as_surely_as_the_gate_asks() -> None:
    # On the four days the log loss falls by so much, alike for both flights. Student's t of 2.93
    # would do for 90 %, the level of the report, (2.353), and that of flights, 4.48, for 95 %.
    falls = np.array([0.2, 0.1, 0.3, 0.05])
    challenger = 0.7 * np.exp(falls.repeat(2))
    margin = 3.18245 * falls.std(ddof=1) / 2
    decision = decide([*challenger])
    assert decision["log_loss_difference"] == pytest.approx(
        {"difference": -0.1625, "lower": -0.1625 - margin, "upper": -0.1625 + margin}, rel=1e-4
    )
    assert decision["outcome"] == "refused"
    assert decision["reason"] == (
        "its log loss is -0.1625 (-0.3389 to +0.0139) against version 1, the champion, "
        "which is not surely below 0."
    )
    assert decide([*challenger], confidence_level=0.9)["outcome"] == "promoted"


LATER = NEW.tags | {"fitted_to": "2013-01-03"}
FRESH = BOTH | {CHALLENGER: Version(2, "run 2", LATER, "New")}


@pytest.mark.parametrize(
    ("challenger", "margin", "outcome"),
    [
        pytest.param(0.7, 0.002, "promoted", id="a tie"),
        pytest.param(0.69, 0.0145, "promoted", id="worse, by less than the margin"),  # log(70/69)
        pytest.param(0.69, 0.0143, "refused", id="worse, by more than the margin"),
        pytest.param(0.7, None, "refused", id="no margin"),
    ],
)
def test_a_challenger_of_later_flights_may_be_as_good(
    challenger: float, margin: float | None, outcome: str
) -> None:
    asked = {"non_inferiority_margin": margin, "max_calibration_error": 0.4}
    decision = decide(challenger, versions=FRESH, **asked)
    assert decision["outcome"] == outcome


def test_the_whole_interval_lies_below_the_margin() -> None:
    falls = np.array([0.2, 0.1, 0.3, 0.05])  # as above: -0.3389 to +0.0139
    challenger = [*0.7 * np.exp(falls.repeat(2))]
    decision = decide(challenger, versions=FRESH, non_inferiority_margin=0.014)
    numbers = "its log loss is -0.1625 (-0.3389 to +0.0139) against version 1, the champion"
    bound = (
        "the margin of a challenger that was fitted on later flights (to 2013-01-03, the champion "
        "to 2013-01-02)."
    )
    assert decision["outcome"] == "promoted"
    assert decision["reason"] == f"{numbers}, which is surely below +0.0140, {bound}"
    decision = decide(challenger, versions=FRESH, non_inferiority_margin=0.0138)
    assert decision["outcome"] == "refused"
    assert decision["reason"] == (
        f"{numbers}, which is neither surely below 0 nor surely below +0.0138, {bound}"
    )


@pytest.mark.parametrize("fitted_to", ["2013-01-01", "2013-01-02"])
def test_a_tie_on_the_same_flights_or_earlier_ones_keeps_the_champion(fitted_to: str) -> None:
    challenger = Version(2, "run 2", {"fitted_to": fitted_to}, "New")
    versions = BOTH | {CHALLENGER: challenger}
    asked = {"non_inferiority_margin": 0.5, "max_calibration_error": 0.4}
    decision = decide(0.7, versions=versions, **asked)
    assert decision["outcome"] == "refused"
    assert decision["reason"].endswith(", which is not surely below 0.")


def test_the_margin_is_of_the_first_threshold_alone() -> None:
    hour_late = {CHALLENGER: 0.79, CHAMPION: 0.8}
    asked = {"non_inferiority_margin": 0.5, "max_calibration_error": 0.4}
    decision = decide(0.7, versions=FRESH, hour_late=hour_late, **asked)
    assert decision["outcome"] == "refused"
    assert decision["reason"].endswith("for flights 60 minutes late, which is surely above 0.")


def test_a_challenger_that_is_surely_worse_at_a_later_threshold_is_refused() -> None:
    decision = decide(0.8, hour_late={CHALLENGER: 0.75, CHAMPION: 0.8})
    assert decision["outcome"] == "refused"
    assert decision["reason"] == (
        "its log loss is -0.1335 (-0.1335 to -0.1335) against version 1, the champion, but "
        "+0.0645 (+0.0645 to +0.0645) for flights 60 minutes late, which is surely above 0."
    )
    (later,) = decision["later_thresholds"].values()
    assert later["log_loss_difference"]["difference"] == pytest.approx(np.log(0.8 / 0.75))


@pytest.mark.parametrize(
    "hour_late", [{CHALLENGER: 0.8, CHAMPION: 0.8}, {CHALLENGER: 0.8, CHAMPION: np.nan}]
)
def test_a_later_threshold_promotes_who_is_no_worse_or_alone(hour_late: dict[str, float]) -> None:
    decision = decide(0.8, hour_late=hour_late)
    assert decision["outcome"] == "promoted"
    later = decision["later_thresholds"]["late_60"]
    assert (CHAMPION in later["scores"]) is (later["log_loss_difference"] is not None)
    assert later["scores"][CHALLENGER] == decision["scores"][CHALLENGER]


def test_a_later_threshold_is_charged_by_its_own_costs() -> None:
    """Who gets .3 is alerted in vain where a miss costs three false alarms, and not where one."""
    alike = {60: Costs(miss_cost=1, false_alarm_cost=1)}
    evaluation = EVALUATION.model_copy(update={"costs_by_threshold": alike})
    decision = decide(0.7, hour_late={CHALLENGER: 0.7}, evaluation=evaluation)
    assert decision["scores"][CHALLENGER]["cost_per_flight"] == 1 / 2
    assert decision["later_thresholds"]["late_60"]["scores"][CHALLENGER]["cost_per_flight"] == 0


def test_a_later_threshold_alone_makes_no_champion() -> None:
    decision = decide(0.7, hour_late={CHALLENGER: 0.8, CHAMPION: 0.7}, max_calibration_error=0.4)
    assert decision["outcome"] == "refused"


def test_a_challenger_that_fails_the_gates_of_a_later_threshold_is_refused() -> None:
    decision = decide(0.8, hour_late={CHALLENGER: 0.55, CHAMPION: 0.5}, max_calibration_error=0.5)
    assert decision["outcome"] == "refused"
    assert decision["reason"].startswith(
        "log loss below schedule logistic regression, 60 minutes late is 0.5978"
    )


def test_too_few_days_for_an_interval_are_refused() -> None:
    predictions = FLIGHTS.head(2).assign(challenger=0.8, base_rate=0.5)
    predictions = predictions.assign(champion=0.7, schedule_logistic_regression=0.6)
    with pytest.raises(DataError, match="Too few days of table test to judge by: 1"):
        decide_promotion(predictions, BOTH, PRM_FLIGHTS, PROMOTION, EVALUATION)


@pytest.mark.parametrize("champion", [True, False])
def test_the_slice_gate_lets_a_good_model_of_few_late_flights_through(champion: bool) -> None:
    decision = decide_by_mornings(mornings.make_predictions(), champion)
    assert decision["outcome"] == "promoted"
    assert decision["gates"][-1]["gate"].endswith("regression in hour 05")
    assert decision["gates"][-1]["value"] < 0


@pytest.mark.parametrize("champion", [True, False])
def test_the_slice_gate_stops_a_model_that_is_surely_worse_than_a_baseline_somewhere(
    champion: bool,
) -> None:
    decision = decide_by_mornings(mornings.make_predictions(worse_at="05"), champion)
    assert decision["outcome"] == "refused"
    assert [gate["passed"] for gate in decision["gates"]] == [True, True, True, False]
    assert decision["reason"].startswith(
        "log loss surely lost to schedule logistic regression in hour 05 is 0."
    )


def decide_by_mornings(flights: pd.DataFrame, champion: bool) -> dict[str, Any]:
    """Decide on a challenger that is surely better than the champion as a whole."""
    facts = ["scheduled_departure_local", "aircraft_model"]
    predictions = flights.drop(columns=facts).rename(columns={"late_probability": CHALLENGER})
    versions = BOTH if champion else {CHALLENGER: NEW}
    if champion:
        predictions[CHAMPION] = 0.4
    return decide_promotion(
        predictions,
        versions,
        flights[["flight_id", *facts]],
        mornings.PROMOTION,
        mornings.WEEKLY,
    )


def test_without_a_champion_the_absolute_gates_decide() -> None:
    alone = {CHALLENGER: NEW}
    decision = decide(0.8, versions=alone)
    assert decision["outcome"] == "promoted"
    assert decision["reason"] == "it passes the absolute gates, and there is no champion yet."
    assert decision["champion"] is None
    assert decision["log_loss_difference"] is None
    decision = decide(0.8, versions=alone, max_calibration_error=0.1)
    assert decision["outcome"] == "refused"
    assert decision["reason"] == "expected calibration error is 0.2000, the bound 0.1000."


def test_the_absolute_gates_come_first() -> None:
    decision = decide(0.8, max_calibration_error=0.1)
    assert decision["outcome"] == "refused"
    assert decision["reason"].startswith("expected calibration error")


def test_a_challenger_that_was_rolled_back_is_refused() -> None:
    gone = Version(2, "run 2", NEW.tags | {"rolled_back": "false alarms"}, "New")
    decision = decide(0.8, versions=BOTH | {CHALLENGER: gone})
    assert decision["outcome"] == "refused"
    assert decision["reason"] == "it was rolled back (false alarms)."


def test_a_challenger_that_is_champion_stays_what_it_is() -> None:
    again = Version(1, "run 1", OLD.tags | {"rolled_back": "once"}, "Old")
    decision = decide(0.7, versions={CHALLENGER: again, CHAMPION: again})
    assert decision["outcome"] == "unchanged"
    assert decision["reason"] == "it is champion already, and no later version is challenger."
    change = record_decision(decision, {CHALLENGER: again, CHAMPION: again})
    assert change == RegisteredModelChange()


def test_the_decision_has_every_number_and_survives_its_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level("INFO", logger="flight_delays"):
        decision = decide(0.8)
    assert caplog.messages == [f"Version 2 is promoted: {decision['reason']}"]
    assert json.loads(json.dumps(decision)) == decision
    assert (decision["challenger"], decision["champion"]) == (2, 1)
    assert (decision["lead_minutes"], decision["flights"], decision["days"]) == (120, 8, 4)
    assert decision["confidence_level"] == 0.95
    assert (decision["first_day"], decision["last_day"]) == ("2013-01-01", "2013-01-04")
    assert {name: scores["log_loss"] for name, scores in decision["scores"].items()} == {
        CHALLENGER: pytest.approx(-np.log(0.8)),
        CHAMPION: pytest.approx(-np.log(0.7)),
        "base_rate": pytest.approx(-np.log(0.5)),
        "schedule_logistic_regression": pytest.approx(-np.log(0.6)),
    }
    assert [gate["passed"] for gate in decision["gates"]] == [True] * 4
    assert decision["gates"][-1]["gate"].startswith("log loss surely lost to")


def test_a_promotion_is_written_on_both_and_the_alias_given_to_the_challenger() -> None:
    decision = decide(0.8)
    assert record_decision(decision, BOTH) == RegisteredModelChange(
        [
            VersionChange(1, {"replaced_by": "2"}, f"Old{SECTION_BREAK}Replaced by 2."),
            VersionChange(
                2,
                {
                    "decision_reason": decision["reason"],
                    "decision_record": json.dumps(decision),
                    "decision": "promoted",
                    "previous_champion": "1",
                    "replaced_by": "none",
                },
                f"New{SECTION_BREAK}Promoted: {decision['reason']}",
                CHAMPION,
            ),
        ],
        champion_was=1,
    )


def test_the_first_promotion_is_made_only_if_there_is_still_no_champion() -> None:
    alone = {CHALLENGER: NEW}
    change = record_decision(decide(0.8, versions=alone), alone)
    (version,) = change.versions
    assert (version.number, version.alias) == (2, CHAMPION)
    assert version.tags["previous_champion"] == "none"
    assert change.champion_was is None


@pytest.mark.parametrize("sure", [0.8, 0.65])
def test_the_outcome_is_the_last_tag(sure: float) -> None:
    """So that a version that has it has the rest too, whenever the process was killed."""
    decision = decide(sure, max_calibration_error=0.4)
    *_, version = record_decision(decision, BOTH).versions
    assert [*version.tags][-1] == "decision"


def test_a_refusal_is_written_on_the_challenger_and_moves_no_alias() -> None:
    decision = decide(0.65, max_calibration_error=0.4)
    reason = decision["reason"]
    tags = {
        "decision": "refused",
        "decision_reason": reason,
        "decision_record": json.dumps(decision),
    }
    description = f"New{SECTION_BREAK}Refused: {reason}"
    change = VersionChange(2, tags, description)
    assert record_decision(decision, BOTH) == RegisteredModelChange([change])


def test_a_second_decision_takes_the_place_of_the_first_in_the_description() -> None:
    refused = Version(2, "run 2", NEW.tags, f"New{SECTION_BREAK}Refused: too few trees.")
    (_, version) = record_decision(decide(0.8), BOTH | {CHALLENGER: refused}).versions
    assert str(version.description).startswith(f"New{SECTION_BREAK}Promoted: its log loss")
