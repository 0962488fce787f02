"""The evaluation scores the right flights by the right names."""

import json
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
import yaml
from kedro.io import DataCatalog

from figures import is_drawn
from flight_delays.errors import DataError
from flight_delays.evaluation.answers import ANSWER
from flight_delays.evaluation.metrics import METRICS
from flight_delays.parameters import FeatureEngineeringParameters
from flight_delays.parameters.modelling import Costs
from flight_delays.pipelines.evaluation import create_pipeline
from flight_delays.pipelines.evaluation.nodes import (
    evaluate_models,
    prepare_test,
    summarise_metrics,
)
from flight_delays.registry.feature_definition import define_features
from flight_delays.registry.versions import Version
from flight_delays.schemas import reporting
from tables import (
    CONF,
    EVALUATION,
    make_int_weather,
    make_prm_flights,
    make_target,
    read_parameters,
)

DEPARTURE = pd.Timestamp("2013-12-01T00:30Z")
# Two hours before departure.
HEADLINE = pd.DataFrame(
    {
        "flight_id": ["a", "b", "c", "d"],
        "prediction_time": DEPARTURE - pd.Timedelta(minutes=120),
        "flight_date": pd.to_datetime(["2013-11-30", "2013-11-30", "2013-12-01", "2013-12-01"]),
        "scheduled_departure": DEPARTURE,
        "origin": ["EWR", "EWR", "JFK", "JFK"],
        "carrier": ["NA", "9E", "NA", "9E"],
        "arrival_delay_minutes": [90.0, 0.0, 15.0, 14.0],
        "is_late": [True, False, True, False],
        "lead_minutes": 120,
        "threshold_minutes": 15,
        "late_probability": [0.8, 0.6, 0.4, 0.2],
    }
)
# Half an hour before, b has left, and the model knows all about the others.
LAST_MINUTE = HEADLINE[HEADLINE["flight_id"] != "b"].assign(
    prediction_time=DEPARTURE - pd.Timedelta(minutes=30),
    lead_minutes=30,
    late_probability=[0.9, 0.9, 0.1],
)
TEST_PREDICTIONS = pd.concat([HEADLINE, LAST_MINUTE]).sort_values("flight_id", ignore_index=True)
# Of an hour the model knows nothing, and only a was so late.
HOUR_LATE = TEST_PREDICTIONS.assign(
    threshold_minutes=60,
    is_late=TEST_PREDICTIONS["flight_id"] == "a",
    late_probability=0.3,
)
ANSWERS = pd.concat([TEST_PREDICTIONS, HOUR_LATE], ignore_index=True)
# In another order; without the aircraft, all is known early and all is wrong late.
REFERENCE_PREDICTIONS = pd.DataFrame(
    {
        "flight_id": ["d", "c", "b", "a", "d", "c", "a"],
        "prediction_time": [*HEADLINE["prediction_time"], *LAST_MINUTE["prediction_time"]],
        "threshold_minutes": 15,
        "base_rate": [0.5] * 7,
        "without_aircraft": [0.2, 0.9, 0.1, 0.9, 0.9, 0.1, 0.1],
    }
)
REFERENCES = pd.concat(
    [
        REFERENCE_PREDICTIONS.assign(threshold_minutes=60, base_rate=0.2, without_aircraft=np.nan),
        REFERENCE_PREDICTIONS,
    ]
)


# Of an hour late, a miss costs one false alarm: alerts from a probability of 1/2 on.
JUDGED = EVALUATION.model_copy(
    update={"costs_by_threshold": {60: Costs(miss_cost=1, false_alarm_cost=1)}}
)


@pytest.fixture(scope="module")
def judged() -> pd.DataFrame:
    judged = evaluate_models(ANSWERS, REFERENCES, JUDGED)
    reporting.ModelComparison.validate(judged)
    return judged


@pytest.fixture(scope="module")
def comparison(judged: pd.DataFrame) -> pd.DataFrame:
    return judged[judged["threshold_minutes"] == 15]


def test_the_model_is_compared_first_then_the_references(comparison: pd.DataFrame) -> None:
    reporting.ModelComparison.validate(comparison)
    pairs = comparison[["lead_minutes", "model"]].drop_duplicates()
    models = ["model", "base_rate", "without_aircraft"]
    assert pairs.to_numpy().tolist() == [[lead, name] for lead in (30, 120) for name in models]
    metrics = comparison.groupby(["lead_minutes", "model"])["metric"].agg(set)
    assert (metrics == set(METRICS)).all()


