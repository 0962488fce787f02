"""What a user meets after the first `kedro run`."""

import json
import subprocess

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.entities import Run

from figures import is_drawn
from projects import Project

LEADS = [30, 120, 480]
METRICS = [
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier_score",
    "expected_calibration_error",
    "cost_per_flight",
]


@pytest.fixture(scope="module")
def run(sample: Project) -> Run:
    """The one MLflow run of the first `kedro run`."""
    client = mlflow.MlflowClient(f"sqlite:///{sample.path}/mlflow.db")
    experiment = client.get_experiment_by_name("flight-delays")
    (run,) = client.search_runs([experiment.experiment_id], "tags.mlflow.runName = 'full'")
    return run


def test_it_ends_well_and_reads_well(
    first_run: tuple[Project, subprocess.CompletedProcess[str]],
) -> None:
    _, done = first_run
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    assert "WARNING" not in done.stdout
    assert "[38/38]" in done.stdout
    *_, metrics_line, run_line = done.stdout.strip().splitlines()
    assert metrics_line == "Metrics and plots: data/08_reporting"
    assert run_line.startswith("MLflow run: full")
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_the_report_is_whole(sample: Project) -> None:
    report = sample.path / "data/08_reporting"
    metrics = json.loads((report / "test_metrics.json").read_text())
    for metric in METRICS:
        assert metrics[f"{metric}_lower"] <= metrics[metric] <= metrics[f"{metric}_upper"], metric
        assert metrics[f"{metric}_at_120"] == metrics[metric]
        assert {f"{metric}_at_{lead}" for lead in LEADS} <= metrics.keys()
        assert {f"{metric}_late_60_at_{lead}" for lead in LEADS} <= metrics.keys()
        assert metrics[f"{metric}_late_60_at_120"] == metrics[f"{metric}_late_60"]
    assert {plot.stem: is_drawn(plot) for plot in (report / "plots").glob("*.png")} == {
        "roc": True,
        "precision_recall": True,
        "reliability": True,
        "cost": True,
        "leads": True,
        "importance": True,
    }
    card = (report / "model_card.md").read_text()
    assert f"log loss | {metrics['log_loss']:.3f}".replace(" 0.", " .") in card
    assert "registered model: flight-delays, version: 1" in card.lower()
    slices = pd.read_csv(report / "slice_metrics.csv")
    assert set(slices["slice"]) == {
        "origin",
        "carrier",
        "month",
        "hour",
        "aircraft",
        "lead",
    }
    assert {"known", "unknown"} <= set(slices["value"])
    gates = pd.read_csv(report / "absolute_gates.csv")
    assert gates["gate"].iloc[-1].startswith("log loss surely lost to ")


def test_the_model_beats_its_baselines_and_needs_its_aircraft(sample: Project) -> None:
    comparison = pd.read_csv(sample.path / "data/08_reporting/model_comparison.csv")
    assert list(comparison["lead_minutes"].unique()) == LEADS
    assert list(comparison["threshold_minutes"].unique()) == [15, 60]
    at_lead = comparison[comparison["lead_minutes"] == 120]
    headline = at_lead[at_lead["threshold_minutes"] == 15]
    hour_late = at_lead[(at_lead["threshold_minutes"] == 60) & (at_lead["metric"] == "log_loss")]
    losses = hour_late.set_index("model")["value"]
    assert losses.idxmin() == "model"
    assert set(losses.index) == {"model", "base_rate", "schedule_logistic_regression"}
    scores = headline.pivot(index="model", columns="metric", values="value")
    model = scores.loc["model"]
    assert set(scores.index) == {
        "model",
        "base_rate",
        "schedule_logistic_regression",
        "without_aircraft",
    }
    others = scores.drop("model")
    assert (others["log_loss"] > model["log_loss"]).all()
    log_losses = headline[headline["metric"] == "log_loss"].set_index("model")
    assert (log_losses.loc[others.index, "difference"] < 0).all()
    assert (log_losses.loc[["base_rate"], "difference_upper"] < 0).all()
    assert (others["roc_auc"] < model["roc_auc"]).all()
    assert (others["cost_per_flight"] > model["cost_per_flight"]).all()


