"""Tables of the report: probabilities are probabilities, and no column is forgotten."""

from pathlib import Path

import pandas as pd
import pytest

from docs.conf import load_conf
from flight_delays.schemas.reporting import (
    AbsoluteGates,
    ModelComparison,
    RecentPredictions,
    ReferencePredictions,
    SliceComparison,
    TestPredictions,
)
from tables import find_failures

DESCRIPTION = [
    "flight_date",
    "origin",
    "carrier",
    "arrival_delay_minutes",
    "is_late",
    "lead_minutes",
]


@pytest.fixture
def predictions() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "flight_id": ["a", "b"],
            "prediction_time": pd.Timestamp("2013-11-01T08:00Z"),
            "flight_date": pd.to_datetime(["2013-11-01"] * 2),
            "origin": "EWR",
            "carrier": "UA",
            "arrival_delay_minutes": [15.0, 14.0],
            "is_late": [True, False],
            "lead_minutes": 120,
            "threshold_minutes": 15,
            "challenger": [0.5, 1.0],
            "base_rate": 0.25,
            "schedule_logistic_regression": [0.0, 0.3],
        }
    )


def test_predictions_of_contenders_and_baselines_are_kept(predictions: pd.DataFrame) -> None:
    RecentPredictions.validate(predictions)
    RecentPredictions.validate(predictions.assign(champion=[0.1, None]))


@pytest.mark.parametrize(
    ("column", "value"),
    [("challenger", 1.5), ("base_rate", -0.1), ("challenger", None), ("champion", 1.5)],
)
def test_what_is_no_prediction_is_refused(
    predictions: pd.DataFrame, column: str, value: object
) -> None:
    predictions = predictions.assign(champion=0.1)
    predictions.loc[1, column] = value
    assert column in {column for column, _ in find_failures(RecentPredictions, predictions)}


def test_a_question_is_asked_once(predictions: pd.DataFrame) -> None:
    predictions["flight_id"] = "a"
    assert find_failures(RecentPredictions, predictions) == {
        ("RecentPredictions", "multiple_fields_uniqueness")
    }


def test_a_column_of_nobody_is_refused(predictions: pd.DataFrame) -> None:
    assert find_failures(RecentPredictions, predictions.assign(somebody=0.5))


@pytest.mark.parametrize(
    ("schema", "columns"),
    [
        (TestPredictions, DESCRIPTION),
        (ReferencePredictions, []),
        (RecentPredictions, DESCRIPTION),
    ],
)
def test_each_threshold_is_answered_once_a_question_and_a_flight_asked_about_at_several_times(
    predictions: pd.DataFrame, schema: type, columns: list[str]
) -> None:
    early = predictions[["flight_id", "prediction_time", "threshold_minutes", *columns]].assign(
        base_rate=0.25
    )
    if schema is TestPredictions:
        early = early.rename(columns={"base_rate": "late_probability"})
        early["scheduled_departure"] = early["prediction_time"]
    later = early.assign(prediction_time=early["prediction_time"] + pd.Timedelta(minutes=90))
    hour_late = early.assign(threshold_minutes=60)
    if columns:
        hour_late["is_late"] = False
    assert find_failures(schema, pd.concat([early, later, hour_late], ignore_index=True)) == set()
    assert find_failures(schema, pd.concat([early, early], ignore_index=True))


def test_who_is_late_is_late_by_the_threshold_of_the_row(predictions: pd.DataFrame) -> None:
    said = predictions.drop(columns=["challenger", "base_rate", "schedule_logistic_regression"])
    said = said.assign(scheduled_departure=said["prediction_time"], late_probability=0.5)
    assert find_failures(TestPredictions, said) == set()
    for wrong in (said.assign(threshold_minutes=16), said.assign(is_late=[True, True])):
        assert find_failures(TestPredictions, wrong)


def test_only_those_without_a_group_may_leave_a_threshold_unanswered(
    predictions: pd.DataFrame,
) -> None:
    said = predictions[["flight_id", "prediction_time", "threshold_minutes"]].assign(base_rate=0.2)
    assert find_failures(ReferencePredictions, said.assign(without_aircraft=[0.2, None])) == set()
    for wrong in ({"base_rate": [0.2, None]}, {"without_aircraft": 1.5}):
        assert find_failures(ReferencePredictions, said.assign(**wrong))


def test_a_gate_stands_once() -> None:
    gates = pd.DataFrame({"gate": ["a", "b"], "value": 0.1, "bound": 0.2, "passed": True})
    AbsoluteGates.validate(gates)
    assert find_failures(AbsoluteGates, gates.assign(gate="a"))


SCORES = pd.DataFrame(
    {
        "threshold_minutes": 15,
        "lead_minutes": 120,
        "model": ["model", "model", "base_rate", "base_rate"],
        "metric": ["roc_auc", "log_loss"] * 2,
        "value": 0.5,
        "lower": 0.4,
        "upper": 0.6,
        "difference": [None, None, None, -0.1],
        "difference_lower": [None, None, None, -0.2],
        "difference_upper": [None, None, None, 0.1],
    }
)


def test_a_score_stands_once_at_each_threshold_and_lead() -> None:
    assert find_failures(ModelComparison, pd.concat([SCORES, SCORES], ignore_index=True))
    for other in ({"lead_minutes": 240}, {"threshold_minutes": 60}):
        both = pd.concat([SCORES, SCORES.assign(**other)], ignore_index=True)
        assert find_failures(ModelComparison, both) == set()


def test_a_difference_stands_beside_the_log_loss_of_each_reference() -> None:
    assert find_failures(ModelComparison, SCORES) == set()
    for row in (0, 1, 2):
        wrong = SCORES.copy()
        wrong.loc[row, ["difference", "difference_lower", "difference_upper"]] = -0.1
        assert find_failures(ModelComparison, wrong), row
    for column, value in (("difference", None), ("lower", 0.7), ("difference_upper", -0.15)):
        wrong = SCORES.copy()
        wrong.loc[3, column] = value
        assert find_failures(ModelComparison, wrong), column


def test_no_large_slice_makes_an_empty_table_that_survives_its_file(tmp_path: Path) -> None:
    row = {"slice": "hour", "value": "05", "reference": "base_rate", "flights": 500}
    compared = pd.DataFrame([row | {"difference": 0.1, "lower": 0.0, "upper": 0.2}])
    entry = load_conf("catalog")["slice_comparison"]["dataset"]
    for table in (compared, compared.head(0), pd.DataFrame(columns=compared.columns)):
        assert find_failures(SliceComparison, table) == set()
        table.to_csv(tmp_path / "table.csv", **entry["save_args"])
        loaded = SliceComparison.validate(pd.read_csv(tmp_path / "table.csv", **entry["load_args"]))
        pd.testing.assert_frame_equal(loaded, SliceComparison.validate(table), check_dtype=True)
    assert find_failures(SliceComparison, compared.assign(lower=0.15))
    assert find_failures(SliceComparison, pd.concat([compared, compared], ignore_index=True))
