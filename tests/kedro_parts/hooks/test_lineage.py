import hashlib
import json
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import yaml
from kedro.runner import ThreadRunner
from mlflow.entities import Run

from flight_delays.kedro_parts.hooks.lineage import describe_table
from flight_delays.lineage.provenance import digest_contents, list_packages
from projects import TinyProject


def read(run: Run, artifact: str) -> str:
    return mlflow.artifacts.load_text(f"{run.info.artifact_uri}/provenance/{artifact}")


@pytest.mark.parametrize("runner", [None, ThreadRunner()])
def test_each_table_that_a_run_reads_is_listed_once(
    whole_way: TinyProject, runner: ThreadRunner | None
) -> None:
    whole_way.run(runner=runner)
    (run,) = whole_way.list_runs()
    listed = {
        each.dataset.name: (json.loads(each.dataset.source)["uri"], each.tags[0].value)
        for each in run.inputs.dataset_inputs
    }
    assert len(run.inputs.dataset_inputs) == 3
    assert listed == {
        "raw_numbers": ("data/01_raw/numbers.csv", "raw"),
        "train": ("data/05_model_input/train.csv", "train"),
        "test": ("data/05_model_input/test.csv", "test"),
    }


def test_table_is_listed_with_columns_rows_and_digest(project: TinyProject) -> None:
    project.run()
    (run,) = project.list_runs()
    (listed,) = run.inputs.dataset_inputs
    (column,) = json.loads(listed.dataset.schema)["mlflow_colspec"]
    assert (column["name"], column["type"]) == ("number", "long")
    assert json.loads(listed.dataset.profile) == {"num_rows": 3}
    table = hashlib.sha256(b"number\n1\n2\n3\n").hexdigest()
    digest = hashlib.sha256(f"raw_numbers {table}\n".encode()).hexdigest()
    assert listed.dataset.digest == digest[:36]


def test_digest_of_a_raw_table_is_that_of_its_files_and_of_another_that_of_its_contents(
    tmp_path: Path,
) -> None:
    table = pd.DataFrame({"a": range(5000)})
    entry = {"filepath": str(tmp_path / "table.csv"), "metadata": {"kedro-viz": {"layer": "raw"}}}
    digests, others = set(), set()
    for last in ("\n", " "):
        (tmp_path / "table.csv").write_text(table.to_csv() + last)
        digests.add(describe_table("raw_table", entry, table, tmp_path).digest)
        others.add(describe_table("train", entry | {"metadata": {}}, table, tmp_path).digest)
    assert len(digests) == 2
    assert others == {digest_contents(table)[:36]}


def test_table_in_parts_is_described_by_its_first_part_and_all_rows(tmp_path: Path) -> None:
    parts = {"2013-01": pd.DataFrame({"a": [1]}), "2013-02": pd.DataFrame({"a": [2, 3]})}
    folder = tmp_path / "flights"
    folder.mkdir()
    for month, part in parts.items():
        part.to_csv(folder / f"{month}.csv")
    table = describe_table("raw_flights", {"path": str(folder)}, parts, tmp_path)
    assert [column["name"] for column in json.loads(table.schema)["mlflow_colspec"]] == ["a"]
    assert json.loads(table.profile) == {"num_rows": 3}
    assert json.loads(table.source) == {"uri": "flights"}


def test_parts_that_are_not_read_yet_are_described_without_columns(tmp_path: Path) -> None:
    (tmp_path / "2013-01.csv").touch()
    table = describe_table("flights", {"path": str(tmp_path)}, {"2013-01": pd.read_csv}, tmp_path)
    assert table.schema is None
    assert json.loads(table.profile) == {"num_rows": 0}


def test_run_keeps_all_its_parameters_as_it_used_them(project: TinyProject) -> None:
    local = project.path / "conf" / "local" / "parameters.yml"
    local.write_text('training: {trees: {depth: 5}}\ncollection: {numbers: ["2013-01-01", "1e5"]}')
    project.run("collection", training={"learning_rate": 1e-5})
    (run,) = project.list_runs()
    assert yaml.safe_load(read(run, "parameters.yml")) == {
        "collection": {"numbers": ["2013-01-01", "1e5"]},
        "training": {"learning_rate": 1e-5, "trees": {"depth": 5}},
        "evaluation": {"headline_lead_minutes": 120},
        "serving": {"champion_poll_seconds": 15},
    }


def test_run_keeps_the_installed_packages(project: TinyProject) -> None:
    project.run("collection")
    (run,) = project.list_runs()
    lines = read(run, "environment.txt").splitlines()
    assert f"mlflow=={mlflow.__version__}" in lines
    assert len(lines) == len(list_packages())


def test_run_is_tagged_with_the_digest_of_its_predictions(whole_way: TinyProject) -> None:
    whole_way.run()
    (run,) = whole_way.list_runs()
    contents = (whole_way.path / "data/07_model_output/predictions.json").read_bytes()
    file = hashlib.sha256(contents).hexdigest()
    digest = hashlib.sha256(f"test_predictions {file}\n".encode()).hexdigest()
    assert run.data.tags["predictions_digest"] == digest


def test_nothing_is_listed_where_tracking_is_switched_off(project: TinyProject) -> None:
    project.run("collection")
    with (project.path / "conf" / "base" / "mlflow.yml").open("a") as config:
        config.write("  disable_tracking: {pipelines: [training]}\n")
    project.run("training")
    (run,) = project.list_runs()
    assert run.info.run_name == "collection"
    assert not run.inputs.dataset_inputs
