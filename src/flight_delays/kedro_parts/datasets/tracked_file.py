"""Files of a partition that are artifacts of their MLflow run as well."""

from pathlib import Path
from typing import Any

from kedro.io import AbstractDataset
from kedro_mlflow.io.artifacts import MlflowArtifactDataset


class TrackedFileDataset(AbstractDataset[Any, Any]):
    """kedro-mlflow's dataset, as a partitioned dataset makes one of each file."""

    def __new__(
        cls, filepath: str, dataset: dict[str, Any], artifact_path: str
    ) -> MlflowArtifactDataset:
        """Make it.

        Args:
            filepath: The file.
            dataset: The dataset of the file, without its path.
            artifact_path: The folder of the artifacts: the file lies there below the name of the
                folder that it lies in here.

        Returns:
            kedro-mlflow's dataset.
        """
        folder = f"{artifact_path}/{Path(filepath).parent.name}"
        return MlflowArtifactDataset(dataset | {"filepath": filepath}, artifact_path=folder)