def test_a_later_threshold_is_scored_by_its_own_outcomes_costs_and_references(
    judged: pd.DataFrame,
) -> None:
    hour_late = judged[judged["threshold_minutes"] == 60]
    assert list(hour_late["model"].unique()) == ["model", "base_rate"]  # who answers it
    values = hour_late.set_index(["lead_minutes", "model", "metric"])["value"]
    assert values[120, "model", "log_loss"] == pytest.approx(-np.log(0.3 * 0.7**3) / 4)
    assert values[30, "model", "log_loss"] == pytest.approx(-np.log(0.3 * 0.7**2) / 3)
    assert values[120, "base_rate", "log_loss"] == pytest.approx(-np.log(0.2 * 0.8**3) / 4)
    # .3 is above 1/4, from which the first threshold alerts, and below 1/2.
    assert values[120, "model", "cost_per_flight"] == 1 / 4
    dear = evaluate_models(ANSWERS, REFERENCES, EVALUATION)
    dear = dear.set_index(["threshold_minutes", "lead_minutes", "model", "metric"])["value"]
    assert dear[60, 120, "model", "cost_per_flight"] == 3 / 4


def test_predictions_meet_by_question_and_not_by_place(comparison: pd.DataFrame) -> None:
    values = comparison.set_index(["lead_minutes", "model", "metric"])["value"]
    assert values[:, "model", "roc_auc"].to_dict() == {30: 1, 120: 0.75}
    assert values[:, "base_rate", "roc_auc"].to_dict() == {30: 0.5, 120: 0.5}
    assert values[:, "without_aircraft", "roc_auc"].to_dict() == {30: 0, 120: 1}


def test_the_model_is_compared_with_each_reference_on_the_same_days(
    comparison: pd.DataFrame,
) -> None:
    log_losses = comparison[comparison["metric"] == "log_loss"].set_index(["lead_minutes", "model"])
    differences = log_losses[["difference", "difference_lower", "difference_upper"]]
    assert differences.xs("model", level="model").isna().all(axis=None)
    # Half an hour before, the model gives .9 to what happens, the others .5 and .1 every time.
    assert differences.loc[(30, "base_rate")].tolist() == pytest.approx([-np.log(0.9 / 0.5)] * 3)
    assert differences.loc[(30, "without_aircraft")].tolist() == pytest.approx([-np.log(9)] * 3)
    # Two hours before, the means of the two days are these; Student's t for 90 % is 6.3138.
    first, second = np.log(0.81 / 0.32) / 2, np.log(0.72 / 0.32) / 2
    mean, margin = (first + second) / 2, 6.3138 * (first - second) / 2
    assert differences.loc[(120, "without_aircraft")].tolist() == pytest.approx(
        [mean, mean - margin, mean + margin], rel=1e-4
    )


def test_a_lead_is_scored_as_if_it_were_the_only_one(comparison: pd.DataFrame) -> None:
    selected = TEST_PREDICTIONS[TEST_PREDICTIONS["lead_minutes"] == 120]  # with gaps in the index
    alone = evaluate_models(selected, REFERENCE_PREDICTIONS, EVALUATION)
    together = comparison[comparison["lead_minutes"] == 120].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, together)


def test_the_model_alone_is_scored_without_references() -> None:
    alone = evaluate_models(TEST_PREDICTIONS, REFERENCE_PREDICTIONS[ANSWER], EVALUATION)
    assert set(alone["model"]) == {"model"}


@pytest.mark.parametrize("outcome", [True, False])
def test_test_months_of_one_outcome_are_refused(outcome: bool) -> None:
    predictions = TEST_PREDICTIONS.copy()
    predictions.loc[predictions["lead_minutes"] == 120, "is_late"] = outcome
    message = (
        "Table test has no flight 15 minutes late, or .* 120 minutes before departure, so "
        "nothing can be scored: lengthen the test period in the parameters.$"
    )
    with pytest.raises(DataError, match=message):
        evaluate_models(predictions, REFERENCE_PREDICTIONS, EVALUATION)


def test_predictions_of_another_run_are_refused() -> None:
    with pytest.raises(DataError, match="reference_predictions lacks 1 rows"):
        evaluate_models(TEST_PREDICTIONS, REFERENCE_PREDICTIONS.head(6), EVALUATION)


def test_metrics_are_summarised_by_plain_names() -> None:
    comparison = pd.DataFrame(
        [
            (30, "model", "roc_auc", 0.85, 0.75, 0.95),
            (30, "base_rate", "roc_auc", 0.55, 0.45, 0.65),
            (120, "model", "roc_auc", 0.8, 0.7, 0.9),
            (120, "base_rate", "roc_auc", 0.5, 0.4, 0.6),
        ],
        columns=["lead_minutes", "model", "metric", "value", "lower", "upper"],
    ).assign(threshold_minutes=15)
    numbers = ["value", "lower", "upper"]
    hour_late = comparison.assign(threshold_minutes=60, **(comparison[numbers] / 2))
    comparison = pd.concat([comparison, hour_late])
    metrics, tracked = summarise_metrics(comparison, EVALUATION)
    assert metrics == {
        "roc_auc": 0.8,
        "roc_auc_lower": 0.7,
        "roc_auc_upper": 0.9,
        "roc_auc_at_30": 0.85,
        "roc_auc_at_120": 0.8,
        "roc_auc_late_60": 0.4,
        "roc_auc_late_60_lower": 0.35,
        "roc_auc_late_60_upper": 0.45,
        "roc_auc_late_60_at_30": 0.425,
        "roc_auc_late_60_at_120": 0.4,
    }
    assert json.loads(json.dumps(metrics)) == metrics
    references = {"base_rate.roc_auc": 0.5, "base_rate.roc_auc_late_60": 0.25}
    assert tracked == {
        name: {"value": value, "step": 0} for name, value in {**metrics, **references}.items()
    }


