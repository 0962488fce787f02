import importlib

import pytest
from kedro.framework.project import LOGGING
from omegaconf import OmegaConf

from docs.conf import load_conf
from flight_delays import settings
from flight_delays.lineage.catalog_entries import get_layer, get_path
from projects import ROOT, TinyProject


def test_environment_says_only_what_differs(project: TinyProject) -> None:
    (project.path / "conf" / "local" / "parameters.yml").write_text("training: {trees: {depth: 5}}")
    project.run()
    project.run(collection={"numbers": [4]})
    run, run_with_command_line = (run.data.params for run in project.list_runs())
    assert run == {
        "collection.numbers": "[1, 2, 3]",
        "training.learning_rate": "0.1",
        "training.trees.depth": "5",
        "evaluation.headline_lead_minutes": "120",
    }
    assert run_with_command_line == run | {"collection.numbers": "[4]"}


def test_logging_is_the_projects_in_every_folder(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOGGING, "data", {})
    monkeypatch.chdir(project.path / "conf" / "base")
    importlib.reload(settings)
    assert LOGGING["loggers"]["flight_delays"] == {"level": "INFO"}


def test_logging_of_the_users_choice_is_left_alone(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOGGING, "data", {})
    monkeypatch.setenv("KEDRO_LOGGING_CONFIG", "another.yml")
    importlib.reload(settings)
    assert not LOGGING


def test_sample_has_folder_and_store_of_its_own() -> None:
    for env, folder in (("base", "data/"), ("test", "data/test/")):
        entries = [each for each in load_conf("catalog", env).values() if get_path(each)]
        paths = {str(get_path(each)) for each in entries if get_layer(each) != "delivered"}
        assert len(paths) > 30
        assert {path for path in paths if not path.startswith(f"{folder}0")} == set()
    conf = OmegaConf.load(ROOT / "conf" / "test" / "mlflow.yml")
    store = OmegaConf.to_container(conf)
    assert store == {
        "server": {"mlflow_tracking_uri": "sqlite:///${project_path:}/${globals:data}/mlflow.db"},
        "tracking": {
            "experiment": {
                "create_experiment_kwargs": {"artifact_location": "${globals:data}/mlartifacts"}
            }
        },
    }
