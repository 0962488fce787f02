"""Predictions answer at least one threshold, each with a probability and a decision."""

import numpy as np
import pandas as pd
import pytest
from kedro.validation import DataValidationError

from flight_delays.schemas.predictions import LoggedPredictions, Predictions, validate_predictions
from predictions import LOGGED, PREDICTIONS
from tables import find_failures


def test_one_threshold_or_several_will_do() -> None:
    assert find_failures(Predictions, PREDICTIONS) == set()
    assert find_failures(Predictions, PREDICTIONS.drop(columns=["late_60", "alert_60"])) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        PREDICTIONS.assign(late_60=1.5),
        PREDICTIONS.assign(alert_15=0.5),
        PREDICTIONS.assign(lead_minutes=0),
        PREDICTIONS.assign(reason="fog"),
        PREDICTIONS.assign(ordinary_probability=-0.1),
        PREDICTIONS.assign(from_weather=-1.5),
        PREDICTIONS.drop(columns="from_weather"),
        PREDICTIONS.drop(columns="reasons"),
        PREDICTIONS.assign(flight_id="a"),
        PREDICTIONS.drop(columns=["late_15", "late_60"]),
    ],
    ids=[
        "probability",
        "decision",
        "lead",
        "column",
        "ordinary",
        "contribution",
        "no contribution",
        "no reasons",
        "twice",
        "nothing",
    ],
)
def test_what_is_no_prediction_is_refused(wrong: pd.DataFrame) -> None:
    assert find_failures(Predictions, wrong)
    with pytest.raises(DataValidationError):
        validate_predictions({"2013-11-15T1900Z": PREDICTIONS, "2013-11-15T2000Z": wrong})


def test_the_tables_of_all_moments_are_handed_on() -> None:
    tables = validate_predictions({"2013-11-15T1900Z": PREDICTIONS})
    pd.testing.assert_frame_equal(tables["2013-11-15T1900Z"], PREDICTIONS)


def test_a_log_has_what_was_said_by_several_versions_and_from_which_features() -> None:
    assert find_failures(LoggedPredictions, LOGGED) == set()
    again = pd.concat([LOGGED, LOGGED.assign(version=8)], ignore_index=True)
    assert find_failures(LoggedPredictions, again) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        LOGGED.assign(late_60=1.5),
        LOGGED.assign(lead_minutes=np.float32(30)),
        LOGGED.assign(flight_id="a"),
        LOGGED.drop(columns="version"),
        LOGGED.assign(origin_waiting=np.float32(-1)),
        LOGGED.assign(origin_waiting_change_1h=np.float32(np.inf)),
        LOGGED.assign(origin_departures_late_share_2h=np.float32(1.5)),
        pd.concat([LOGGED, LOGGED["carrier"]], axis=1),
    ],
    ids=["probability", "lead", "twice", "version", "count", "infinite", "share", "column twice"],
)
def test_what_is_no_row_of_a_log_is_refused(wrong: pd.DataFrame) -> None:
    assert find_failures(LoggedPredictions, wrong)
