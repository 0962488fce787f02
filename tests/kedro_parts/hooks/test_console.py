import io
import logging

import pandas as pd
import pytest
from kedro.pipeline import Node, Pipeline
from rich.console import Console
from rich.table import Table

from flight_delays.kedro_parts.hooks.console import (
    ConsoleHooks,
    tabulate_comparison,
    tabulate_leads,
)
from projects import TinyProject
from tables import EVALUATION


def print_table(table: Table) -> list[list[str]]:
    """The words of every line that has some, in 80 columns."""
    text = io.StringIO()
    Console(file=text, width=80).print(table)
    return [line.split() for line in text.getvalue().splitlines() if line.strip()]


def test_table_has_the_model_beside_its_baselines_in_80_columns() -> None:
    models = ["model", "base_rate", "schedule_logistic_regression", "without_aircraft"]
    metrics = {"roc_auc": 0.78149, "expected_calibration_error": 0.0104}
    comparison = pd.DataFrame(
        [
            (lead, model, metric, value - i / 10, value - 0.01, value + 0.01)
            for lead in (30, 120)
            for i, model in enumerate(models)
            for metric, value in metrics.items()
        ],
        columns=["lead_minutes", "model", "metric", "value", "lower", "upper"],
    ).assign(threshold_minutes=15)
    comparison.loc[comparison["lead_minutes"] == 30, ["value", "lower", "upper"]] = 0.999
    heading, *rows = print_table(tabulate_comparison(comparison, EVALUATION))
    assert " ".join(heading) == "120 minutes before departure"
    assert rows[:3] == [
        ["schedule"],
        ["base", "logistic", "without"],
        ["model", "interval", "rate", "regression", "aircraft"],
    ]
    roc_auc, calibration_error = rows[4:]
    assert roc_auc == ["roc", "auc", "0.781", "0.771-0.791", "0.681", "0.581", "0.481"]
    assert calibration_error[:4] == ["expected", "calibration", "error", "0.010"]


def test_the_model_stands_beside_its_ablations_at_every_lead() -> None:
    comparison = pd.DataFrame(
        [
            (30, "model", "roc_auc", 0.79349),
            (30, "model", "log_loss", 0.45),
            (30, "base_rate", "roc_auc", 0.5),
            (30, "without_aircraft", "roc_auc", 0.775),
            (480, "model", "roc_auc", 0.727),
            (480, "model", "log_loss", 0.504),
            (480, "base_rate", "roc_auc", 0.5),
            (480, "without_aircraft", "roc_auc", 0.724),
        ],
        columns=["lead_minutes", "model", "metric", "value"],
    ).assign(threshold_minutes=15)
    hour_late = comparison.query("model == 'model'").assign(threshold_minutes=60, value=0.25)
    comparison = pd.concat([comparison, hour_late])
    heading, leads, _, *rows = print_table(tabulate_leads(comparison))
    assert " ".join(heading) == "By minutes before departure"
    assert leads == ["30", "480"]
    assert [" ".join(row) for row in rows] == [
        "roc auc 0.793 0.727",
        "roc auc, without aircraft 0.775 0.724",
        "log loss 0.450 0.504",
        "roc auc late 60 0.250 0.250",
        "log loss late 60 0.250 0.250",
    ]


def pass_on(x: int) -> int:
    return x


def test_every_node_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    nodes = [Node(pass_on, f"x{i}", f"x{i + 1}", name=f"step_{i}") for i in range(10)]
    hooks = ConsoleHooks()
    hooks.before_pipeline_run(Pipeline(nodes))
    for node in nodes:
        hooks.before_node_run(node)
    assert caplog.messages[0] == "[ 1/10] step_0"
    assert caplog.messages[-1] == "[10/10] step_9"


def test_evaluated_run_closes_with_the_table_and_where_the_rest_is(
    project: TinyProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run()
    (run,) = project.list_runs()
    table, report, tracking = capsys.readouterr().out.rpartition("Metrics and plots:")
    assert "0.700-0.800" in table
    assert "By minutes before departure" in table
    assert report + tracking == (
        "Metrics and plots: data/08_reporting\n"
        f"MLflow run: full ({run.info.run_id}), shown by `make mlflow`\n"
    )


def test_run_without_evaluation_closes_with_its_mlflow_run(
    project: TinyProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project.run("collection")
    (run,) = project.list_runs()
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith(f"MLflow run: collection ({run.info.run_id})")
    assert "Metrics and plots" not in "".join(lines)
