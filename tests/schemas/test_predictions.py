"""Predictions answer at least one threshold, each with a probability and a decision."""

import pandas as pd
import pytest
from kedro.validation import DataValidationError

from flight_delays.schemas.predictions import Predictions, validate_predictions
from tables import find_failures

MOMENT = pd.Series(pd.to_datetime(["2013-11-15T19:00Z"] * 2)).dt.as_unit("us")
TABLE = pd.DataFrame(
    {
        "flight_id": ["a", "b"],
        "scheduled_departure": MOMENT + pd.Timedelta(minutes=30),
        "origin": "EWR",
        "destination": "IAH",
        "carrier": "UA",
        "prediction_time": MOMENT,
        "lead_minutes": 30,
        "late_15": [0.5, 1.0],
        "late_60": [0.25, 0.0],
        "alert_15": [True, False],
        "alert_60": [False, False],
        "version": 7,
        "ordinary_probability": 0.2,
        "from_weather": [0.3, 0.8],
        "reasons": "fog",
    }
)


def test_one_threshold_or_several_will_do() -> None:
    assert find_failures(Predictions, TABLE) == set()
    assert find_failures(Predictions, TABLE.drop(columns=["late_60", "alert_60"])) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        TABLE.assign(late_60=1.5),
        TABLE.assign(alert_15=0.5),
        TABLE.assign(lead_minutes=0),
        TABLE.assign(reason="fog"),
        TABLE.assign(ordinary_probability=-0.1),
        TABLE.assign(from_weather=-1.5),
        TABLE.drop(columns="from_weather"),
        TABLE.drop(columns="reasons"),
        TABLE.assign(flight_id="a"),
        TABLE.drop(columns=["late_15", "late_60"]),
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
        validate_predictions({"2013-11-15T1900Z": TABLE, "2013-11-15T2000Z": wrong})


def test_the_tables_of_all_moments_are_handed_on() -> None:
    tables = validate_predictions({"2013-11-15T1900Z": TABLE})
    pd.testing.assert_frame_equal(tables["2013-11-15T1900Z"], TABLE)
