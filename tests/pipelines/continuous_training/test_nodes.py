"""What a training as of a day knows, and which months it learns from."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError, NothingToDo
from flight_delays.parameters import ContinuousTrainingParameters, FeatureEngineeringParameters
from flight_delays.pipelines.continuous_training.nodes import (
    plan_training,
    select_known,
    tag_candidate,
)
from flight_delays.registry.versions import Candidate, RegisteredModel, Version
from flight_delays.schemas.primary import PrmFlights
from tables import find_failures, make_prm_flights, read_parameters

FEATURES = FeatureEngineeringParameters(**read_parameters("feature_engineering"))
# Two flights a month, on its first day and its last; of June only the first week.
DAYS = [
    *((1, 1), (1, 31), (2, 1), (2, 28), (3, 1), (3, 31), (4, 1), (4, 30), (5, 1), (5, 31)),
    *((6, 1), (6, 7)),
]
FLIGHTS = make_prm_flights(*({"month": month, "day": day} for month, day in DAYS))

# The tags of a version that was trained as of the day after the last whole month.
OF_THE_DAY = {"trained_as_of": "2013-06-01", "fitted_to": "2013-04-30"}


def plan(
    flights: pd.DataFrame = FLIGHTS,
    tags: dict[str, str] | None = None,
    champion: int = 1,
    **parameters: Any,
) -> tuple[pd.DataFrame, FeatureEngineeringParameters, str]:
    versions = {} if tags is None else {3: Version(3, "run 3", tags, "")}
    registered_model = RegisteredModel("flights", versions, {"champion": champion})
    training = ContinuousTrainingParameters(**{"as_of": None, "train_months": None} | parameters)
    known, _, planned, day = plan_training(flights, [], registered_model, training, FEATURES)
    return known, planned, day


def list_splits(planned: FeatureEngineeringParameters) -> list[str]:
    return [f"{split.start:%m-%d} {split.end:%m-%d}" for _, split in planned.splits]


@pytest.mark.parametrize(
    ("parameters", "as_of", "splits"),
    [
        ({}, "2013-06-01", ["01-01 03-31", "04-01 04-30", "05-01 05-31"]),
        ({"as_of": "2013-05-01"}, "2013-05-01", ["01-01 02-28", "03-01 03-31", "04-01 04-30"]),
        ({"as_of": "2013-05-31"}, "2013-05-31", ["01-01 02-28", "03-01 03-31", "04-01 04-30"]),
        ({"train_months": 2}, "2013-06-01", ["02-01 03-31", "04-01 04-30", "05-01 05-31"]),
    ],
)
def test_the_last_whole_months_are_kept_to_test_and_validate_on(
    parameters: dict[str, Any], as_of: str, splits: list[str]
) -> None:
    known, planned, day = plan(**parameters)
    assert (day, list_splits(planned)) == (as_of, splits)
    assert planned.model_copy(update={"splits": FEATURES.splits}) == FEATURES
    dates = [f"2013-{month:02}-{day:02}" for month, day in DAYS]
    assert [*known["flight_date"].astype(str)] == [each for each in dates if each < as_of]


def test_days_before_the_first_whole_month_are_learnt_from_too() -> None:
    _, planned, _ = plan(FLIGHTS[1:])
    assert list_splits(planned)[0] == "01-31 03-31"


@pytest.mark.parametrize(
    ("flights", "parameters", "message"),
    [
        (FLIGHTS, {"as_of": "2013-03-31"}, "no 3 whole months in a row up to 2013-03-31, "),
        (FLIGHTS, {"as_of": "2013-05-01", "train_months": 3}, "no 5 whole months"),
        (FLIGHTS.drop([6, 7]), {}, "no 3 whole months in a row up to 2013-06-01"),  # no April
        (FLIGHTS[1:], {"as_of": "2013-04-01"}, "no 3 whole months in a row up to 2013-04-01"),
        (FLIGHTS[10:], {}, "no 3 whole months in a row up to any day"),
        (FLIGHTS[:0], {}, "no 3 whole months in a row up to any day"),
    ],
)
def test_too_few_months_are_told(
    flights: pd.DataFrame, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(DataError, match=f"^Table prm_flights has {message}"):
        plan(flights, **parameters)


@pytest.mark.parametrize(
    "judged",
    [
        {"decision": "refused"},
        {"decision": "postponed"},
        {"decision": "promoted", "replaced_by": "4"},
        {"gates": "failed: log loss"},
    ],
)
def test_a_day_is_judged_once(judged: dict[str, str]) -> None:
    message = "Version 3 of flights was trained as of 2013-06-01 and has been judged"
    with pytest.raises(NothingToDo, match=message):
        plan(tags=judged | OF_THE_DAY)
    _, _, day = plan(tags=judged | OF_THE_DAY, as_of="2013-06-02")
    assert day == "2013-06-02"
    _, _, day = plan(tags=judged)
    assert day == "2013-06-01"


def test_a_day_is_done_again_once_a_month_that_was_missing_is_there() -> None:
    _, _, day = plan(tags=OF_THE_DAY | {"decision": "refused", "fitted_to": "2013-03-31"})
    assert day == "2013-06-01"


def test_a_promotion_counts_once_the_champion_has_changed() -> None:
    tags = OF_THE_DAY | {"decision": "promoted", "replaced_by": "none"}
    with pytest.raises(NothingToDo):
        plan(tags=tags, champion=3)
    _, _, day = plan(tags=tags, champion=1)
    assert day == "2013-06-01"


@pytest.mark.parametrize("unfinished", [{}, {"gates": "passed"}])
def test_a_day_whose_version_was_not_decided_on_is_done_again(unfinished: dict[str, str]) -> None:
    _, _, day = plan(tags=unfinished | OF_THE_DAY)
    assert day == "2013-06-01"


def test_what_happened_later_is_not_known() -> None:
    """Midnight in New York is 5:00 UTC. The first lands at it, the second flies, one waits."""
    late: dict[str, Any] = {"sched_dep_time": 2200, "dest": "BOS", "sched_arr_time": 2305}
    flights = make_prm_flights(
        late | {"dep_time": 2200, "dep_delay": 0, "arr_time": 2400, "arr_delay": 55},
        late | {"dep_time": 2359, "dep_delay": 119, "arr_time": 100, "arr_delay": 115},
        late | {"dep_time": 10, "dep_delay": 130, "arr_time": 110, "arr_delay": 125},
        late | {"day": 2},
    )
    known = select_known(flights, date(2013, 1, 2))
    assert find_failures(PrmFlights, known) == set()
    departed = ["actual_departure", "departure_delay_minutes"]
    landed = ["actual_arrival", "arrival_delay_minutes", "air_time_minutes", "is_late"]
    for column in flights:
        missing = 1 if column in departed else 2 if column in landed else 0
        expected = flights[column][: 3 - missing]
        pd.testing.assert_series_equal(known[column].dropna(), expected)


def test_the_version_to_come_says_the_day() -> None:
    candidate = Candidate(None, pd.DataFrame(), {"fitted_to": "2013-04-30"}, "", {}, pd.DataFrame())  # type: ignore[arg-type]
    tags = tag_candidate(candidate, "2013-06-01").tags
    assert tags == {"fitted_to": "2013-04-30", "trained_as_of": "2013-06-01"}
