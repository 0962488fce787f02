"""Drift is a distance beyond what is usual from month to month, and Evidently shows the same."""

import re

import numpy as np
import pandas as pd
import pytest

from flight_delays.monitoring.drift import (
    compute_distance,
    list_drifted,
    list_missing,
    measure_drift,
)
from flight_delays.monitoring.drift_report import render_drift
from flight_delays.parameters import DriftParameters, QualityParameters
from tables import read_parameters

DELIVERED = read_parameters("monitoring")
LIMITS = QualityParameters(**DELIVERED["quality"])
# Two months of a hundred flights: `steady` is 0 or 2 in both, `moody` is 0 or 2 in the first and 2
# or 4 in the second.
REFERENCE = pd.DataFrame(
    {
        "flight_date": np.repeat(pd.to_datetime(["2013-01-15", "2013-02-15"]), 100),
        "prediction.late_15": 0.25,
        "feature.steady": [0.0, 2.0] * 100,
        "feature.moody": [0.0, 2.0] * 50 + [2.0, 4.0] * 50,
        "feature.carrier": ["AA", "UA"] * 100,
    }
)
MONTH = REFERENCE.head(100)


def make_limits(**changes: float) -> DriftParameters:
    return DriftParameters(
        **DELIVERED["drift"] | {"min_distance": 0.2, "min_names_distance": 0.3} | changes
    )


def measure(limits: DriftParameters | None = None, **changed: object) -> pd.DataFrame:
    month = MONTH.assign(**changed)
    drift = measure_drift(REFERENCE, month, limits or make_limits())
    return drift.set_index("column")


def test_numbers_are_moved_by_so_many_standard_deviations() -> None:
    zeros_and_twos = REFERENCE["feature.steady"]  # of a standard deviation of 1
    assert compute_distance(zeros_and_twos, zeros_and_twos + 3) == pytest.approx(3)
    assert compute_distance(10 * zeros_and_twos, 10 * zeros_and_twos + 3) == pytest.approx(0.3)
    assert compute_distance(pd.Series([1.0, 1.0]), pd.Series([2.0])) == 1000  # it has no spread


def test_names_are_as_far_as_their_shares() -> None:
    assert compute_distance(pd.Series(["AA", "UA"]), pd.Series(["B6", "B6"])) == pytest.approx(
        np.sqrt(np.log(2))
    )
    assert compute_distance(pd.Series(["AA", "UA"]), pd.Series(["UA", "AA"] * 2)) == 0


def test_a_month_as_the_reference_has_not_drifted() -> None:
    assert not measure()["drifted"].any()


def test_what_differs_from_month_to_month_may_differ_more() -> None:
    # A month of moody is 1 away from both: 1 / sqrt(2) standard deviations.
    drift = measure()
    assert drift.loc["feature.moody", "distance"] == pytest.approx(1 / np.sqrt(2))
    assert drift.loc["feature.moody", "limit"] == pytest.approx(2 / np.sqrt(2))
    assert drift.loc["feature.steady", "limit"] == 0.2
    moved = measure(**{"feature.steady": 0.5, "feature.moody": MONTH["feature.moody"] + 1.5})
    assert moved.loc["feature.steady", "drifted"]
    assert not moved.loc["feature.moody", "drifted"]


def test_months_with_few_rows_do_not_tell_what_is_usual() -> None:
    odd = MONTH.assign(**{"flight_date": pd.Timestamp("2013-03-01"), "feature.steady": 99.0})
    limits = []
    for rows in (99, 100):
        reference = pd.concat([REFERENCE, odd.head(rows)], ignore_index=True)
        drift = measure_drift(reference, MONTH, make_limits()).set_index("column")
        limits.append(drift.loc["feature.steady", "limit"])
    assert 1.5 * limits[0] < limits[1]


def test_the_furthest_column_is_first_and_told() -> None:
    changed = {"prediction.late_15": 0.5, "feature.carrier": "ZZ"}
    drift = measure_drift(REFERENCE, MONTH.assign(**changed), make_limits())
    assert list(drift["column"][:2]) == ["prediction.late_15", "feature.carrier"]
    first, second = list_drifted(drift, "2013-11")
    assert (first.kind, first.subject, first.expected) == ("drift", "prediction.late_15", 0.2)
    assert first.size == pytest.approx(250)
    assert "prediction.late_15 of 2013-11 is 250 away" in first.message
    assert "typically 0.5, not 0.25" in first.message
    assert second[:2] == ("drift", "feature.carrier")
    assert "typically ZZ, not AA" in second.message


def test_a_column_without_values_has_no_distance_and_is_missing() -> None:
    month = MONTH.assign(**{"feature.steady": np.nan}).drop(columns="feature.moody")
    assert not {"feature.steady", "feature.moody"} & {
        *measure_drift(REFERENCE, month, make_limits())["column"]
    }
    steady, moody = list_missing(REFERENCE, month, "2013-11", LIMITS)
    assert (steady.kind, steady.subject, steady.size) == ("broken_input", "feature.steady", 1)
    assert steady.message.startswith("100 % of feature.steady are missing in 2013-11")
    assert (moody.subject, moody.expected) == ("feature.moody", 0.15)


def test_a_few_more_missing_values_are_no_finding() -> None:
    steady = REFERENCE["feature.steady"].mask(np.arange(200) < 20)
    some = REFERENCE.assign(**{"feature.steady": steady})
    month = MONTH.assign(**{"feature.steady": MONTH["feature.steady"].mask(np.arange(100) < 25)})
    assert list_missing(some, month, "2013-11", LIMITS) == []
    month = MONTH.assign(**{"feature.steady": MONTH["feature.steady"].mask(np.arange(100) < 26)})
    assert len(list_missing(some, month, "2013-11", LIMITS)) == 1


@pytest.mark.slow
def test_evidently_shows_the_same_distances_of_the_furthest_columns() -> None:
    month = MONTH.assign(**{"feature.carrier": ["UA"] * 75 + ["AA"] * 25, "feature.moody": 3.0})
    limits = make_limits(reported_columns=2)
    drift = measure_drift(REFERENCE, month, limits)
    page = render_drift(REFERENCE, month, drift, limits)
    shown = set(re.findall(r"(?:feature|prediction)\.[a-z_0-9]+", page))
    assert shown == {"prediction.late_15", "feature.carrier", "feature.moody"}
    distances = drift.set_index("column")["distance"]
    for column in shown:
        assert f'"drift_score": {round(distances[column], 6)}' in page
    assert len(page) < 6_000_000
    assert not re.search("<(script|link)[^>]*(src|href)=", page)  # it needs no network
