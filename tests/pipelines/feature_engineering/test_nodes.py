"""Features stand beside their keys and the target, and the splits follow the calendar."""

import json
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import (
    FeatureEngineeringParameters,
    Group,
    Leads,
)
from flight_delays.pipelines.feature_engineering.nodes import (
    KEYS,
    ask_questions,
    build_features,
    draw_leads,
    split_flights,
)
from flight_delays.registry.feature_definition import FeatureDefinition, define_features
from flight_delays.schemas.features import FeatFlights
from tables import (
    CANCELLED,
    make_int_weather,
    make_prm_flights,
    make_target,
    read_parameters,
)

LEADS = {"shortest_minutes": 30, "longest_minutes": 480, "evaluated_minutes": [120]}
HOUR = {"shortest_minutes": 60, "longest_minutes": 60, "evaluated_minutes": [60]}
MINUTE = pd.Timedelta(minutes=1)
LATE = make_target(15)
# Written down once: they are to be the same in every run, on every machine.
FIRST_LEADS = [40, 173, 130]
SPLITS = {
    "train": {"start": "2013-01-02", "end": "2013-01-03"},
    "validation": {"start": "2013-01-05", "end": "2013-01-06"},
    "test": {"start": "2013-01-07", "end": "2013-01-08"},
}


def make_feature_parameters(**changes: Any) -> FeatureEngineeringParameters:
    delivered = read_parameters("feature_engineering")
    return FeatureEngineeringParameters(**delivered | {"splits": SPLITS} | changes)


# One late and one punctual flight for each split.
OUTCOMES = [{"day": day, "arr_delay": delay} for day in (2, 5, 7) for delay in (0, 60)]


