"""A search for hyperparameters that is killed goes on where it was."""

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import mlflow
import pandas as pd
import pytest
import yaml
from mlflow.entities import Run

from flight_delays.parameters import TrainingParameters
from projects import Project
from tables import read_parameters

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def search(sample: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, str]:
    """A project after a search that was killed when its first trial was done, and then repeated."""
    project = Project.clone(tmp_path_factory.mktemp("tuning") / "project")
    for layer in ("04_feature", "05_model_input"):
        copytree(sample.path / "data" / layer, project.path / "data" / layer)
    killed = subprocess.Popen(
        [Path(sys.executable).with_name("kedro"), "run", "--pipeline=tuning"],
        cwd=project.path,
        env=os.environ | {"KEDRO_ENV": "test"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    next(line for line in killed.stdout if "1 of 3 trials: log loss" in line)
    killed.kill()
    killed.wait()
    done = project.kedro("run", "--pipeline=tuning")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return project, done.stdout


def test_the_second_run_tells_what_was_done_and_does_the_rest(search: tuple[Project, str]) -> None:
    project, printed = search
    told = [line.partition("INFO     ")[2] for line in printed.splitlines() if "trials" in line]
    assert [line.partition(":")[0] for line in told] == [
        "1 of 3 trials",
        "2 of 3 trials",
        "3 of 3 trials",
        "[3/3] plot_trials",
    ]
    trials = pd.read_csv(project.path / "data/08_reporting/tuning/trials.csv")
    assert len(trials) == 3
    assert trials.loc[0, "learning_rate"] == 0.2  # what conf says is the first trial


def test_the_fragment_is_ready_for_conf(search: tuple[Project, str]) -> None:
    project, printed = search
    folder = project.path / "data/08_reporting/tuning"
    chosen = yaml.safe_load((folder / "best_parameters.yml").read_text())["training"]["classifier"]
    training = read_parameters("training")
    training["classifier"] |= chosen
    TrainingParameters(**training)
    (trial,) = pd.read_csv(folder / "trials.csv").query("chosen").to_dict("records")
    assert trial["learning_rate"] == pytest.approx(chosen["learning_rate"])
    told = " ".join(printed.split())
    assert re.search(rf"Chosen is (the best trial,|trial) {trial['trial']} \(log loss", told)


def test_every_trial_is_a_child_of_the_run_that_made_it(search: tuple[Project, str]) -> None:
    project, _ = search
    client = mlflow.MlflowClient(f"sqlite:///{project.path}/mlflow.db")
    experiment = client.get_experiment_by_name("flight-delays")
    runs = client.search_runs([experiment.experiment_id], order_by=["start_time"])
    parents = [run for run in runs if run.info.run_name == "tuning"]

    def list_children(parent: Run) -> list[Run]:
        return [
            run for run in runs if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
        ]

    first, second = map(list_children, parents)
    assert [run.info.run_name for run in first] == ["trial 0"]
    assert len(second) == 2
    (child,) = first
    assert child.data.params["learning_rate"] == "0.2"
    assert {"log_loss", "log_loss_fold_1", "log_loss_fold_2"} <= child.data.metrics.keys()


def test_the_plot_is_drawn(search: tuple[Project, str]) -> None:
    plot = Path(search[0].path, "data/08_reporting/tuning/trials.png")
    assert plot.read_bytes().startswith(b"\x89PNG")
