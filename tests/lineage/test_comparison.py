import io
from dataclasses import replace

import pytest
from rich.console import Console

from flight_delays.lineage.comparison import Row, compare_outcomes, compare_provenance, tabulate
from flight_delays.lineage.record import Outcome, Provenance

THEN = Provenance(
    code={
        "git_commit": "c1",
        "git_dirty": "false",
        "lock_sha256": "l1",
        "python_version": "3.11.7",
    },
    tables={"raw_flights": "f1", "raw_planes": "p1"},
    packages={"mlflow": "3.17.2", "zipp": "4.0"},
    parameters={"training": {"groups": ["weather"], "classifier": {"max_iter": 30}}, "empty": {}},
)


def list_changes(now: Provenance) -> list[Row]:
    return [row for row in compare_provenance(THEN, now) if row[1] != "same"]


def test_every_check_is_told_where_nothing_has_changed() -> None:
    assert compare_provenance(THEN, THEN) == [
        (check, "same", "")
        for check in (
            "git commit",
            "uncommitted changes",
            "lock",
            "Python",
            "raw_flights",
            "raw_planes",
            "packages",
            "parameters",
        )
    ]


@pytest.mark.parametrize(
    ("now", "row"),
    [
        (replace(THEN, code=THEN.code | {"git_commit": "c2"}), ("git commit", "c1", "c2")),
        (
            replace(THEN, code=THEN.code | {"git_dirty": "true"}),
            ("uncommitted changes", "false", "true"),
        ),
        (replace(THEN, code=THEN.code | {"lock_sha256": "l2"}), ("lock", "l1", "l2")),
        (replace(THEN, tables=THEN.tables | {"raw_planes": "p2"}), ("raw_planes", "p1", "p2")),
        (replace(THEN, tables={"raw_flights": "f1"}), ("raw_planes", "p1", "none")),
        (
            replace(THEN, packages=THEN.packages | {"zipp": "4.1"}),
            ("package zipp", "4.0", "4.1"),
        ),
        (
            replace(THEN, packages=THEN.packages | {"zebra": "1.0"}),
            ("package zebra", "none", "1.0"),
        ),
        (
            replace(THEN, parameters=THEN.parameters | {"empty": {"new": None}}),
            ("empty.new", "none", "None"),
        ),
    ],
)
def test_change_is_named_with_both_values(now: Provenance, row: Row) -> None:
    assert row in list_changes(now)
    assert len(compare_provenance(THEN, now)) >= len(compare_provenance(THEN, THEN))


def test_changed_parameter_is_named_by_its_leaf() -> None:
    training = {"groups": ["weather", "history"], "classifier": {"max_iter": 40}}
    assert list_changes(replace(THEN, parameters={"training": training, "empty": {}})) == [
        ("training.classifier.max_iter", "30", "40"),
        ("training.groups", "['weather']", "['weather', 'history']"),
    ]


@pytest.mark.parametrize(
    "code", [{"git_dirty": "true"}, {"git_dirty": "unknown"}, {"git_commit": "unknown"}]
)
def test_code_that_is_not_known_is_not_called_the_same(code: dict[str, str]) -> None:
    unsure = replace(THEN, code=THEN.code | code)
    ((_, *values),) = [row for row in compare_provenance(unsure, unsure) if row[1] != "same"]
    assert values == [*code.values()] * 2


OUTCOME = Outcome(
    tables={"raw_flights": "f1", "train": "t1"},
    metrics={"log_loss": "0.4670000000000001", "roc_auc": "nan"},
    predictions={"predictions_digest": "p1"},
)


def test_same_results_are_identical_whatever_the_tables() -> None:
    again = replace(OUTCOME, tables={"raw_flights": "f2", "train": "t1"})
    assert compare_outcomes(OUTCOME, again) == (
        [],
        "identical: 2 metrics and the predictions",
    )


def test_results_differ_from_the_last_digit_on_below_the_tables_that_differ() -> None:
    again = replace(
        OUTCOME, tables={"raw_flights": "f1"}, metrics=OUTCOME.metrics | {"log_loss": "0.467"}
    )
    assert compare_outcomes(OUTCOME, again) == (
        [("train", "t1", "none"), ("log_loss", "0.4670000000000001", "0.467")],
        "different: 1 of 3 results",
    )


def test_other_predictions_are_a_difference() -> None:
    again = replace(OUTCOME, predictions={"predictions_digest": "p2"})
    assert compare_outcomes(OUTCOME, again) == (
        [("predictions_digest", "p1", "p2")],
        "different: 1 of 3 results",
    )


def test_digests_of_two_kinds_are_not_compared() -> None:
    again = replace(OUTCOME, predictions={"predictions_sha256": "p1"})
    assert compare_outcomes(OUTCOME, again) == (
        [],
        "identical: 2 metrics; the digests of the predictions are of two kinds, and say nothing",
    )


def test_table_fits_into_80_columns_and_shortens_digests() -> None:
    text = io.StringIO()
    rows = [("raw_planes", "0123456789abcdef" * 4, "fedcba9876543210" * 2 + "1234")]
    long = ("feature_engineering.splits.validation.start", "x" * 50, "y" * 50)
    Console(file=text, width=80, soft_wrap=True).print(tabulate([*rows, long]))
    lines = text.getvalue().splitlines()
    assert ["raw_planes", "0123456789ab", "fedcba987654"] in [line.split() for line in lines]
    assert text.getvalue().count("x") == text.getvalue().count("y") == 50
    assert max(map(len, lines)) <= 80