def test_every_figure_goes_to_its_file_with_every_model_at_the_headline_lead(
    tmp_path: Path,
) -> None:
    (node,) = (each for each in create_pipeline().nodes if each.name == "plot_performance")
    figures = node.run(
        {
            "test_predictions": ANSWERS,
            "reference_predictions": REFERENCES,
            "params:evaluation": EVALUATION,
        }
    )
    entries = yaml.safe_load((CONF / "catalog_08_reporting.yml").read_text())
    shown = {}
    for entry, figure in figures.items():
        file = tmp_path / Path(entries[entry]["dataset"]["filepath"]).name
        entries[entry]["dataset"]["filepath"] = str(file)
        dataset = DataCatalog.from_config({entry: entries[entry]})[entry]
        dataset._logging_activated = False  # as kedro-mlflow does where tracking is switched off
        dataset.save(figure)
        assert is_drawn(file)
        shown[file.name] = figure.axes[0].get_ylabel().partition(" (")[0]
        legend = figure.axes[0].get_legend()
        names = [text.get_text().partition(" (")[0] for text in legend.get_texts()]
        assert names[:3] == ["Model", "Base rate", "Without aircraft"]
    assert figures["roc_plot"].axes[0].lines[0].get_label() == "Model (AUC 0.750)"
    assert shown == {
        "roc.png": "Late flights alerted",
        "precision_recall.png": "Alerts that are right",
        "reliability.png": "Flights that were late",
        "cost.png": "Cost per flight",
    }


class TestPrepareTest:
    flights = make_prm_flights({"sched_dep_time": 730}, {"sched_dep_time": 900})
    weather = make_int_weather({}, {})
    late = make_target(15)
    parameters = FeatureEngineeringParameters(**read_parameters("feature_engineering"))
    groups: ClassVar[dict[Any, list[str]]] = {"schedule": ["carrier"], "backlog": ["backlog"]}
    test = flights[["flight_id", "flight_date", "carrier", "is_late"]].assign(
        prediction_time=flights["scheduled_departure"] - pd.Timedelta(minutes=60), backlog=1.0
    )

    def prepare(self, fitted_to: str = "2012-12-31", **changes: Any) -> tuple[pd.DataFrame, Any]:
        own, made = (
            define_features(self.parameters.model_copy(update=update), self.late)
            for update in (changes, {})
        )
        return prepare_test(
            Version(3, "run", {"fitted_to": fitted_to}, ""),
            {"feature_definition": own.model_dump(mode="json")},
            self.test,
            self.groups,
            made.model_dump(mode="json"),
            self.flights,
            self.weather,
            self.late,
        )

    def test_the_table_serves_where_it_has_the_features_of_the_candidate(self) -> None:
        table, groups = self.prepare()
        assert table is self.test
        assert groups is self.groups

    def test_a_candidate_of_other_windows_is_asked_by_its_own_features(self) -> None:
        table, groups = self.prepare(traffic={"origin": {"departures_late_share": [45]}})
        assert groups["traffic"] == ["origin_departures_late_share_45m"]
        assert "backlog" not in table
        assert table["flight_id"].tolist() == self.test["flight_id"].tolist()
        assert table["is_late"].tolist() == self.test["is_late"].tolist()

    @pytest.mark.parametrize("fitted_to", ["2013-01-01", "2013-02-01"])
    def test_flights_that_the_candidate_was_fitted_on_are_no_test(self, fitted_to: str) -> None:
        message = (
            f"fitted on flights to {fitted_to}, and table test begins on 2013-01-01: on flights "
            "that a model has seen, its scores are too good. Train on the new splits by `kedro run "
            "--pipeline=training` first.$"
        )
        with pytest.raises(DataError, match=message):
            self.prepare(fitted_to)

    def test_a_candidate_that_says_nothing_of_its_features_is_refused(self) -> None:
        with pytest.raises(DataError, match="Version 3 does not say what its features mean"):
            prepare_test(
                Version(3, "run", {"fitted_to": "2012-12-31"}, ""),
                {},
                self.test,
                self.groups,
                {},
                self.flights,
                self.weather,
                self.late,
            )
