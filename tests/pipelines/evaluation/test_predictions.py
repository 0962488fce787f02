"""Each test flight has its answers, and the log has them with the features they came from."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from flight_delays.evaluation.answers import ANSWER
from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.parameters.modelling import Costs
from flight_delays.pipelines.evaluation.predictions import (
    log_test_predictions,
    predict_references,
    predict_test,
)
from flight_delays.registry.versions import Version
from flight_delays.schemas import reporting
from flight_delays.schemas.predictions import LoggedPredictions
from tables import EVALUATION, find_failures, make_target


@pytest.fixture
def two_flights() -> pd.DataFrame:
    """Two flights as feature engineering hands them over, with gaps in the index."""
    return pd.DataFrame(
        {
            "flight_id": ["a", "b"],
            "flight_date": pd.to_datetime(["2013-11-01", "2013-11-01"]),
            "scheduled_departure": pd.to_datetime(["2013-11-01T10:00Z", "2013-11-01T11:00Z"]),
            "prediction_time": pd.to_datetime(["2013-11-01T08:00Z", "2013-11-01T09:00Z"]),
            "origin": ["EWR", "JFK"],
            "carrier": ["UA", "B6"],
            "backlog": np.array([0, 100], dtype="float32"),
            "lead_minutes": np.array([120, 120], dtype="float32"),
            "arrival_delay_minutes": [14.0, 60.0],
            "is_late": [False, True],
        },
        index=[7, 3],
    )


def fit(
    classifier: object, flights: pd.DataFrame, thresholds: tuple[int, ...] = (15,)
) -> LatenessClassifier:
    """A chain whose links all know who is 15 minutes late."""
    encode = ColumnTransformer([("numbers", "passthrough", ["backlog"])])
    link = Pipeline([("encode", encode), ("classify", classifier)])
    link.fit(flights[["carrier", "lead_minutes", "backlog"]], flights["is_late"])
    return LatenessClassifier([*thresholds], [link for _ in thresholds])


def test_each_test_flight_has_the_probability_of_being_late(two_flights: pd.DataFrame) -> None:
    model, version = fit(LogisticRegression(), two_flights), Version(3, "run", {}, "")
    predictions, evaluated, _ = predict_test(model, version, two_flights, make_target(15))
    assert evaluated == version
    reporting.TestPredictions.validate(predictions)
    assert list(predictions.index) == [0, 1]
    assert list(predictions["flight_id"]) == ["a", "b"]
    assert list(predictions["lead_minutes"]) == [120, 120]
    assert list(predictions["late_probability"].round()) == [0, 1]


def test_each_threshold_that_test_can_judge_is_predicted(
    two_flights: pd.DataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    model = fit(LogisticRegression(), two_flights, (15, 60))
    version = Version(3, "run", {}, "")
    early = two_flights.assign(flight_id=["c", "d"], arrival_delay_minutes=[20.0, 59.0])
    flights = pd.concat([two_flights, early])
    for fewest, thresholds in ((1, [15, 60]), (2, [15])):
        target = make_target(15, min_flights=fewest)  # the model's thresholds count
        predictions, _, said = predict_test(model, version, flights, target)
        reporting.TestPredictions.validate(predictions)
        assert list(predictions["threshold_minutes"].unique()) == thresholds == [*said]
        both = predictions.set_index(["threshold_minutes", "flight_id"])["late_probability"]
        for minutes in thresholds[1:]:
            np.testing.assert_allclose(both[minutes], both[15] ** 2)
    (left_out,) = caplog.messages
    assert "in table test 1 were" in left_out


def test_each_reference_has_a_column_in_its_own_order(two_flights: pd.DataFrame) -> None:
    models = {
        name: fit(DummyClassifier(strategy="constant", constant=late), two_flights)
        for name, late in (("zealous", True), ("calm", False))
    }
    predictions = predict_references(models, two_flights)
    reporting.ReferencePredictions.validate(predictions)
    assert list(predictions) == [*ANSWER, "zealous", "calm"]
    assert list(predictions["flight_id"]) == ["a", "b"]
    assert list(predictions["prediction_time"]) == list(two_flights["prediction_time"])
    assert predictions[["zealous", "calm"]].to_numpy().tolist() == [[1, 0], [1, 0]]


def test_the_log_has_each_question_once_with_decisions_and_features(
    two_flights: pd.DataFrame,
) -> None:
    model, version = fit(LogisticRegression(), two_flights, (15, 60)), Version(3, "run", {}, "")
    both = pd.concat([two_flights, two_flights.assign(flight_id=["c", "d"])], ignore_index=True)
    both["arrival_delay_minutes"] = [14.0, 60.0, 14.0, 59.0]  # so that 60 minutes are judged too
    moments = ["scheduled_departure", "prediction_time"]
    test = both.assign(destination="IAH", weekday=np.float32(1)).astype(
        dict.fromkeys(moments, "datetime64[us, UTC]")
    )
    answers, evaluated, said = predict_test(model, version, test, make_target(15))
    costs = {60: Costs(miss_cost=1, false_alarm_cost=10**6)}  # an alert never pays
    evaluation = EVALUATION.model_copy(update={"costs_by_threshold": costs})
    logged = log_test_predictions(said, evaluated, model, test, evaluation)
    assert find_failures(LoggedPredictions, logged) == set()
    assert logged["flight_id"].tolist() == [*"abcd"]
    assert logged["lead_minutes"].tolist() == [120] * 4
    assert (logged["version"] == 3).all()
    # The same to the last bit.
    said_in_log = logged[["late_15", "late_60"]].to_numpy().T.ravel()
    np.testing.assert_array_equal(said_in_log, answers["late_probability"].to_numpy())
    assert logged["alert_15"].tolist() == [False, True] * 2
    assert logged["alert_60"].tolist() == [False] * 4
    # Of the features those that the model has learnt, and nothing of the outcome.
    assert list(logged.columns[-2:]) == ["version", "backlog"]
    assert logged["backlog"].tolist() == [0, 100] * 2
