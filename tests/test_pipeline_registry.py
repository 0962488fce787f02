"""Pipelines run together in the order of a model's life, and are listed without an import."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from docs.conf import load_conf
from flight_delays.pipeline_registry import register_pipelines

PIPELINES = "flight_delays.pipelines"

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
    for pipeline in ("tuning", "promotion", "rollback", "inference", "monitoring", "backtest"):
        assert not names & {node.name for node in pipelines[pipeline].nodes}


def test_a_promotion_comes_after_the_evaluation_it_rests_on() -> None:
    pipelines = register_pipelines()
    together = pipelines["promotion"] + pipelines["evaluation"] + pipelines["training"]
    names = [node.name for node in together.nodes]
    order = ["train_model", "predict_test", "record_evaluation", "predict_recent"]
    assert [name for name in names if name in order] == order


def test_what_one_pipeline_makes_for_another_is_kept_between_two_commands() -> None:
    pipelines = [each for name, each in register_pipelines().items() if name != "__default__"]
    made = set().union(*(pipeline.all_outputs() for pipeline in pipelines))
    taken = set().union(*(pipeline.inputs() for pipeline in pipelines)) & made
    assert {"raw_flights", "prm_flights", "train", "candidate"} <= taken
    assert taken <= load_conf("catalog").keys()


def test_no_pipeline_has_a_namespace() -> None:
    """Kedro-Viz would hide in it what other pipelines have too, also where these are shown."""
    for pipeline in register_pipelines().values():
        assert [node.name for node in pipeline.nodes if node.namespace] == []


def test_plots_are_drawn_again_by_their_tag_from_what_is_there() -> None:
    pipelines = register_pipelines()
    plots = pipelines["evaluation"] + pipelines["tuning"] + pipelines["backtest"]
    drawn = plots.only_nodes_with_tags("plots")
    assert {name for name in plots.all_outputs() if name.endswith("_plot")} == drawn.all_outputs()
    inputs = {name for name in drawn.inputs() if not name.startswith("params:")}
    assert inputs <= load_conf("catalog").keys()


def test_datasets_are_described_without_importing_what_other_pipelines_do(
    fresh_clone: Path,
) -> None:
    # In a process of its own, because this one has imported everything.
    command = ["catalog", "describe-datasets", "-p", "data_collection,rollback"]
    described = subprocess.run(
        [sys.executable, "-c", KEDRO, *command],
        cwd=fresh_clone,
        capture_output=True,
        text=True,
        check=True,
    )
    *lines, modules = described.stdout.splitlines()
    assert {"    - raw_planes", "    - registered_model"} <= {*lines}
    imported = {*modules.split()}
    pipelines = {name.split(".")[2] for name in imported if name.startswith(f"{PIPELINES}.")}
    assert pipelines == {"data_collection", "rollback"}
    heavy = {"alembic", "matplotlib", "optuna", "pandera", "skops"}
    assert heavy & imported == set()


def test_pipelines_are_listed(fresh_clone: Path) -> None:
    result = CliRunner().invoke(KedroCLI(fresh_clone), ["registry", "list"])
    assert {"- __default__", "- tuning"} <= {*result.stdout.splitlines()}


def test_a_single_pipeline_is_described(fresh_clone: Path) -> None:
    result = CliRunner().invoke(KedroCLI(fresh_clone), ["registry", "describe", "rollback"])
    assert "choose_rollback" in result.stdout
