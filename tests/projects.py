"""The tiny Kedro project of tests/tiny_project, at hand for a test."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlflow
from kedro.framework.session import KedroSession
from kedro.runner import AbstractRunner
from mlflow.entities import Run


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
