"""A reference is what a model has learnt from, and what it says of that."""

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from flight_delays.modelling.lateness import LatenessClassifier
from flight_delays.monitoring.reference import describe_questions, sample_reference

FLIGHTS = pd.DataFrame(
    {
        "flight_date": pd.date_range("2013-01-01", periods=9),
        "miles": [float(miles) for miles in range(9)],
        "lead_minutes": 120.0,
        "is_late": [False, True] * 4 + [True],
    }
)
FEATURES = ["miles", "lead_minutes"]
LINK = make_pipeline(LogisticRegression()).fit(FLIGHTS[FEATURES], FLIGHTS["is_late"])
MODEL = LatenessClassifier([15, 60], [LINK, LINK])


def test_a_reference_has_features_and_answers_of_some_flights() -> None:
    reference = sample_reference(MODEL, FLIGHTS, 4, random_state=0)
    names = ["flight_date", "prediction.late_15", "prediction.late_60", "feature.miles"]
    assert list(reference) == names  # the lead is chosen by who asks, and no part of it
    drawn = FLIGHTS.iloc[reference["feature.miles"].astype(int)]
    assert list(drawn["flight_date"]) == list(reference["flight_date"])
    said = MODEL.predict_lateness(drawn[FEATURES])
    assert list(reference["prediction.late_60"]) == pytest.approx(list(said["late_60"]))


def test_the_same_seed_draws_the_same_flights() -> None:
    first, again = (sample_reference(MODEL, FLIGHTS, 4, random_state=1) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(sample_reference(MODEL, FLIGHTS, 4, random_state=2))


def test_where_there_are_fewer_flights_all_of_them_are_taken() -> None:
    reference = sample_reference(MODEL, FLIGHTS, 100, random_state=0)
    assert list(reference["feature.miles"]) == list(FLIGHTS["miles"])


def test_a_month_of_the_log_is_described_in_the_same_way() -> None:
    log = FLIGHTS.assign(late_15=0.2, late_60=0.1, alert_15=True).set_index(FLIGHTS.index + 5)
    described = describe_questions(log, log["flight_date"], log, FEATURES)
    assert list(described) == list(sample_reference(MODEL, FLIGHTS, 4, 0))
    assert list(described.index) == list(range(9))
