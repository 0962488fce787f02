"""Findings are what is beyond the usual, one row per kind and subject."""

from flight_delays.monitoring.quality.measures import (
    BROKEN_INPUT,
    DRIFT,
    Finding,
    Measure,
    list_broken,
    tabulate_findings,
    tabulate_measures,
)
from flight_delays.schemas.monitoring_tables import validate_findings, validate_quality


def test_what_is_as_usual_is_measured_and_no_finding() -> None:
    beyond = Measure("unit", "weather.wind", "EWR", 3.0, 2.0, True, "Too much.")
    quality = tabulate_measures([beyond, beyond._replace(place="JFK", found=False)])
    assert len(validate_quality({"quality": quality})["quality"]) == 2
    assert list_broken(quality) == [Finding(BROKEN_INPUT, "weather.wind", 3.0, 2.0, "Too much.")]


def test_a_subject_has_one_row_with_the_first_size_and_a_few_sentences() -> None:
    broken = [Finding(BROKEN_INPUT, "a", size, 1.0, f"Size {size}.") for size in range(5)]
    findings = tabulate_findings([*broken, Finding(DRIFT, "a", 9, 1, "Far.")])
    assert validate_findings({"findings": findings})["findings"].to_dict("list") == {
        "kind": [BROKEN_INPUT, DRIFT],
        "subject": ["a", "a"],
        "size": [0.0, 9.0],
        "expected": [1.0, 1.0],
        "message": ["Size 0. Size 1. Size 2. And 2 more.", "Far."],
    }


def test_that_nothing_was_found_is_a_table_too() -> None:
    assert validate_findings({"findings": tabulate_findings([])})["findings"].empty
    assert validate_quality({"quality": tabulate_measures([])})["quality"].empty
