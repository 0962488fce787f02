"""Who is asked about, from what, and what an answer is."""

import logging
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import FeatureEngineeringParameters, InferenceParameters
from flight_delays.parameters.modelling import Costs
from flight_delays.pipelines.inference.nodes import (
    ask_about_flights_to_come,
    predict_flights_to_come,
)
from flight_delays.registry.feature_definition import define_features
from flight_delays.registry.versions import Contender, Version
from flight_delays.schemas.predictions import LoggedPredictions, Predictions
from flight_delays.serving.board.served_model import ServedModel
from tables import (
    EVALUATION,
    find_failures,
    make_int_weather,
    make_prm_flights,
    make_target,
    read_parameters,
)

# At ten in New York: 1 has left, 2 should have, 3 is 29 minutes away, 4 and 5 are 30 and 480, 6 is
# further; of 7, 40 minutes away, it is not known that it will be cancelled.
NOT_YET: dict[str, Any] = dict.fromkeys(("dep_time", "dep_delay", "arr_time", "arr_delay"))
FLIGHTS = make_prm_flights(
    {"sched_dep_time": 930, "dep_time": 930, "dep_delay": 0},
    {"sched_dep_time": 940, "dep_time": 1100, "dep_delay": 80},
    {"sched_dep_time": 1029},
    {"sched_dep_time": 1030},
    {"sched_dep_time": 1800},
    {"sched_dep_time": 1801},
    {"sched_dep_time": 1040, **NOT_YET, "air_time": None},
)
WEATHER = make_int_weather({}, {})
SHARE = "network_scheduled_late_share_90m"
DELIVERED = read_parameters("feature_engineering")
PARAMETERS = FeatureEngineeringParameters(
    **DELIVERED | {"traffic": {"network": {"scheduled_late_share": [90]}}}
)
TARGET = make_target(15, 60)


class SaysShare:
    """A model that says which share of the flights due before is known to be late, and half."""

    thresholds_minutes = (15, 60)
    feature_names_in_ = (SHARE, "carrier")

    def predict_proba(self, features: pd.DataFrame) -> np.ndarray:
        share = features[SHARE].astype(float)
        return np.column_stack([1 - share, share])

    def predict_lateness(self, features: pd.DataFrame) -> pd.DataFrame:
        share = features[SHARE].astype(float)
        return pd.DataFrame({"late_15": share, "late_60": share / 2})


def serve(judged: str = "15 60", **leads: int) -> Contender:
    parameters = PARAMETERS.model_copy(update={"leads": PARAMETERS.leads.model_copy(update=leads)})
    metadata = {
        "feature_definition": define_features(parameters, TARGET).model_dump(mode="json"),
        "feature_groups": {"schedule": ["carrier"], "traffic": [SHARE]},
        "ordinary_flights": {"lead_from_minutes": [30.0], "carrier": ["UA"], SHARE: [0.125]},
    }
    version = Version(7, "run", {"judged_thresholds": judged}, "")
    return Contender(version, SaysShare(), metadata)  # type: ignore[arg-type]


def ask(
    as_of: str | None = "2013-01-01T15:00Z",
    horizon_minutes: int = 600,
    flights: pd.DataFrame = FLIGHTS,
    **leads: int,
) -> pd.DataFrame:
    moment = datetime.fromisoformat(as_of) if as_of else None
    inference = InferenceParameters(
        as_of=moment, horizon_minutes=horizon_minutes, checkpoints_minutes=[30]
    )
    served = serve(**leads)
    questions, asked = ask_about_flights_to_come(flights, served, inference, TARGET, EVALUATION)
    assert asked.model is served.model
    return questions


def list_numbers(questions: pd.DataFrame) -> list[int]:
    numbers = FLIGHTS.set_index("flight_id")["flight_number"]
    return [*numbers[questions["flight_id"]]]


def test_who_is_due_within_horizon_and_leads_is_asked_about_and_the_others_are_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="flight_delays.pipelines.inference.nodes"):
        questions = ask()
    assert list_numbers(questions) == [4, 7, 5]  # in the order of the timetable
    assert list(questions["lead_minutes"]) == [30, 40, 480]
    assert (questions["prediction_time"] == pd.Timestamp("2013-01-01T15:00Z")).all()
    assert list(questions.index) == [0, 1, 2]
    assert caplog.messages == [
        "5 flights due within 600 minutes of 2013-01-01T15:00Z; 2 of them not asked about: nearer "
        "or further than version 7 has learnt, 30 to 480 minutes"
    ]


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"horizon_minutes": 40}, [4, 7]),
        ({"horizon_minutes": 39}, [4]),
        ({"shortest_minutes": 29}, [3, 4, 7, 5]),
        ({"longest_minutes": 481}, [4, 7, 5, 6]),
        ({"as_of": "2013-01-01T10:00-05:00"}, [4, 7, 5]),  # the same moment
        ({"as_of": "2013-01-01T14:30Z"}, [3, 4, 7]),
    ],
)
def test_moment_horizon_and_leads_decide(asked: dict[str, Any], numbers: list[int]) -> None:
    assert list_numbers(ask(**asked)) == numbers


def test_who_left_ahead_of_schedule_is_not_asked_about() -> None:
    early = FLIGHTS.assign(
        actual_departure=FLIGHTS["actual_departure"].where(
            FLIGHTS["flight_number"] != 4, pd.Timestamp("2013-01-01T15:00Z")
        )
    )
    assert list_numbers(ask(flights=early)) == [7, 5]


