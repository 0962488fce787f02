"""The ordinary flight has the median or the most frequent value of its range of leads."""

import json

import numpy as np
import pandas as pd

from flight_delays.modelling.explanations.ordinary import (
    make_ordinary_flights,
    pick_ordinary_flights,
    read_ordinary_flights,
    write_ordinary_flights,
)

TRAIN = pd.DataFrame(
    {
        "lead_minutes": np.array([30, 40, 60, 70, 120, 130, 240, 480, 300], dtype=np.float32),
        "wind": np.array([1, 2, 5, np.nan, 6, 9, 1, 2, 30], dtype=np.float32),
        "carrier": ["AA", "AA", "UA", None, "DL", "UA", "AA", "UA", "UA"],
        "late": True,
    }
).astype({"carrier": "str"})
COLUMNS = ["carrier", "wind", "lead_minutes"]
# Nine leads, two or three to a range: from 30, 60, 120 and 240 on.
ORDINARY = pd.DataFrame(
    {
        "carrier": ["AA", "UA", "DL", "UA"],
        "wind": np.array([1.5, 5.0, 7.5, 2.0], dtype=np.float32),
        "lead_minutes": np.array([35, 65, 125, 300], dtype=np.float32),
    },
    index=pd.Index([30.0, 60.0, 120.0, 240.0], name="lead_from_minutes"),
).astype({"carrier": "str"})


def test_each_range_of_leads_has_its_median_and_its_most_frequent_value() -> None:
    pd.testing.assert_frame_equal(make_ordinary_flights(TRAIN, COLUMNS), ORDINARY)


def test_one_lead_alone_has_one_ordinary_flight() -> None:
    ordinary = make_ordinary_flights(TRAIN.assign(lead_minutes=np.float32(120)), COLUMNS)
    assert list(ordinary.index) == [120]
    assert ordinary["wind"].item() == 3.5


def test_a_flight_gets_the_one_of_its_lead_and_the_nearest_below_all_leads_the_first() -> None:
    leads = pd.Series([20, 30, 59, 60, 500], index=[9, 8, 7, 6, 5])
    picked = pick_ordinary_flights(ORDINARY, leads)
    assert list(picked.index) == [9, 8, 7, 6, 5]
    assert list(picked["lead_minutes"]) == [35, 35, 35, 65, 300]


def test_what_is_written_as_json_is_read_as_it_was() -> None:
    nothing = ORDINARY.assign(wind=np.float32(np.nan), third=np.float32(0.1))
    nothing.loc[30, "carrier"] = None
    for table in (ORDINARY, nothing):
        written = json.loads(json.dumps(write_ordinary_flights(table), allow_nan=False))
        pd.testing.assert_frame_equal(read_ordinary_flights(written), table, check_exact=True)
