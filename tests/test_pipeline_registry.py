"""Pipelines run together in the order of a model's life, and are listed without an import."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from flight_delays.pipeline_registry import register_pipelines

# `kedro`, and after it the modules that it has imported.
KEDRO = """
import atexit, sys
from kedro.framework.cli import main
atexit.register(lambda: print(*sys.modules))
main()
"""

pytestmark = pytest.mark.usefixtures("fresh_clone")


def test_kedro_run_stops_before_the_registry_is_asked_who_is_better() -> None:
    pipelines = register_pipelines()
    names = {node.name for node in pipelines["__default__"].nodes}
    assert "record_evaluation" in names
    for pipeline in ("tuning", "promotion", "rollback"):
        assert not names & {node.name for node in pipelines[pipeline].nodes}


def test_a_promotion_comes_after_the_evaluation_it_rests_on() -> None:
    pipelines = register_pipelines()
    together = pipelines["promotion"] + pipelines["evaluation"] + pipelines["training"]
    names = [node.name for node in together.nodes]
    order = ["train_model", "predict_test", "record_evaluation", "predict_recent"]
    assert [name for name in names if name in order] == order


def test_pipelines_are_listed_without_importing_what_they_do(fresh_clone: Path) -> None:
    # In a process of its own, because this one has imported everything.
    listed = subprocess.run(
        [sys.executable, "-c", KEDRO, "registry", "list"],
        cwd=fresh_clone,
        capture_output=True,
        text=True,
        check=True,
    )
    *names, modules = listed.stdout.splitlines()
    assert {"- __default__", "- tuning"} <= {*names}
    imported = {*modules.split()}
    assert "flight_delays.settings" in imported
    assert not [name for name in imported if name.startswith("flight_delays.pipelines.")]
    assert not imported & {"matplotlib", "optuna", "pandera", "sklearn", "skops"}


def test_a_single_pipeline_is_described(fresh_clone: Path) -> None:
    result = CliRunner().invoke(KedroCLI(fresh_clone), ["registry", "describe", "rollback"])
    assert "choose_rollback" in result.stdout
