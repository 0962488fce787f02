"""Four months of two flights a day, half of them late, and a model that is fitted in no time."""

import numpy as np
import pandas as pd

from flight_delays.monitoring.backtest.candidates import Candidate
from flight_delays.parameters import ClassifierParameters, Group, TrainingParameters

MONTHS = pd.period_range("2013-01", "2013-04", freq="M")
CANDIDATES = (
    Candidate(first=MONTHS[0], last=MONTHS[1]),
    Candidate(first=MONTHS[0], last=MONTHS[2]),
)
GROUPS: dict[Group, list[str]] = {"schedule": ["hour"], "traffic": ["delay"]}
TRAINING = TrainingParameters(
    groups=["traffic"],
    ablations=[],
    refit=True,
    reference_rows=1,
    random_state=0,
    classifier=ClassifierParameters(
        learning_rate=0.5,
        max_iter=3,
        max_leaf_nodes=2,
        min_samples_leaf=1,
        l2_regularization=0,
        max_features=1.0,
        n_iter_no_change=1,
    ),
)


def make_questions() -> pd.DataFrame:
    """Questions with features: a flight whose `delay` is 1 is late, as is each on 1 March."""
    days = pd.date_range("2013-01-01", "2013-04-30")
    dates = days.repeat(2)
    number = np.arange(len(dates))
    is_late = (number % 2 == 0) | (dates == "2013-03-01")
    return pd.DataFrame(
        {
            "flight_id": [f"flight {each}" for each in number],
            "flight_date": dates,
            "hour": number % 24 / 1.0,
            "delay": is_late.astype(float),
            "is_late": is_late,
        }
    )
