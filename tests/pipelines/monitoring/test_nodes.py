"""A month is looked back on from what the champion said, and from outcomes that are known."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from sklearn.metrics import log_loss

from flight_delays.errors import DataError
from flight_delays.parameters import (
    EvaluationParameters,
    InferenceParameters,
    MonitoringParameters,
    RetrainingParameters,
)
from flight_delays.pipelines.monitoring.nodes import (
    compare_with_expectations,
    look_back,
    score_period,
    summarise_period,
)
from flight_delays.registry.versions import Contender, Version
from flight_delays.schemas.monitoring import validate_summaries
from tables import EVALUATION, make_target, read_parameters

VERSION = Version(7, "run 7", {"fitted_to": "2013-09-28"}, "")
CHAMPION: Any = Contender(VERSION, None, {})  # type: ignore[arg-type]
INFERENCE = InferenceParameters(as_of=None, horizon_minutes=480, checkpoints_minutes=[30, 120])
RULE = RetrainingParameters(windows=3, exceeded_windows=2, confidence_level=0.95, max_age_days=90)

# On the last four days of September and the first four of October and November, two flights a day:
# the first is an hour late, the second punctual.
DAYS = [
    *pd.date_range("2013-09-27", "2013-09-30"),
    *pd.date_range("2013-10-01", periods=4),
    *pd.date_range("2013-11-01", periods=4),
]
PRM_FLIGHTS = pd.DataFrame(
    {
        "flight_id": [f"{day:%m%d}{letter}" for day in DAYS for letter in "ab"],
        "flight_date": np.repeat(DAYS, 2),
        "scheduled_departure_local": np.repeat(DAYS, 2) + pd.Timedelta(hours=6),
        "aircraft_model": "A320",
        "arrival_delay_minutes": [60.0, 0.0] * len(DAYS),
    }
)
SAID = PRM_FLIGHTS[["flight_id"]].assign(
    prediction_time=np.repeat(DAYS, 2) + pd.Timedelta(hours=4),
    origin="EWR",
    carrier="UA",
    lead_minutes=120,
    late_15=[0.8, 0.2] * len(DAYS),
    late_60=[0.6, 0.1] * len(DAYS),
    late_90=np.nan,
    version=7,
)


def look(
    log: pd.DataFrame = SAID,
    facts: pd.DataFrame = PRM_FLIGHTS,
    period: str | None = None,
    evaluation: EvaluationParameters = EVALUATION,
) -> tuple[pd.DataFrame, str, Version]:
    monitoring = MonitoringParameters(**read_parameters("monitoring") | {"period": period})
    return look_back(log, facts, CHAMPION, monitoring, INFERENCE, evaluation)


def summarise(facts: pd.DataFrame = PRM_FLIGHTS, **asked: Any) -> dict[str, Any]:
    said, period, version = look(facts=facts, **asked)
    scores, slices, days = score_period(said, period, facts, EVALUATION, make_target(15))
    months = compare_with_expectations(said, EVALUATION, RULE)
    parts = (scores, slices, days, months)
    summaries, plots, tracked = summarise_period(said, period, version, *parts, EVALUATION, RULE)
    (name,) = summaries
    assert name == f"{period}/monitoring_summary"
    assert list(plots) == [f"{period}/months"]
    step = int(period.replace("-", ""))
    assert tracked["retrain"] == {"value": summaries[name]["retrain"], "step": step}
    return validate_summaries(summaries)[name]


def test_the_newest_month_is_looked_back_on_with_those_before() -> None:
    said, period, version = look()
    assert (period, version) == ("2013-11", VERSION)
    assert "late_90" not in said  # other versions answer it
    assert list(said["month"].unique()) == ["2013-09", "2013-10", "2013-11"]


def test_months_after_the_one_asked_for_do_not_count() -> None:
    said, period, _ = look(period="2013-10")
    assert period == "2013-10"
    assert said["month"].max() == "2013-10"


def test_flights_that_the_champion_was_fitted_on_do_not_count() -> None:
    said, _, _ = look()
    assert said["flight_date"].min() == pd.Timestamp("2013-09-29")


def test_only_what_the_champion_said_at_a_checkpoint_counts() -> None:
    others = pd.concat([SAID.assign(version=6), SAID.assign(lead_minutes=77)])
    said, _, _ = look(pd.concat([SAID, others], ignore_index=True))
    pd.testing.assert_frame_equal(said, look()[0])


def test_a_month_that_the_champion_was_fitted_on_is_refused() -> None:
    with pytest.raises(DataError, match=r"period is 2013-08, and version 7.*fitted on.*2013-09-28"):
        look(period="2013-08")


@pytest.mark.parametrize("period", ["2013-12", None])
def test_a_month_of_which_the_log_has_nothing_is_refused(period: str | None) -> None:
    log = SAID if period else SAID.assign(version=6)
    with pytest.raises(DataError, match="nothing that version 7"):
        look(log, period=period)


def test_a_month_without_outcomes_is_refused() -> None:
    late = PRM_FLIGHTS["arrival_delay_minutes"].mask(PRM_FLIGHTS["flight_date"] > "2013-11-01")
    facts = PRM_FLIGHTS.assign(arrival_delay_minutes=late)
    with pytest.raises(DataError, match=r"Of 2013-11 .* outcomes of 1 days.*takes 2"):
        look(facts=facts)


def test_predictions_of_unknown_flights_are_told(caplog: pytest.LogCaptureFixture) -> None:
    look(facts=PRM_FLIGHTS.iloc[1:])
    assert "1 predictions are of flights that prm_flights does not know" in caplog.text


def test_the_month_is_scored_alone_and_by_threshold() -> None:
    worse = SAID.assign(late_15=SAID["late_15"].where(SAID["flight_id"] >= "1100", 0.5))
    late = PRM_FLIGHTS["arrival_delay_minutes"].mask(PRM_FLIGHTS["flight_id"] == "1104a", 15)
    facts = PRM_FLIGHTS.assign(arrival_delay_minutes=late)
    said, period, _ = look(worse, facts)
    scores, slices, days = score_period(said, period, facts, EVALUATION, make_target(15))
    values = scores.set_index(["threshold_minutes", "metric"])["value"]
    assert values[15, "log_loss"] == pytest.approx(-np.log(0.8))
    expected = log_loss([True, False] * 3 + [False] * 2, [0.6, 0.1] * 4)
    assert values[60, "log_loss"] == pytest.approx(expected)
    assert set(scores["lead_minutes"]) == {120}
    assert dict(slices.query("slice == 'origin'").set_index("threshold_minutes")["flights"]) == {
        15: 8,
        60: 8,
    }
    assert list(days["flights"]) == [2] * 4
    assert list(days["log_loss"]) == pytest.approx([-np.log(0.8)] * 4)


def test_the_summary_holds_the_month_and_those_before() -> None:
    summary = summarise()
    assert (summary["questions"], summary["open_share"]) == (8, 0)
    assert [month["month"] for month in summary["months"]] == ["2013-09", "2013-10", "2013-11"]
    assert summary["age_days"] == 37  # from 28 September to 4 November
    assert not summary["retrain"]


def test_outcomes_that_are_open_are_told_and_not_scored() -> None:
    late = PRM_FLIGHTS["arrival_delay_minutes"].mask(PRM_FLIGHTS["flight_id"] == "1104a")
    summary = summarise(PRM_FLIGHTS.assign(arrival_delay_minutes=late))
    assert (summary["questions"], summary["open_share"]) == (8, 1 / 8)
    assert summary["months"][-1]["flights"] == 7


def test_a_champion_that_is_surely_worse_than_it_thinks_is_to_be_retrained() -> None:
    wrong = SAID.assign(late_15=[0.2, 0.9] * len(DAYS))
    summary = summarise(log=wrong)
    assert summary["retrain"]
    assert summary["reason"].startswith("the loss surely exceeds what was expected in 3 of the")


def test_a_metric_that_cannot_be_had_is_none() -> None:
    facts = PRM_FLIGHTS.assign(arrival_delay_minutes=60.0)
    scores = {score["metric"]: score["value"] for score in summarise(facts)["scores"]}
    assert scores["roc_auc"] is None


def test_a_summary_with_bounds_out_of_order_is_refused() -> None:
    summary = summarise()
    summary["months"][0]["lower"] = 1
    with pytest.raises(ValidationError, match="not between its bounds"):
        validate_summaries({"2013-11/monitoring_summary": summary})