class TestBuildFeatures:
    flights = make_prm_flights({"sched_dep_time": 900}, CANCELLED, {"tailnum": None}, *OUTCOMES)
    weather = make_int_weather({}, {})

    def build(self, **changes: Any) -> tuple[pd.DataFrame, dict[Group, list[str]]]:
        parameters = make_feature_parameters(**changes)
        return build_features(self.flights, self.weather, parameters, LATE)[:2]

    def test_keys_features_and_target_keep_the_order_of_the_flights(self) -> None:
        features, groups = self.build(leads=LEADS)
        names = [name for group in groups.values() for name in group]
        others = [name for name in features if name not in KEYS]
        assert list(features) == KEYS + others
        assert others == [*names, "arrival_delay_minutes", "is_late"]
        assert features["flight_id"].tolist() == self.flights["flight_id"].tolist()
        pd.testing.assert_series_equal(features["is_late"], self.flights["is_late"])
        assert list(groups) == list(get_args(Group))
        FeatFlights.validate(features)

    def test_the_prediction_is_made_the_lead_before_departure(self) -> None:
        features, _ = self.build(
            leads={"shortest_minutes": 45, "longest_minutes": 45, "evaluated_minutes": [45]}
        )
        lead = features["scheduled_departure"] - features["prediction_time"]
        assert (lead == pd.Timedelta(minutes=45)).all()
        assert (features["lead_minutes"] == 45).all()

    def test_what_is_late_decides_the_features_too(self) -> None:
        """The other flight, due half an hour before the question, left 20 minutes late."""
        flights = make_prm_flights(
            {"sched_dep_time": 730, "dep_time": 750, "dep_delay": 20},
            {"sched_dep_time": 900},
            *OUTCOMES,
        )
        (asked,) = flights.loc[flights["flight_number"] == 2, "flight_id"]
        shares = [
            build_features(flights, self.weather, make_feature_parameters(leads=HOUR), late)[0]
            .set_index("flight_id")
            .loc[asked, "network_scheduled_late_share_90m"]
            for late in (make_target(limit) for limit in (20, 21))
        ]
        assert shares == [1, 0]

    def test_what_is_given_up_and_lost_decides_the_features_too(self) -> None:
        """One waits since half past seven; the other was to land then and is not heard of."""
        flights = make_prm_flights(
            {"sched_dep_time": 730, "dep_time": 840, "dep_delay": 70},
            {
                "sched_dep_time": 500,
                "dep_time": 500,
                "dep_delay": 0,
                "sched_arr_time": 730,
                "dest": "BOS",
                "arr_time": None,
                "arr_delay": None,
                "air_time": None,
            },
            {"sched_dep_time": 900},
            *OUTCOMES,
        )
        (asked,) = flights.loc[flights["flight_number"] == 3, "flight_id"]
        seen = []
        for minutes in (30, 31):
            events = {"given_up_minutes": minutes, "lost_minutes": minutes}
            parameters = make_feature_parameters(leads=HOUR, events=events)
            features = build_features(flights, self.weather, parameters, LATE)[0]
            row = features.set_index("flight_id").loc[asked]
            seen.append((row["origin_waiting"], row["network_overdue"]))
        assert seen == [(0, 0), (1, 1)]

    @pytest.mark.parametrize("rows", [0, 2])
    def test_weather_that_is_not_there_is_missing_in_the_same_features(self, rows: int) -> None:
        readings = ["temperature_f", "visibility_miles", "wind_direction_degrees"]
        rough = self.weather.head(rows).assign(**dict.fromkeys(readings, np.nan))
        whole, groups = self.build()
        features, same_groups, _ = build_features(
            self.flights, rough, make_feature_parameters(), LATE
        )
        assert same_groups == groups
        FeatFlights.validate(features)
        touched = {column for column in groups["weather"] if "pressure" not in column}
        touched -= {"origin_wind_speed_mph"} if rows else set()
        assert features[[*touched]].isna().all(axis=None)
        others = whole.columns.difference(groups["weather"])
        pd.testing.assert_frame_equal(features[others], whole[others])

    def test_splits_are_checked_before_anything_is_made(self) -> None:
        with pytest.raises(DataError, match="The test split, 2013-01-09 to 2013-01-09, has 0"):
            self.build(splits=SPLITS | {"test": {"start": "2013-01-09", "end": "2013-01-09"}})

    def test_the_definition_is_that_of_the_features(self) -> None:
        parameters = make_feature_parameters(leads=HOUR)
        late = make_target(20)
        definition = build_features(self.flights, self.weather, parameters, late)[2]
        assert FeatureDefinition.model_validate(definition) == define_features(parameters, late)
        assert json.loads(json.dumps(definition)) == definition

    def test_the_inputs_stay_as_they_are(self) -> None:
        flights = make_prm_flights({}, CANCELLED, *OUTCOMES)
        weather = make_int_weather({}, {})
        before = flights.copy(deep=True), weather.copy(deep=True)
        build_features(flights, weather, make_feature_parameters(), LATE)
        pd.testing.assert_frame_equal(flights, before[0])
        pd.testing.assert_frame_equal(weather, before[1])


