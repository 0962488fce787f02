"""What an evaluation writes on the version: its scores, and whether it may be challenger."""

import logging
from dataclasses import replace

import pandas as pd
import pytest

from flight_delays.registry.evaluation import record_evaluation
from flight_delays.registry.versions import CHALLENGER, SECTION_BREAK, Version, VersionChange
from tables import EVALUATION

VERSION = Version(4, "run", {"fitted_to": "2013-10-31"}, "Not evaluated yet.")
PREDICTIONS = pd.DataFrame(
    {
        "flight_date": pd.to_datetime(["2013-12-31"] + 1199 * ["2013-11-01"] + ["2014-01-01"]),
        "lead_minutes": 1200 * [120] + [30],
        "threshold_minutes": 15,
    }
)
HEADLINE = pd.DataFrame(
    [
        ("model", "roc_auc", 0.8, 0.75, 0.85),
        ("model", "log_loss", 0.4123456789, 0.4, 0.45),
        ("base_rate", "roc_auc", 0.5, 0.5, 0.5),
        ("base_rate", "log_loss", 0.52, 0.5, 0.55),
        ("without_aircraft", "roc_auc", 0.7, 0.65, 0.75),
        ("without_aircraft", "log_loss", 0.48, 0.45, 0.5),
    ],
    columns=["model", "metric", "value", "lower", "upper"],
).assign(lead_minutes=120, threshold_minutes=15)
HOUR_LATE = HEADLINE[HEADLINE["model"] != "without_aircraft"].assign(threshold_minutes=60)
COMPARISON = pd.concat(
    [HEADLINE.assign(lead_minutes=30, value=0.9), HEADLINE, HOUR_LATE.assign(value=0.25)]
)


def record(candidate: Version = VERSION, **passed: bool) -> VersionChange:
    """What is written on the version, if there are gates of these names."""
    gates = pd.DataFrame(
        {"gate": [*passed], "value": 0.1, "bound": 0.03, "passed": passed.values()}
    )
    hour_late = PREDICTIONS.assign(threshold_minutes=60)
    predictions = pd.concat([PREDICTIONS, hour_late])
    change = record_evaluation(candidate, predictions, COMPARISON, gates, EVALUATION)
    (version,) = change.versions
    assert version.number == 4
    assert change.champion_was is None
    return version


def test_a_version_that_passes_the_gates_is_challenger() -> None:
    version = record(calibration=True, slices=True)
    assert (version.alias, version.lost_alias) == (CHALLENGER, None)
    # In this order: what has the tag gates has the other one too, whenever the process was killed.
    assert [*version.tags.items()] == [("judged_thresholds", "15 60"), ("gates", "passed")]
    judged = replace(VERSION, tags=version.tags).judged_thresholds
    assert (judged, VERSION.judged_thresholds) == ([15, 60], [])
    assert version.metrics == {
        "roc_auc": 0.8,
        "log_loss": 0.4123456789,
        "roc_auc_late_60": 0.25,
        "log_loss_late_60": 0.25,
    }


def test_a_version_that_fails_a_gate_is_told_why_and_is_no_challenger(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, logger="flight_delays.registry.evaluation"):
        version = record(calibration=False, slices=True)
    reason = "calibration is 0.1000, the bound 0.0300"
    assert (version.alias, version.lost_alias) == (None, CHALLENGER)
    assert version.tags["gates"] == f"failed: {reason}"
    assert version.metrics["roc_auc"] == 0.8
    assert version.description is not None
    assert version.description.endswith(f"Absolute gates: {reason}.")
    assert caplog.messages == [f"Version 4 is refused: {reason}"]


def test_the_description_has_every_metric_with_bounds_and_beside_the_references() -> None:
    assert record(calibration=True).description == (
        "Fitted on flights to 2013-10-31, evaluated on 1,200 from 2013-11-01 to 2013-12-31, "
        "120 minutes before departure:\n"
        "\n"
        "15 minutes late or more\n"
        "\n"
        "- ROC AUC **0.800** (0.750 to 0.850); base rate 0.500, without aircraft 0.700\n"
        "- log loss **0.412** (0.400 to 0.450); base rate 0.520, without aircraft 0.480\n"
        "\n"
        "60 minutes late or more\n"
        "\n"
        "- ROC AUC **0.250** (0.750 to 0.850); base rate 0.250\n"
        "- log loss **0.250** (0.400 to 0.450); base rate 0.250\n"
        "\n"
        "Absolute gates: passed."
    )


def test_what_happened_to_the_version_stays_in_its_description() -> None:
    promoted = replace(VERSION, description=f"Scores{SECTION_BREAK}Promoted: it is better.")
    change = record(promoted, calibration=True)
    assert str(change.description).startswith("Fitted on flights to 2013-10-31")
    assert str(change.description).endswith(f"passed.{SECTION_BREAK}Promoted: it is better.")
