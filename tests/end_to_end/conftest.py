"""One run of the whole way on two real months, which all end-to-end tests look at."""

import subprocess

import pytest

from end_to_end.project import Project


@pytest.fixture(scope="session")
def first_run(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Project, subprocess.CompletedProcess[str]]:
    """A clone of the project after its first `kedro run`, and what that printed."""
    project = Project.clone(tmp_path_factory.mktemp("project"))
    return project, project.kedro("run")


@pytest.fixture(scope="session")
def sample(first_run: tuple[Project, subprocess.CompletedProcess[str]]) -> Project:
    """The project after its first run."""
    return first_run[0]