class TestAskQuestions:
    def ask(self, *days: int, delay: int = 0, **leads: Any) -> pd.DataFrame:
        """About one flight on each day of January 2013, due at noon in New York."""
        flights = make_prm_flights(
            *(
                {"day": day, "sched_dep_time": 1200, "dep_time": 1100, "dep_delay": delay}
                for day in days
            )
        )
        questions = ask_questions(flights, make_feature_parameters(leads=LEADS | leads))
        lead = questions["scheduled_departure"] - questions["prediction_time"]
        return questions.assign(day=questions["flight_date"].dt.day, lead=lead / MINUTE)

    def test_test_flights_are_asked_about_at_every_lead_and_others_once(self) -> None:
        questions = self.ask(2, 4, 5, 7, 9, evaluated_minutes=[30, 60, 480])
        assert questions["day"].value_counts().to_dict() == {2: 1, 4: 1, 5: 1, 7: 3, 9: 1}
        assert questions.loc[questions["day"] == 7, "lead"].tolist() == [30, 60, 480]

    @pytest.mark.parametrize(("delay", "leads"), [(-59, [60, 120]), (-60, [120]), (0, [60, 120])])
    def test_who_has_left_by_then_is_not_asked_about(
        self, delay: int, leads: list[int], caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level("INFO"):
            questions = self.ask(7, delay=delay, evaluated_minutes=[60, 120])
        assert questions["lead"].tolist() == leads
        assert questions.index.tolist() == [*range(len(leads))]
        assert "index" not in questions
        assert [*questions][-4:] == ["is_late", "prediction_time", "day", "lead"]
        left = 2 - len(leads)
        assert caplog.messages == [
            f"{len(leads)} questions about 1 flights; {left} not asked: the flight had left"
        ]


class TestDrawLeads:
    ids = pd.Series([f"2013-01-01_UA_{number}_EWR" for number in range(20_000)])

    def test_each_doubling_is_as_likely_as_the_next(self) -> None:
        leads = draw_leads(self.ids, Leads(**LEADS))
        assert leads.between(30, 480).all()
        assert {30, 480} <= set(leads)
        shares = pd.cut(leads, [29, 60, 120, 240, 480]).value_counts(normalize=True)
        assert shares.between(0.23, 0.27).all()

    def test_a_flight_keeps_its_lead_whatever_others_there_are(self) -> None:
        leads = draw_leads(self.ids, Leads(**LEADS))
        shuffled = self.ids.sample(100, random_state=0)
        pd.testing.assert_series_equal(draw_leads(shuffled, Leads(**LEADS)), leads[shuffled.index])
        assert draw_leads(self.ids[:3], Leads(**LEADS)).tolist() == FIRST_LEADS


def make_days(*days: int, late: list[bool | None] | None = None) -> pd.DataFrame:
    """A late flight of UA and another of B6 on each day of January 2013."""
    outcomes = pd.array(late or [True, False] * len(days), dtype="boolean")
    dates = pd.to_datetime([f"2013-01-{day:02}" for day in days for _ in range(2)])
    ids = [f"flight-{row}" for row in range(len(dates))]
    return pd.DataFrame(
        {
            "flight_id": ids,
            "flight_date": dates,
            "is_late": outcomes,
            "origin": "EWR",
            "carrier": ["UA", "B6"] * len(days),
        }
    )


class TestSplitFlights:
    def test_both_ends_belong_to_a_split_and_days_between_to_none(self) -> None:
        flights = make_days(1, 2, 3, 4, 5, 6, 7, 8, 9)
        days = [
            sorted(set(split["flight_date"].dt.day))
            for split in split_flights(flights, make_feature_parameters())[:3]
        ]
        assert days == [[2, 3], [5, 6], [7, 8]]

    def test_flights_without_a_known_outcome_are_left_out(self) -> None:
        flights = make_days(2, 3, 5, 7, late=[True, None, False, None, *[True, False] * 2])
        train, validation, test, _ = split_flights(flights, make_feature_parameters())
        assert train["is_late"].tolist() == [True, False]
        for split in (train, validation, test):
            assert split["is_late"].dtype == bool
            assert split.index.tolist() == [0, 1]
            assert [*split] == [*flights]
        assert flights["is_late"].isna().sum() == 2

    def test_each_split_is_described_as_it_was_cut(self) -> None:
        flights = make_days(2, 3, 5, 7, late=[True, None, False, None, *[True, False] * 2])
        described = split_flights(flights, make_feature_parameters())[3]
        assert list(described) == ["train", "validation", "test"]
        assert described["train"] == {
            "start": "2013-01-02",
            "end": "2013-01-03",
            "days": 2,
            "flights": 2,
            "late_share": 0.5,
            "origins": ["EWR"],
            "carriers": ["UA"],
        }

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