@pytest.mark.parametrize(
    ("known", "moment"),
    [
        ("2013-01-01T15:20:59Z", "2013-01-01T15:20Z"),  # the last minute of which all is known
        ("2013-01-02T05:00Z", "2013-01-01T22:31Z"),  # half an hour before the last flight
        (None, "2013-01-01T22:31Z"),
    ],
)
def test_without_a_moment_it_is_the_last_one_of_which_something_is_known(
    known: str | None, moment: str
) -> None:
    for column in ("actual_departure", "actual_arrival"):
        nothing = FLIGHTS["scheduled_departure"].where([False] * len(FLIGHTS))
        blank = FLIGHTS.assign(actual_departure=nothing, actual_arrival=nothing)
        blank.loc[0, column] = pd.Timestamp(known) if known else pd.NaT
        assert (ask(None, flights=blank)["prediction_time"] == pd.Timestamp(moment)).all()


@pytest.mark.parametrize(
    ("as_of", "horizon_minutes", "window"),
    [
        ("2013-01-01T22:32Z", 600, "30 to 480"),
        ("2012-12-31T00:00Z", 600, "30 to 480"),
        ("2013-01-01T15:00Z", 20, "30 to 20"),
    ],
)
def test_where_nobody_can_be_asked_about_it_says_which_flights_there_are(
    as_of: str, horizon_minutes: int, window: str
) -> None:
    message = (
        f"can be asked about as of {as_of}: none is due {window} minutes later. They are due from "
        "2013-01-01T14:30Z to 2013-01-01T23:01Z: change the parameter inference.as_of or "
        "inference.horizon_minutes.$"
    )
    with pytest.raises(DataError, match=message):
        ask(as_of, horizon_minutes)


def predict_and_log(
    flights: pd.DataFrame = FLIGHTS, version: Contender | None = None
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    costs = {"costs_by_threshold": {60: Costs(miss_cost=1, false_alarm_cost=1)}}
    evaluation = EVALUATION.model_copy(update=costs)
    served = ServedModel.read(version or serve(), TARGET, evaluation)
    return predict_flights_to_come(ask(), flights, WEATHER, served)


def predict(*changes: Any, **named: Any) -> dict[str, pd.DataFrame]:
    return predict_and_log(*changes, **named)[0]


def test_each_threshold_has_its_probability_and_its_decision_from_what_was_known() -> None:
    """At ten 1 is known to have left in time; 2 has waited for twenty minutes."""
    ((moment, predictions),) = predict().items()
    assert moment == "2013-01-01T1500Z"
    assert find_failures(Predictions, predictions) == set()
    assert list_numbers(predictions) == [4, 7, 5]
    told = predictions[["late_15", "late_60", "alert_15", "alert_60", "version"]].drop_duplicates()
    # An alert pays from 1/4 on, of an hour from 1/2 on.
    assert told.to_dict("records") == [
        {"late_15": 0.5, "late_60": 0.25, "alert_15": True, "alert_60": False, "version": 7}
    ]
    why = ["ordinary_probability", "from_schedule", "from_traffic", "reasons"]
    assert predictions[why].drop_duplicates().to_dict("records") == [
        {
            "ordinary_probability": 0.125,
            "from_schedule": 0.0,
            "from_traffic": 0.375,
            "reasons": "+0.38 50 % of flights due in the last 90 minutes late; "
            "+0.00 its place in the timetable",
        }
    ]


def test_the_same_goes_into_the_log_with_what_the_version_saw() -> None:
    answered, logged = predict_and_log()
    ((_, predictions),) = answered.items()
    assert find_failures(LoggedPredictions, logged) == set()
    answers = predictions.loc[:, :"version"]
    pd.testing.assert_frame_equal(logged[[*answers]], answers)
    assert list(logged.columns.drop(list(answers))) == [SHARE]
    assert logged[SHARE].tolist() == [0.5] * 3


@pytest.mark.parametrize("judged", ["15", ""])
def test_a_threshold_by_which_the_version_was_not_judged_is_not_answered(judged: str) -> None:
    ((_, predictions),) = predict(version=serve(judged)).items()
    assert [name for name in predictions if name[-1].isdigit()] == ["late_15", "alert_15"]


def test_what_became_known_later_changes_nothing() -> None:
    later = FLIGHTS["flight_number"] > 1
    outcomes = ["departure_delay_minutes", "arrival_delay_minutes", "air_time_minutes", "is_late"]
    blank = dict.fromkeys([*outcomes, "actual_departure", "actual_arrival"])
    cut = FLIGHTS.assign(**{name: FLIGHTS[name].mask(later) for name in blank})
    ((_, whole),), ((_, known),) = predict().items(), predict(cut).items()
    pd.testing.assert_frame_equal(whole, known, check_exact=True)


def test_a_version_to_which_late_means_something_else_is_not_asked() -> None:
    inference = InferenceParameters(as_of=None, horizon_minutes=480, checkpoints_minutes=[30])
    with pytest.raises(DataError, match="To version 7 late means 15 minutes or more"):
        ask_about_flights_to_come(FLIGHTS, serve(), inference, make_target(30), EVALUATION)
