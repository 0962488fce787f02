"""Features stand beside their keys and the target, and the splits follow the calendar."""

from typing import Any, get_args

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import FeatureEngineeringParameters, Group
from flight_delays.pipelines.data_processing.nodes import type_weather
from flight_delays.pipelines.feature_engineering.nodes import KEYS, build_features, split_flights
from flight_delays.schemas.features import FeatFlights
from tables import (
    CANCELLED,
    make_parameters,
    make_prm_flights,
    make_raw_weather,
    read_parameters,
)

SPLITS = {
    "train": {"start": "2013-01-02", "end": "2013-01-03"},
    "validation": {"start": "2013-01-05", "end": "2013-01-06"},
    "test": {"start": "2013-01-07", "end": "2013-01-08"},
}


def make_feature_parameters(**changes: Any) -> FeatureEngineeringParameters:
    delivered = read_parameters("feature_engineering")
    return FeatureEngineeringParameters(**delivered | {"splits": SPLITS} | changes)


class TestBuildFeatures:
    flights = make_prm_flights({"sched_dep_time": 900}, CANCELLED, {"tailnum": None})
    weather = type_weather(make_raw_weather({}, {}), make_parameters())

    def build(self, **changes: Any) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
        return build_features(self.flights, self.weather, make_feature_parameters(**changes))

    def test_keys_features_and_target_keep_the_order_of_the_flights(self) -> None:
        features, groups = self.build()
        names = [name for group in groups.values() for name in group]
        others = [name for name in features if name not in KEYS]
        assert list(features) == KEYS + others
        assert others == [*names, "is_late"]
        assert features["flight_id"].tolist() == self.flights["flight_id"].tolist()
        pd.testing.assert_series_equal(features["is_late"], self.flights["is_late"])
        assert list(groups) == list(get_args(Group))
        FeatFlights.validate(features)

    def test_the_prediction_is_made_the_lead_time_before_departure(self) -> None:
        leads = {"shortest_minutes": 45, "longest_minutes": 45, "evaluated_minutes": [45]}
        features, _ = self.build(leads=leads)
        lead = features["scheduled_departure"] - features["prediction_time"]
        assert (lead == pd.Timedelta(minutes=45)).all()

    def test_the_inputs_stay_as_they_are(self) -> None:
        flights = make_prm_flights({}, CANCELLED)
        weather = type_weather(make_raw_weather({}, {}), make_parameters())
        before = flights.copy(deep=True), weather.copy(deep=True)
        build_features(flights, weather, make_feature_parameters())
        pd.testing.assert_frame_equal(flights, before[0])
        pd.testing.assert_frame_equal(weather, before[1])


def make_days(*days: int, late: list[bool | None] | None = None) -> pd.DataFrame:
    """A late flight and another on each day of January 2013."""
    outcomes = pd.array(late or [True, False] * len(days), dtype="boolean")
    dates = pd.to_datetime([f"2013-01-{day:02}" for day in days for _ in range(2)])
    return pd.DataFrame({"flight_date": dates, "is_late": outcomes})


class TestSplitFlights:
    def test_both_ends_belong_to_a_split_and_days_between_to_none(self) -> None:
        flights = make_days(1, 2, 3, 4, 5, 6, 7, 8, 9)
        days = [
            sorted(set(split["flight_date"].dt.day))
            for split in split_flights(flights, make_feature_parameters())
        ]
        assert days == [[2, 3], [5, 6], [7, 8]]

    def test_flights_without_a_known_outcome_are_left_out(self) -> None:
        flights = make_days(2, 3, 5, 7, late=[True, None, False, None, *[True, False] * 2])
        train, validation, test = split_flights(flights, make_feature_parameters())
        assert train["is_late"].tolist() == [True, False]
        for split in (train, validation, test):
            assert split["is_late"].dtype == bool
            assert split.index.tolist() == [0, 1]
        assert flights["is_late"].isna().sum() == 2

    @pytest.mark.parametrize(
        ("days", "late", "message"),
        [
            pytest.param(
                (2, 5),
                None,
                r"test split, 2013-01-07 to 2013-01-08, has 0 .*splits\.test",
                id="none",
            ),
            pytest.param(
                (2, 5, 7),
                [True, True, *[True, False] * 2],
                r"train split.*2 flights with a known outcome.*run from 2013-01-02 to 2013-01-07",
                id="all late",
            ),
            pytest.param((2, 5, 7), [None] * 6, "train split.*has 0 flights", id="none known"),
            pytest.param(
                (2, 5, 7),
                [True, False, False, False, True, False],
                r"validation split.*feature_engineering\.splits\.validation",
                id="none late",
            ),
        ],
    )
    def test_a_split_that_nothing_can_be_learned_from_is_named(
        self, days: tuple[int, ...], late: list[bool | None] | None, message: str
    ) -> None:
        with pytest.raises(DataError, match=message):
            split_flights(make_days(*days, late=late), make_feature_parameters())
