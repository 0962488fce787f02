"""Flights are sliced as they should be; a slice is scored, and compared, on its own flights."""

import numpy as np
import pandas as pd
import pytest

from evaluation import mornings
from flight_delays.errors import DataError
from flight_delays.evaluation.answers import ANSWER
from flight_delays.evaluation.differences import compare_log_losses
from flight_delays.evaluation.gates import BASELINES
from flight_delays.evaluation.slices import (
    compare_slices,
    evaluate_slices,
)
from flight_delays.parameters.modelling import Costs
from flight_delays.schemas import reporting
from tables import EVALUATION

TEST_PREDICTIONS = pd.DataFrame(
    {
        "flight_id": ["a", "b", "c", "d"],
        "flight_date": pd.to_datetime(["2013-11-30", "2013-11-30", "2013-12-01", "2013-12-01"]),
        "origin": ["EWR", "EWR", "JFK", "JFK"],
        "carrier": ["NA", "9E", "NA", "9E"],
        "is_late": [True, False, True, False],
        "lead_minutes": 120,
        "threshold_minutes": 15,
        "late_probability": [0.8, 0.6, 0.4, 0.2],
    }
)
# Half an hour before, b has left, and all that is said of the others is wrong.
LAST_MINUTE = TEST_PREDICTIONS.assign(lead_minutes=30, late_probability=[0.1, 0.5, 0.2, 0.7])
# Nobody but c is an hour late, and that is what the model says.
HOUR_LATE = TEST_PREDICTIONS.assign(
    threshold_minutes=60, is_late=[False, False, True, False], late_probability=[0.1, 0.1, 0.7, 0.1]
)
QUESTIONS = pd.concat([LAST_MINUTE.drop(index=1), HOUR_LATE, TEST_PREDICTIONS])
PRM_FLIGHTS = pd.DataFrame(
    {
        "flight_id": ["never predicted", "d", "c", "b", "a"],
        "scheduled_departure_local": pd.to_datetime(
            ["2013-10-01T05:00"] + ["2013-11-30T19:30"] * 3 + ["2013-11-30T06:05"]
        ),
        "aircraft_model": [None, "A320", "A320", "A320", None],
        "destination": "SJU",
    }
)


# Of an hour late, a miss costs one false alarm: alerts from a probability of 1/2 on.
JUDGED = EVALUATION.model_copy(
    update={"costs_by_threshold": {60: Costs(miss_cost=1, false_alarm_cost=1)}}
)


@pytest.fixture(scope="module")
def slices() -> pd.DataFrame:
    return evaluate_slices(QUESTIONS, PRM_FLIGHTS, JUDGED).query("threshold_minutes == 15")


def test_flights_are_sliced_at_the_headline_lead_and_by_lead(slices: pd.DataFrame) -> None:
    reporting.SliceMetrics.validate(slices)
    assert list(slices[["slice", "value", "flights"]].itertuples(index=False, name=None)) == [
        ("origin", "EWR", 2),
        ("origin", "JFK", 2),
        ("carrier", "9E", 2),
        ("carrier", "NA", 2),
        ("month", "2013-11", 2),
        ("month", "2013-12", 2),
        ("hour", "06", 1),
        ("hour", "19", 3),
        ("aircraft", "known", 3),
        ("aircraft", "unknown", 1),
        ("lead", "30", 3),
        ("lead", "120", 4),
    ]


def test_a_slice_is_scored_on_its_own_flights(slices: pd.DataFrame) -> None:
    # At 19 h: 0.6 was a false alarm, 0.4 was late, 0.2 was not.
    evening = slices[slices["value"] == "19"].iloc[0].drop(["threshold_minutes", "slice", "value"])
    assert evening.to_dict() == pytest.approx(
        {
            "flights": 3,
            "late_share": 1 / 3,
            "roc_auc": 1 / 2,
            "log_loss": -np.log(0.4 * 0.4 * 0.8) / 3,
            "brier_score": (0.36 + 0.36 + 0.04) / 3,
            "cost_per_flight": 1 / 3,
            "mean_probability": 0.4,
        }
    )


def test_each_threshold_is_sliced_alike_and_scored_by_its_own_outcomes_and_costs(
    slices: pd.DataFrame,
) -> None:
    both = evaluate_slices(QUESTIONS, PRM_FLIGHTS, JUDGED)
    reporting.SliceMetrics.validate(both)
    hour_late = both[both["threshold_minutes"] == 60].set_index(["slice", "value"])
    without_early_lead = [*slices.set_index(["slice", "value"]).index.drop(("lead", "30"))]
    assert [*hour_late.index] == without_early_lead  # nobody was asked half an hour before
    assert hour_late.loc[("origin", "JFK"), "late_share"] == 0.5
    assert hour_late.loc[("origin", "EWR"), "late_share"] == 0
    assert (hour_late["cost_per_flight"] == 0).all()
    zealous = QUESTIONS.replace({"late_probability": {0.1: 0.3}})  # over 1/4, below 1/2
    for judged, cost in ((JUDGED, 0.0), (EVALUATION, 0.75)):
        sliced = evaluate_slices(zealous, PRM_FLIGHTS, judged)
        at_lead = sliced.query("threshold_minutes == 60 and slice == 'lead'")
        assert list(at_lead["cost_per_flight"]) == [cost]