def test_the_longer_ahead_the_less_is_known(sample: Project) -> None:
    metrics = json.loads((sample.path / "data/08_reporting/test_metrics.json").read_text())
    assert metrics["roc_auc_at_30"] > metrics["roc_auc_at_480"]
    assert metrics["log_loss_at_30"] < metrics["log_loss_at_480"]


def test_the_log_has_what_was_said_of_each_test_flight(sample: Project) -> None:
    """At each lead once, with decisions and features."""
    output = sample.path / "data/07_model_output"
    question = ["flight_id", "prediction_time"]
    said = pd.read_parquet(output / "test_predictions.parquet")
    logged = pd.concat(map(pd.read_parquet, (output / "prediction_log").glob("*.parquet")))
    asked = said[said["threshold_minutes"] == 15]
    assert len(logged) == len(asked)
    for minutes in (15, 60):
        both = said[said["threshold_minutes"] == minutes].merge(logged, on=question)
        assert len(both) == len(asked)
        assert (both["late_probability"] == both[f"late_{minutes}"]).all()
        assert both[f"alert_{minutes}"].any()
    assert (logged["version"] == 1).all()
    test = pd.read_parquet(sample.path / "data/05_model_input/test.parquet")
    own = logged.columns.drop([*question, "lead_minutes"]).intersection(test.columns)
    pd.testing.assert_frame_equal(
        logged.set_index(question).sort_index()[own], test.set_index(question).sort_index()[own]
    )
    assert {"origin_waiting", "aircraft_model"} <= {*own}


def test_mlflow_knows_parameters_metrics_and_provenance(run: Run) -> None:
    assert run.info.status == "FINISHED"
    assert run.data.params["training.classifier.learning_rate"] == "0.2"
    assert run.data.params["feature_engineering.traffic.origin.delay_accrued"] == "[60]"
    assert run.data.params["evaluation.miss_cost"] == "5.0"
    assert run.data.params["evaluation.costs_by_threshold.60.miss_cost"] == "10.0"
    assert set(METRICS) <= set(run.data.metrics)
    assert {"roc_auc_late_60", "base_rate.log_loss_late_60"} <= set(run.data.metrics)
    assert "without_aircraft.roc_auc" in run.data.metrics
    assert len(run.data.tags["data_sha256"]) == len(run.data.tags["lock_sha256"]) == 64


def test_the_model_is_registered_and_challenger(sample: Project, run: Run) -> None:
    client = mlflow.MlflowClient(f"sqlite:///{sample.path}/mlflow.db")
    version = client.get_model_version_by_alias("flight-delays", "challenger")
    assert (int(version.version), version.run_id) == (1, run.info.run_id)
    assert f"log loss **{run.data.metrics['log_loss']:.3f}**" in version.description
    assert version.tags["evaluated_by_run"] == run.info.run_id
    assert version.tags["fitted_to"] == "2013-02-14"


def test_mlflow_serves_the_model_as_logged(sample: Project, run: Run) -> None:
    """With signature, example and requirements, and the same answers as the one in 06_models."""
    mlflow.set_tracking_uri(f"sqlite:///{sample.path}/mlflow.db")
    client = mlflow.MlflowClient()
    (output,) = client.get_run(run.info.run_id).outputs.model_outputs
    logged = client.get_logged_model(output.model_id)
    folder = sample.path / "mlartifacts/models" / output.model_id / "artifacts"
    assert logged.name == "model"
    assert "scikit-learn==" in (folder / "requirements.txt").read_text()
    assert not list(folder.glob("*.pkl"))

    served = mlflow.pyfunc.load_model(str(folder))
    assert served.metadata.signature is not None
    example = served.input_example
    test = pd.read_parquet(sample.path / "data/05_model_input/test.parquet")
    predictions = pd.read_parquet(sample.path / "data/07_model_output/test_predictions.parquet")
    served_answers = served.predict(test[example.columns])
    assert list(served_answers) == ["late_15", "late_60"]
    said = predictions.pivot(
        index=["flight_id", "prediction_time"],
        columns="threshold_minutes",
        values="late_probability",
    )
    said = said.loc[pd.MultiIndex.from_frame(test[["flight_id", "prediction_time"]])]
    np.testing.assert_array_equal(served_answers, said)
