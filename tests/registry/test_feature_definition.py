"""A version is asked by its own features, or not at all."""

from textwrap import dedent
from typing import Any

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.parameters import FeatureEngineeringParameters, TargetParameters
from flight_delays.registry import feature_definition
from flight_delays.registry.feature_definition import (
    FeatureDefinition,
    adapt_features,
    define_features,
    make_features_by,
    read_definition,
    strip_words,
)
from tables import make_int_weather, make_prm_flights, make_target, read_parameters

DELIVERED = read_parameters("feature_engineering")
NEW_YEAR = {"train": {"start": "2013-01-02", "end": "2013-08-31"}}
LATE = make_target(15)
# Due half an hour before the question about the other; it left 20 minutes late.
FLIGHTS = make_prm_flights(
    {"sched_dep_time": 730, "dep_time": 750, "dep_delay": 20}, {"sched_dep_time": 900}
)
WEATHER = make_int_weather({}, {})
QUESTIONS = FLIGHTS[["flight_id", "origin", "carrier", "is_late"]].assign(
    prediction_time=FLIGHTS["scheduled_departure"] - pd.Timedelta(minutes=60)
)
SHARE = "network_scheduled_late_share_90m"


def define(late: TargetParameters = LATE, **changes: Any) -> FeatureDefinition:
    return define_features(FeatureEngineeringParameters(**DELIVERED | changes), late)


@pytest.mark.parametrize(
    ("changes", "agree"),
    [
        ({}, True),
        ({"leads": DELIVERED["leads"] | {"shortest_minutes": 45}}, True),
        ({"splits": DELIVERED["splits"] | NEW_YEAR}, True),
        ({"weather": DELIVERED["weather"] | {"known_after_minutes": 30}}, False),
        ({"events": DELIVERED["events"] | {"given_up_minutes": 200}}, False),
        ({"traffic": {"origin": {"departures_late_share": [60, 90]}}}, False),
    ],
)  # fmt: skip
def test_the_same_features_are_made_for_other_questions_and_not_by_other_windows(
    changes: dict[str, Any], agree: bool
) -> None:
    assert define().agrees_with(define(**changes)) is agree


def test_another_meaning_of_late_and_other_code_make_other_features() -> None:
    assert not define().agrees_with(define(make_target(30, 60)))
    assert define().agrees_with(define(make_target(15, 60, min_flights=7)))
    assert not define().agrees_with(define().model_copy(update={"code_sha256": "other"}))


def test_a_definition_is_itself_when_it_is_read_again() -> None:
    assert read_definition(define().model_dump(mode="json"), 3, LATE) == define()


def test_a_version_of_other_later_thresholds_can_be_asked() -> None:
    carried = define(make_target(15, 90)).model_dump(mode="json")
    assert read_definition(carried, 3, make_target(15, 60)).target == make_target(15, 90)


@pytest.mark.parametrize(
    ("carried", "sentence"),
    [
        (None, "Version 3 does not say what its features mean"),
        (
            define().model_dump(mode="json") | {"target": {"late_threshold_minutes": 15}},
            "Version 3 does not say what its features mean",
        ),
        (
            define().model_dump(mode="json") | {"code_sha256": "other"},
            "The code that makes features has changed since version 3",
        ),
        (
            define(make_target(30)).model_dump(mode="json"),
            "To version 3 late means 30 minutes or more, and the first of .*_minutes is 15",
        ),
    ],
)
def test_who_cannot_be_asked_is_refused_in_a_sentence(
    carried: dict[str, Any] | None, sentence: str
) -> None:
    way_out = (
        r"\. Train anew; where it is the champion and cannot be compared any more, take the alias "
        r"champion off it in MLflow\.$"
    )
    with pytest.raises(DataError, match=sentence + ".*" + way_out):
        read_definition(carried, 3, LATE)


def test_features_are_made_by_the_definition_and_stand_by_their_question() -> None:
    """Late is who left 20 minutes late: from 15 minutes on, not from 30."""
    turned = QUESTIONS[::-1]
    shares = []
    for minutes in (15, 30):
        definition = define(make_target(minutes))
        features, groups = make_features_by(definition, FLIGHTS, WEATHER, turned)
        assert list(features.index) == [1, 0]
        assert SHARE in groups["traffic"]
        shares.append(features.loc[1, SHARE])
    assert shares == [1, 0]


def test_a_question_about_an_unknown_flight_is_no_question_about_another() -> None:
    with pytest.raises(KeyError, match="unheard of"):
        make_features_by(define(), FLIGHTS, WEATHER, QUESTIONS.assign(flight_id="unheard of"))


def test_other_features_take_the_place_of_those_of_the_table() -> None:
    table = QUESTIONS.assign(old_feature=1.0)
    old_groups: Any = {"schedule": ["carrier"], "traffic": ["old_feature"]}
    made_by = define(aircraft=DELIVERED["aircraft"] | {"turnaround_days": 9})
    replaced, groups = adapt_features(
        table, old_groups, made_by.model_dump(mode="json"), define(), FLIGHTS, WEATHER
    )
    features, expected = make_features_by(define(), FLIGHTS, WEATHER, QUESTIONS)
    assert groups == expected
    keys = ["flight_id", "origin", "is_late", "prediction_time"]
    pd.testing.assert_frame_equal(replaced, pd.concat([QUESTIONS[keys], features], axis=1))


def test_better_words_do_not_change_the_code() -> None:
    before = '''
    """What it does.

    And why.
    """


    def double(number):  # twice
        """Double a number.

        Args: one
        """
        return f"# {2 * number}"
    '''
    after = '''
    """Said better."""
    def double(number):
        return f"# {2 * number}"
    '''
    assert strip_words(dedent(before)) == strip_words(dedent(after))
    assert strip_words(dedent(before)) == 'def double(number):\n    return f"# {2 * number}"\n'
    assert strip_words(dedent(before)) != strip_words(dedent(after).replace("2", "3"))


def test_every_file_of_the_features_counts(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = feature_definition.digest_feature_code.__wrapped__
    monkeypatch.setattr(feature_definition, "files", lambda _: tmp_path)
    digests = []
    for name, code in (("a.py", "1"), ("b.py", "2"), ("b.py", "3"), ("notes.txt", "4")):
        (tmp_path / name).write_text(code)
        digests.append(digest())
    assert len({*digests}) == 3
    assert digests[2] == digests[3]
