"""What only the tests of whole stories share."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from kedro.framework.cli.cli import KedroCLI

from end_to_end.renewal import change_parameters, deliver
from projects import Project, enter
from sharing import make_once


@pytest.fixture(scope="session")
def three_months(promoted: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy with a champion and a third month, so that a model can be made anew.

    What no story is about is made cheap.
    """

    def make(folder: Path) -> None:
        project = Project(copytree(promoted.path, folder / "project"))
        change_parameters(
            project, training={"ablations": []}, promotion={"max_calibration_error": 0.5}
        )
        deliver(project, "2013-03")

    folder, _ = make_once(tmp_path_factory, "three_months", make)
    return Project(folder / "project")


@pytest.fixture
def type_kedro(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Type `kedro ...` in a project, without a process of its own; gives what it printed."""

    def type_in(project: Project, *arguments: str) -> str:
        with monkeypatch.context() as patch:
            patch.setenv("KEDRO_ENV", "test")
            enter(project.path, patch)
            result = CliRunner().invoke(KedroCLI(project.path), [*arguments])
        assert result.exit_code == 0, result.output
        return result.output

    return type_in
