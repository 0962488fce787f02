import io
import logging

import pandas as pd
import pytest
from kedro.pipeline import Node, Pipeline
from rich.console import Console

from flight_delays.hooks.console import ConsoleHooks, tabulate_comparison
from projects import TinyProject


def test_table_has_the_model_beside_its_baselines() -> None:
    comparison = pd.DataFrame(
        [
            ("model", "roc_auc", 0.78149, 0.7751, 0.7869),
            ("base_rate", "roc_auc", 0.5, 0.5, 0.5),
            ("model", "log_loss", 0.4609, 0.455, 0.467),
            ("base_rate", "log_loss", 0.5704, 0.56, 0.58),
        ],
        columns=["model", "metric", "value", "lower", "upper"],
    )
    text = io.StringIO()
    Console(file=text, width=80).print(tabulate_comparison(comparison))
    rows = [line.split() for line in text.getvalue().splitlines() if line.strip()]
    assert rows[0] == ["base"]
    assert rows[1] == ["model", "interval", "rate"]
    assert rows[3] == ["roc", "auc", "0.781", "0.775-0.787", "0.500"]
    assert rows[4] == ["log", "loss", "0.461", "0.455-0.467", "0.570"]


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
