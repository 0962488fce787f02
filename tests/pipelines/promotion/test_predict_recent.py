"""Challenger and champion meet on flights that neither has seen."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import PromotionParameters
from flight_delays.pipelines.promotion.nodes import predict_recent
from flight_delays.registry.versions import CHALLENGER, CHAMPION, Contender, Version
from flight_delays.schemas.reporting import RecentPredictions
from tables import EVALUATION, find_failures

PROMOTION = PromotionParameters(
    max_calibration_error=0.25,
    min_slice_flights=4,
    min_days=2,
    confidence_level=0.95,
)
OLD = Version(1, "run 1", {"fitted_to": "2013-01-02"}, "Old")
NEW = Version(2, "run 2", {"fitted_to": "2013-01-01"}, "New")
TEST = pd.DataFrame(
    {
        "flight_id": list("abcdefgh"),
        "flight_date": pd.to_datetime([f"2013-01-0{day}" for day in (1, 1, 2, 2, 3, 3, 4, 4)]),
        "origin": "EWR",
        "carrier": ["UA", "B6"] * 4,
        "is_late": [True, False] * 4,
        "half": 0.5,
        "backlog": [0.75, 0.25] * 4,
        "slack": [0.625, 0.375] * 4,
        "prediction_time": pd.Timestamp("2013-01-01T08:00Z"),
        "lead_minutes": np.float32(120),
    }
)
# Half an hour before, both models say something else.
LAST_MINUTE = TEST.assign(
    prediction_time=pd.Timestamp("2013-01-01T09:30Z"),
    lead_minutes=np.float32(30),
    backlog=0.875,
    slack=0.875,
)
QUESTIONS = pd.concat([LAST_MINUTE, TEST], ignore_index=True)


class Says:
    """A model that predicts what stands in a column."""

    def __init__(self, column: str) -> None:
        self.feature_names_in_ = np.array([column])

    def predict_proba(self, flights: pd.DataFrame) -> Any:
        late = flights[self.feature_names_in_[0]]
        return np.column_stack([1 - late, late])


BASELINES = {
    "base_rate": Says("half"),
    "schedule_logistic_regression": Says("half"),
    "without_aircraft": Says("a column that is not there"),
}


def predict(
    challenger: Contender, champion: Contender | None = None, **promotion: Any
) -> tuple[pd.DataFrame, dict[str, Version]]:
    contenders = {CHALLENGER: challenger} | ({CHAMPION: champion} if champion else {})
    parameters = PROMOTION.model_copy(update=promotion)
    return predict_recent(contenders, BASELINES, QUESTIONS, parameters, EVALUATION)


@pytest.mark.parametrize("turned", [False, True])
def test_only_flights_that_neither_was_fitted_on_count(turned: bool) -> None:
    versions = (OLD, NEW) if turned else (NEW, OLD)
    challenger, champion = (
        Contender(versions[0], Says("backlog")),
        Contender(versions[1], Says("slack")),
    )
    predictions, compared = predict(challenger, champion)
    assert compared == {CHALLENGER: versions[0], CHAMPION: versions[1]}
    assert find_failures(RecentPredictions, predictions) == set()
    assert predictions.to_dict("list") == {
        "flight_id": ["e", "f", "g", "h"],
        "prediction_time": [*TEST["prediction_time"][4:]],
        "flight_date": [*TEST["flight_date"][4:]],
        "origin": ["EWR"] * 4,
        "carrier": ["UA", "B6"] * 2,
        "is_late": [True, False] * 2,
        "lead_minutes": [120] * 4,
        CHALLENGER: [0.75, 0.25] * 2,
        CHAMPION: [0.625, 0.375] * 2,
        "base_rate": [0.5] * 4,
        "schedule_logistic_regression": [0.5] * 4,
    }


def test_without_a_champion_the_challenger_is_predicted_alone() -> None:
    predictions, compared = predict(Contender(NEW, Says("backlog")))
    assert list(predictions["flight_id"]) == list("cdefgh")
    assert CHAMPION not in predictions
    assert compared == {CHALLENGER: NEW}


def test_too_few_days_make_no_decision() -> None:
    contenders = Contender(NEW, Says("backlog")), Contender(OLD, Says("slack"))
    message = "Table test has 2 days after 2013-01-02.*promotion.min_days asks for 3"
    with pytest.raises(DataError, match=message):
        predict(*contenders, min_days=3)


def test_a_feature_that_is_not_there_is_named_with_the_version_that_needs_it() -> None:
    contenders = Contender(NEW, Says("backlog")), Contender(OLD, Says("visibility"))
    with pytest.raises(DataError, match=r"The champion, version 1, needs .* lacks: visibility"):
        predict(*contenders)


def test_a_version_that_does_not_say_what_it_has_seen_is_refused() -> None:
    with pytest.raises(DataError, match="Version 3 has no tag fitted_to"):
        predict(Contender(Version(3, "run 3", {}, ""), Says("backlog")))
