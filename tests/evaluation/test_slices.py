"""Flights are sliced as they should be, and a slice is scored on its own flights."""

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.evaluation.slices import evaluate_slices
from flight_delays.schemas import reporting
from tables import EVALUATION

TEST_PREDICTIONS = pd.DataFrame(
    {
        "flight_id": ["a", "b", "c", "d"],
        "flight_date": pd.to_datetime(["2013-11-30", "2013-11-30", "2013-12-01", "2013-12-01"]),
        "origin": ["EWR", "EWR", "JFK", "JFK"],
        "carrier": ["NA", "9E", "NA", "9E"],
        "is_late": [True, False, True, False],
        "late_probability": [0.8, 0.6, 0.4, 0.2],
    }
)
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


@pytest.fixture(scope="module")
def slices() -> pd.DataFrame:
    return evaluate_slices(TEST_PREDICTIONS, PRM_FLIGHTS, EVALUATION)


def test_flights_are_sliced_by_origin_carrier_month_hour_and_aircraft(slices: pd.DataFrame) -> None:
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
    ]


def test_a_slice_is_scored_on_its_own_flights(slices: pd.DataFrame) -> None:
    # At 19 h: 0.6 was a false alarm, 0.4 was late, 0.2 was not.
    evening = slices[slices["value"] == "19"].iloc[0].drop(["slice", "value"])
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


def test_a_slice_of_one_outcome_has_no_ranking(slices: pd.DataFrame) -> None:
    alone = slices.set_index("value").loc[["9E", "NA", "06", "unknown"]]
    assert alone["roc_auc"].isna().all()
    assert alone["log_loss"].notna().all()


def test_flights_without_facts_are_refused() -> None:
    with pytest.raises(DataError, match="prm_flights lacks 2 flights"):
        evaluate_slices(TEST_PREDICTIONS, PRM_FLIGHTS.head(3), EVALUATION)
