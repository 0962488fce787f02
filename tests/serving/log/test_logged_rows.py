"""A row of the log is what was said, and beside it what it was said from."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from flight_delays.schemas.predictions import LoggedPredictions
from flight_delays.serving.log.logged_rows import add_features
from predictions import PREDICTIONS
from tables import find_failures


def test_each_feature_of_the_model_stands_once_and_nothing_else() -> None:
    model: Any = SimpleNamespace(
        feature_names_in_=np.array(["lead_minutes", "carrier", "origin_waiting"])
    )
    said = PREDICTIONS.set_axis([7, 3])
    features = pd.DataFrame(
        {
            "carrier": "UA",
            "origin_waiting": np.array([1, 2], dtype=np.float32),
            "lead_minutes": np.array([30, 30], dtype=np.float32),
            "is_late": True,
        },
        index=[7, 3],
    )
    rows = add_features(said, features, model)
    pd.testing.assert_frame_equal(rows, said.assign(origin_waiting=features["origin_waiting"]))
    assert find_failures(LoggedPredictions, rows) == set()
