"""What MLflow keeps of a run: what it was made from, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlflow
from kedro.framework.context import KedroContext
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.utils.mlflow_tags import MLFLOW_DATASET_CONTEXT
from omegaconf import OmegaConf

from flight_delays.errors import DataError
from flight_delays.lineage.catalog_entries import list_tables
from flight_delays.lineage.provenance import describe_code, digest_table, list_packages

# The digest of the predictions; runs of before have that of their Parquet file.
PREDICTIONS = ("predictions_digest", "predictions_sha256")
CODE = ("git_commit", "git_dirty", "lock_sha256", "python_version")


@dataclass(frozen=True)
class Provenance:
    """What a run is made from.

    Attributes:
        code: What `describe_code` says.
        tables: The digest of each raw table that is there.
        packages: The installed packages and their versions.
        parameters: All parameters, nested as in YAML.
    """

    code: dict[str, str]
    tables: dict[str, str]
    packages: dict[str, str]
    parameters: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    Attributes:
        tables: The digest of each table that it read, those that it had made itself among them.
        metrics: Each metric with all its digits.
        predictions: The digest of its predictions by the name of its tag.
    """

    tables: dict[str, str]
    metrics: dict[str, str]
    predictions: dict[str, str]


def find_run(run_id: str) -> Run:
    """Find a run that can be repeated in the tracking store of the session.

    Args:
        run_id: The run's id in MLflow.

    Returns:
        The run.

    Raises:
        DataError: There is no such run, or it lacks what it takes.
    """
    try:
        run = mlflow.get_run(run_id)
    except MlflowException as error:
        if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise
        raise DataError(
            f"There is no run {run_id} in this environment's MLflow; --env chooses another."
        ) from None
    described = f"Run {run_id} ({run.info.run_name})"
    if run.info.status != "FINISHED":
        raise DataError(
            f"{described} did not finish, it is {run.info.status}: only a finished one can be "
            "reproduced."
        )
    if not mlflow.artifacts.list_artifacts(f"{run.info.artifact_uri}/provenance"):
        raise DataError(
            f"{described} keeps no parameters and packages, as runs do that `kedro run` makes now: "
            "it cannot be reproduced."
        )
    went_whole_way = {"raw", "train", "test"} <= _list_digests(run).keys()
    if not went_whole_way or run.data.tags.keys().isdisjoint(PREDICTIONS):
        raise DataError(
            f"{described} did not go the whole way: only a run that trained and evaluated in one "
            "go from the raw tables on, as `kedro run` does, can be reproduced."
        )
    return run


def read_provenance(run: Run) -> Provenance:
    """Read what a run was made from."""
    environment = _read_text(run, "environment.txt").splitlines()
    return Provenance(
        code={name: run.data.tags.get(name, "unknown") for name in CODE},
        tables=_list_digests(run).get("raw", {}),
        packages=dict(line.split("==", 1) for line in environment),
        parameters=_read_yaml(_read_text(run, "parameters.yml")),
    )


def describe_present(context: KedroContext) -> Provenance:
    """Describe what a run would be made from now.

    Args:
        context: The project's context; its root is the working directory.
    """
    config = context.config_loader
    return Provenance(
        code=describe_code(context.project_path),
        tables={
            name: digest
            for name, entry in list_tables(config["catalog"], "raw").items()
            if (digest := digest_table(name, entry))
        },
        packages=list_packages(),
        # Through YAML and back, as those of the run went.
        parameters=_read_yaml(OmegaConf.to_yaml(config["parameters"])),
    )


def read_outcome(run: Run) -> Outcome:
    """Read what came of a run."""
    tables = {
        name: digest for context in _list_digests(run).values() for name, digest in context.items()
    }
    return describe_outcome(tables, run.data.tags, run.data.metrics)


def describe_outcome(
    tables: dict[str, str], tags: Mapping[str, str], metrics: Mapping[str, float]
) -> Outcome:
    """Describe what came of a run by what its MLflow says.

    Args:
        tables: The digest of each table that it read.
        tags: All tags.
        metrics: All metrics.
    """
    return Outcome(
        tables=tables,
        metrics={name: repr(value) for name, value in metrics.items()},
        predictions={name: tags[name] for name in PREDICTIONS if name in tags},
    )


def _list_digests(run: Run) -> dict[str, dict[str, str]]:
    """List the digests of what the run read by context and name."""
    tables: dict[str, dict[str, str]] = {}
    for read in run.inputs.dataset_inputs if run.inputs else ():
        tags = {tag.key: tag.value for tag in read.tags}
        context = tables.setdefault(tags.get(MLFLOW_DATASET_CONTEXT, ""), {})
        context[read.dataset.name] = read.dataset.digest
    return tables


def _read_text(run: Run, artifact: str) -> str:
    text: str = mlflow.artifacts.load_text(f"{run.info.artifact_uri}/provenance/{artifact}")
    return text


def _read_yaml(text: str) -> Any:
    return OmegaConf.to_container(OmegaConf.create(text))