def test_a_lead_is_scored_on_all_its_flights(slices: pd.DataFrame) -> None:
    leads = slices[slices["slice"] == "lead"].set_index("value")
    assert leads["roc_auc"].to_dict() == {"30": 0, "120": 0.75}
    assert leads["mean_probability"].to_dict() == pytest.approx({"30": 1 / 3, "120": 0.5})


def test_a_slice_of_one_outcome_has_no_ranking(slices: pd.DataFrame) -> None:
    alone = slices.set_index("value").loc[["9E", "NA", "06", "unknown"]]
    assert alone["roc_auc"].isna().all()
    assert alone["log_loss"].notna().all()


def test_flights_without_facts_are_refused() -> None:
    message = (
        "Table prm_flights lacks 2 rows of test_predictions: the two are from different runs, run "
        "the pipelines that make them again.$"
    )
    with pytest.raises(DataError, match=message):
        evaluate_slices(QUESTIONS, PRM_FLIGHTS.head(3), EVALUATION)


def compare(flights: pd.DataFrame, **promotion: float) -> pd.DataFrame:
    """Compare with the baselines; half an hour before, the model is as wrong as can be."""
    wrong = flights.assign(
        prediction_time=flights["prediction_time"] + pd.Timedelta(minutes=90),
        lead_minutes=30,
        late_probability=1 - flights["is_late"].astype(float),
    )
    # And of an hour it says the same as of a quarter, though nobody was so late.
    hour_late = flights.assign(threshold_minutes=60, is_late=False)
    questions = pd.concat([wrong, hour_late, flights], ignore_index=True)
    facts = ["scheduled_departure_local", "aircraft_model"]
    compared = compare_slices(
        questions.drop(columns=[*facts, *BASELINES]),
        questions[[*ANSWER, *BASELINES]].iloc[::-1],
        flights[["flight_id", *facts]],
        mornings.PROMOTION.model_copy(update=promotion),
        mornings.WEEKLY,
    )
    reporting.SliceComparison.validate(compared)
    return compared


@pytest.mark.parametrize("min_slice_flights", [168, 100])
def test_each_slice_of_enough_flights_and_days_is_compared_with_each_baseline(
    min_slice_flights: int,
) -> None:
    compared = compare(mornings.make_predictions(), min_slice_flights=min_slice_flights)
    slices = [
        ("origin", "EWR", 280),
        ("carrier", "UA", 180),
        ("month", "2013-11", 336),
        ("hour", "05", 168),
        ("hour", "17", 168),
        ("aircraft", "known", 336),
    ]
    assert list(
        compared[["slice", "value", "flights", "reference"]].itertuples(index=False, name=None)
    ) == [(*found, baseline) for found in slices for baseline in BASELINES]


def test_the_intervals_of_all_slices_together_are_as_sure_as_the_gate() -> None:
    flights = mornings.make_predictions()
    compared = compare(flights).set_index(["value", "reference"])
    morning = flights[flights["hour"] == "05"]
    for baseline in BASELINES:
        expected = compare_log_losses(
            morning["is_late"],
            morning["late_probability"],
            morning[baseline],
            morning["flight_date"],
            1 - 0.05 / 12,  # six slices, two baselines
            mornings.WEEKLY,
        )
        assert compared.loc[("05", baseline), [*expected]].to_dict() == pytest.approx(expected)


def test_small_slices_alone_make_an_empty_table() -> None:
    assert compare(mornings.make_predictions(), min_slice_flights=337).empty


@pytest.mark.parametrize(("block_days", "is_compared"), [(14, True), (15, False)])
def test_a_slice_is_compared_from_two_blocks_of_days_on(
    monkeypatch: pytest.MonkeyPatch, block_days: int, is_compared: bool
) -> None:
    evaluation = EVALUATION.model_copy(update={"block_days": block_days})
    monkeypatch.setattr(mornings, "WEEKLY", evaluation)
    assert compare(mornings.make_predictions()).empty is not is_compared


def test_predictions_of_other_questions_are_refused() -> None:
    flights = mornings.make_predictions()
    later = flights.assign(prediction_time=pd.Timestamp("2013-11-02T08:00Z"))
    with pytest.raises(DataError, match="reference_predictions lacks 336 rows"):
        compare_slices(
            flights.drop(columns=[*BASELINES, "aircraft_model"]),
            later[[*ANSWER, *BASELINES]],
            flights,
            mornings.PROMOTION,
            mornings.WEEKLY,
        )
