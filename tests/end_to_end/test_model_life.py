"""A model's life as a user types it: promoted, not replaced by a worse one, replaced, put back."""

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI
from kedro.framework.session import KedroSession
from mlflow import MlflowClient

from projects import Project
from servers import TrackingServer

NAME = "flight-delays"
# What the story is not about is made cheap. So few trees stay close to the base rate, and so are
# badly calibrated: the story is about the gate after that.
CHEAP: dict[str, Any] = {
    "training": {"ablations": []},
    "evaluation": {"importance_questions": 150, "bootstrap_resamples": 200},
    "promotion": {"max_calibration_error": 0.1},
}

pytestmark = pytest.mark.slow


class Story:
    """The project in one of its tracking settings, and its registry as others see it."""

    def __init__(self, project: Project, env: str, client: MlflowClient) -> None:
        self.project, self.env, self.client = project, env, client

    def run(self, *arguments: str) -> None:
        command = ["run", f"--env={self.env}", *arguments]
        result = CliRunner().invoke(KedroCLI(self.project.path), command)
        assert result.exit_code == 0, result.output
        assert result.stderr == ""

    def train(self, trees: int) -> None:
        parameters = f"--params=training.classifier.max_iter={trees}"
        self.run("--pipelines=training,evaluation", parameters)

    def promote(self) -> dict[str, Any]:
        self.run("--pipeline=promotion")
        return self.read("promotion_decision.json")

    def read(self, report: str) -> dict[str, Any]:
        path = self.project.path / "data/08_reporting" / report
        return dict(json.loads(path.read_text()))

    @property
    def champion(self) -> int:
        return self.find("champion")

    def find(self, alias: str) -> int:
        return int(self.client.get_model_version_by_alias(NAME, alias).version)

    def count_trees_in_use(self) -> int:
        """Load the model in use as a notebook does."""
        with KedroSession.create(self.project.path, env=self.env) as session:
            champion = session.load_context().catalog.load("champion")
        return int(champion.headline["classify"].n_iter_)

    def tags(self, version: int) -> dict[str, str]:
        return dict(self.client.get_model_version(NAME, str(version)).tags)

    def describe(self, version: int) -> str:
        return str(self.client.get_model_version(NAME, str(version)).description)


@pytest.fixture
def project(sample: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A clone with the data of the sample, and with a registry of its own still to come."""
    project = Project.clone(tmp_path / "project")
    copytree(sample.path / "data", project.path / "data")
    for trained in (project.path / "data/06_models").iterdir():
        trained.unlink()
    path = project.path / "conf/test/parameters.yml"
    parameters = yaml.safe_load(path.read_text())
    for pipeline, values in CHEAP.items():
        parameters[pipeline] |= values
    path.write_text(yaml.safe_dump(parameters))
    monkeypatch.chdir(project.path)
    return project


@pytest.fixture(
    params=["base", "local_files", "server"],
)
def story(
    request: pytest.FixtureRequest, project: Project, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Story]:
    match request.param:
        case "base":
            yield Story(project, "test", MlflowClient(f"sqlite:///{project.path}/mlflow.db"))
        case "local_files":
            parameters = (project.path / "conf/test/parameters.yml").read_bytes()
            (project.path / "conf/local_files/parameters.yml").write_bytes(parameters)
            monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
            yield Story(project, "local_files", MlflowClient((project.path / "mlruns").as_uri()))
        case "server":
            server: TrackingServer = request.getfixturevalue("tracking_server")
            server.configure(project)
            with server.open_client() as client:
                yield Story(project, "server", client)
                client.delete_registered_model(NAME)  # other tests use the server, too


def test_only_a_better_model_becomes_champion_and_the_one_before_can_come_back(
    story: Story,
) -> None:
    story.train(trees=10)
    assert story.find("challenger") == 1
    decision = story.promote()
    assert (decision["outcome"], decision["champion"]) == ("promoted", None)
    assert story.champion == 1
    trees = story.count_trees_in_use()

    story.train(trees=5)
    decision = story.promote()
    assert (decision["outcome"], decision["challenger"], story.champion) == ("refused", 2, 1)
    assert decision["log_loss_difference"]["difference"] > 0
    assert story.tags(2)["decision_reason"] == decision["reason"]

    story.train(trees=30)
    decision = story.promote()
    assert (decision["outcome"], decision["champion"], story.champion) == ("promoted", 1, 3)
    assert decision["log_loss_difference"]["upper"] < 0
    assert json.loads(story.tags(3)["decision_record"]) == decision
    assert decision["reason"] in story.describe(3)
    assert story.tags(1)["replaced_by"] == "3"
    assert story.count_trees_in_use() > trees

    story.run("--pipeline=rollback", "--params=rollback.reason=too many false alarms")
    assert (story.champion, story.count_trees_in_use()) == (1, trees)
    assert story.tags(1)["replaced_by"] == "none"
    assert story.tags(3)["rolled_back"] == "too many false alarms"
    assert "too many false alarms" in story.describe(1)
    assert story.read("rollback_decision.json") == {
        "champion": 1,
        "replaced": 3,
        "reason": "too many false alarms",
    }

    decision = story.promote()
    assert (decision["outcome"], decision["challenger"], story.champion) == ("refused", 3, 1)
    assert decision["reason"] == "it was rolled back (too many false alarms)."
