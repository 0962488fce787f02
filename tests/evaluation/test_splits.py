"""What is said of a split: each flight counts once."""

import json

import pandas as pd

from flight_delays.evaluation.splits import describe_split

# Flight a is asked about twice, at two leads.
QUESTIONS = pd.DataFrame(
    {
        "flight_id": [*"aabcd"],
        "lead_minutes": [30, 480, 120, 120, 120],
        "flight_date": pd.to_datetime(["2013-11-30"] * 2 + ["2013-12-02", "2013-11-30"] * 2)[:5],
        "origin": ["LGA", "LGA", "EWR", "EWR", "EWR"],
        "carrier": ["UA", "UA", "B6", "UA", "9E"],
        "is_late": [True, True, False, False, False],
    }
)


def test_each_flight_counts_once() -> None:
    assert describe_split(QUESTIONS) == {
        "start": "2013-11-30",
        "end": "2013-12-02",
        "days": 2,
        "flights": 4,
        "late_share": 0.25,
        "origins": ["EWR", "LGA"],
        "carriers": ["9E", "B6", "UA"],
    }


def test_it_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(describe_split(QUESTIONS))) == describe_split(QUESTIONS)
