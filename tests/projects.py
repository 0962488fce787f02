"""The projects that tests run: the tiny one of tests/tiny_project, and clones of this one."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import mlflow
import pytest
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project
from kedro.runner import AbstractRunner
from mlflow.entities import Run

ROOT = Path(__file__).parents[1]


def enter(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a project as if one had typed `cd`."""
    monkeypatch.chdir(path)
    # Kedro changes both, and pytest puts them back.
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setattr(sys, "path", [*sys.path])
    bootstrap_project(path)


@dataclass(frozen=True)
class TinyProject:
    """A copy of the project in a folder of its own, with an MLflow store of its own."""

    path: Path

    def run(
        self,
        *pipelines: str,
        runner: AbstractRunner | None = None,
        only_missing_outputs: bool = False,
        **parameters: Any,
    ) -> None:
        with KedroSession.create(self.path, runtime_params=parameters) as session:
            session.run(
                pipeline_names=[*pipelines],
                runner=runner,
                only_missing_outputs=only_missing_outputs,
            )

    def list_runs(self) -> list[Run]:
        """List the MLflow runs, the oldest first."""
        client = mlflow.MlflowClient(f"sqlite:///{self.path}/mlflow.db")
        experiments = [each.experiment_id for each in client.search_experiments()]
        return list(client.search_runs(experiments, order_by=["start_time"]))

    def replace(self, file: str, old: str, new: str) -> None:
        """Edit a file of the project."""
        path = self.path / file
        path.write_text(path.read_text().replace(old, new))


@dataclass(frozen=True)
class Project:
    """The project in a folder of its own."""

    path: Path

    @classmethod
    def clone(cls, path: Path) -> "Project":
        """What git holds of the project, without any data."""
        for name in ("conf", "notebooks", "src"):
            copytree(ROOT / name, path / name, ignore=ignore_patterns("credentials*"))
        for name in ("pyproject.toml", "requirements.txt"):
            (path / name).write_bytes((ROOT / name).read_bytes())
        # All of a clone is a sample, so its data and its runs lie where a user's do.
        for name in ("globals.yml", "mlflow.yml"):
            (path / "conf" / "test" / name).unlink()
        return cls(path)

    def kedro(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type `kedro ...` in the project."""
        return subprocess.run(
            [Path(sys.executable).with_name("kedro"), *arguments],
            cwd=self.path,
            env=os.environ | {"KEDRO_ENV": "test"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def digest(self, pattern: str) -> dict[str, str]:
        """The digests of the files under data that match a pattern.

        Of the contents themselves pytest would tell the difference for hours.
        """
        files = sorted((self.path / "data").glob(pattern))
        return {
            str(file.relative_to(self.path)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in files
            if file.is_file()
        }
