"""What came in of a month is held against what is usual and against the champion's reference."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.pipelines.monitoring import inputs
from flight_delays.pipelines.monitoring.inputs import (
    list_findings,
    measure_distances,
    measure_inputs,
)
from flight_delays.registry.versions import Reference, Version
from flight_delays.schemas.monitoring_tables import (
    validate_drift,
    validate_findings,
    validate_quality,
)
from monitoring.quality.ordinary import FLIGHTS, IN_MONTH, PARAMETERS, PERIOD, WEATHER
from tables import EVALUATION

VERSION = Version(7, "run 7", {"fitted_to": "2013-02-28"}, "")
EVENING = FLIGHTS["scheduled_departure_local"].dt.hour >= 13
# The evening flights, of which few are late, were thought to be late.
LATE = FLIGHTS["arrival_delay_minutes"].fillna(0) >= 15
SAID = pd.DataFrame(
    {
        "flight_id": FLIGHTS["flight_id"],
        "prediction_time": FLIGHTS["scheduled_departure"] - pd.Timedelta(hours=2),
        "origin": FLIGHTS["origin"],
        "carrier": FLIGHTS["carrier"],
        "lead_minutes": 120,
        "late_15": np.where(LATE, 0.6, 0.3),
        "flight_date": FLIGHTS["flight_date"],
        "arrival_delay_minutes": FLIGHTS["arrival_delay_minutes"],
        "month": FLIGHTS["flight_date"].dt.strftime("%Y-%m"),
    }
)
LOG = SAID.drop(columns=["flight_date", "arrival_delay_minutes", "month"]).assign(
    version=7, wind=np.where(IN_MONTH, 10.0, 0.0)
)
# The version has learnt from the flights of February, with winds of 0 and 2.
ROWS = pd.DataFrame(
    {
        "flight_date": SAID["flight_date"][~IN_MONTH],
        "prediction.late_15": SAID["late_15"][~IN_MONTH],
        "feature.wind": np.where(EVENING, 2.0, 0.0)[~IN_MONTH],
        "feature.carrier": SAID["carrier"][~IN_MONTH],
    }
)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[pd.DataFrame]:
    """The tables of which a page was asked for; to draw it takes seconds."""
    asked: list[pd.DataFrame] = []

    def render(reference: Any, month: pd.DataFrame, *others: Any) -> str:
        asked.append(month)
        return "<html>"

    monkeypatch.setattr(inputs, "render_drift", render)
    return asked


def measure(
    log: pd.DataFrame = LOG, reference: Reference | None = None
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], dict[str, str]]:
    reference = reference or Reference(7, ROWS)
    return measure_distances(log, SAID, PERIOD, VERSION, reference, PARAMETERS)


def test_a_month_is_measured_against_what_is_usual() -> None:
    said = SAID.copy()
    noon = said["flight_date"] == pd.Timestamp("2013-03-20")
    said.loc[noon, "late_15"] = 1 - said["late_15"]  # that day all was the other way round
    quality, kept = measure_inputs(said, PERIOD, FLIGHTS, WEATHER, PARAMETERS, EVALUATION)
    assert list(kept) == ["2013-03/quality"]
    pd.testing.assert_frame_equal(validate_quality(kept)["2013-03/quality"], quality)
    assert set(quality["check"]) == {
        *("missing", "unit", "volume", "never seen", "gone", "shift", "open", "flipped"),
        *("missing hours", "stuck"),
    }
    assert list(quality["check"][quality["found"]]) == ["flipped"]


def test_what_the_champion_was_told_is_held_against_its_reference(
    pages: list[pd.DataFrame],
) -> None:
    other = LOG.assign(version=6, wind=0.0)  # another version was told other things
    findings, drift, page = measure(pd.concat([LOG, other], ignore_index=True))
    assert list(findings["subject"]) == ["feature.wind"]
    assert findings["kind"].iloc[0] == "drift"
    assert findings["size"].iloc[0] == pytest.approx(9, rel=0.02)
    table = validate_drift(drift)["2013-03/drift"]
    assert list(table["column"][table["drifted"]]) == ["feature.wind"]
    assert page == {"2013-03/drift": "<html>"}
    (month,) = pages
    assert month["flight_date"].min() == pd.Timestamp("2013-03-01")
    assert len(month) == IN_MONTH.sum()
    assert list(month) == list(ROWS)


def test_a_feature_that_went_missing_is_a_broken_input(pages: list[pd.DataFrame]) -> None:
    findings, _, _ = measure(LOG.assign(wind=np.nan))
    assert list(findings["kind"]) == ["broken_input"]
    assert "100 % of feature.wind are missing in 2013-03" in findings["message"].iloc[0]


def test_so_many_questions_are_drawn(
    pages: list[pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    drift = PARAMETERS.drift.model_copy(update={"sample_rows": 300})
    few = PARAMETERS.model_copy(update={"drift": drift})
    measure_distances(LOG, SAID, PERIOD, VERSION, Reference(7, ROWS), few)
    assert len(pages[0]) == 300


def test_a_version_without_a_reference_is_told_and_has_no_drift(
    pages: list[pd.DataFrame], caplog: pytest.LogCaptureFixture
) -> None:
    findings, drift, page = measure(reference=Reference(7, pd.DataFrame()))
    assert findings.empty
    assert (drift, page, pages) == ({}, {}, [])
    assert "Version 7 has no reference" in caplog.text


def test_a_champion_that_has_changed_meanwhile_is_not_mixed_up() -> None:
    with pytest.raises(DataError, match=r"Version 8 .* in place of version 7 .*run it again"):
        measure(reference=Reference(8, ROWS))


def test_findings_are_put_together_and_told(caplog: pytest.LogCaptureFixture) -> None:
    quality, _ = measure_inputs(SAID, PERIOD, FLIGHTS, WEATHER, PARAMETERS, EVALUATION)
    nothing = list_findings(quality, quality.iloc[:0, :0], PERIOD)
    assert validate_findings(nothing)["2013-03/findings"].empty
    row = {"kind": "drift", "subject": "feature.wind", "size": 9.0, "expected": 1.0}
    drifted = pd.DataFrame([row | {"message": "Wind is far away."}])
    broken = quality.assign(found=quality.index == 0)
    findings = validate_findings(list_findings(broken, drifted, PERIOD))["2013-03/findings"]
    assert list(findings["kind"]) == ["broken_input", "drift"]
    assert "drift in 2013-03: Wind is far away." in caplog.text
