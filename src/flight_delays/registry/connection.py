"""The way to the MLflow store: the login of a server, and whether the server answers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from urllib.parse import urlsplit

import yaml
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from flight_delays.errors import TrackingError

LOGIN = ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
TIMEOUT_SECONDS = 4
MESSAGE_LENGTH = 250


def list_variables(uri: str, credentials: Path) -> dict[str, str]:
    """List what a store asks for in the environment and is not there yet.

    Args:
        uri: The tracking URI. A folder asks for MLflow's leave to use one, a server for the login.
        credentials: The file to read the login from, which need not exist.

    Returns:
        Variables and their values.

    Raises:
        TrackingError: The file holds no usable login.
    """
    match urlsplit(uri).scheme:
        case "" | "file":
            variables = {"MLFLOW_ALLOW_FILE_STORE": "true"}
        case "http" | "https":
            variables = read_login(credentials)
        case _:
            variables = {}
    return {name: value for name, value in variables.items() if not os.environ.get(name)}


def read_login(credentials: Path) -> dict[str, str]:
    """Read the login of the tracking server: the entry `mlflow_server` of a credentials file.

    Args:
        credentials: The file, which need not exist.

    Returns:
        The variables of `LOGIN`, or nothing where there is no file or no such entry.

    Raises:
        TrackingError: The entry does not hold both, or one is not a text.
        YAMLError: The file is not YAML.
    """
    if not credentials.exists():
        return {}
    with credentials.open() as file:  # of a text, YAML's error would show the line it is in
        content = yaml.safe_load(file)
    entry = content.get("mlflow_server") if isinstance(content, dict) else None
    if entry is None:
        return {}
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in LOGIN):
        raise TrackingError(
            f"The entry mlflow_server of {credentials} must hold {' and '.join(LOGIN)}, both in "
            "quotes."
        )
    return {name: entry[name] for name in LOGIN}


def check_server(uri: str) -> None:
    """Ask a tracking server for one experiment, once: MLflow itself would try for minutes.

    Args:
        uri: The tracking URI; one that is not a server's is not asked.

    Raises:
        TrackingError: It does not answer in time, refuses the login or is no MLflow server.
    """
    if urlsplit(uri).scheme not in ("http", "https"):
        return
    try:
        with try_once():
            MlflowClient(uri).search_experiments(max_results=1)
    except MlflowException as error:
        raise TrackingError(f"The tracking server {uri} {_explain(error)}") from error


@contextmanager
def try_once() -> Iterator[None]:
    """Let MLflow ask a server once and not for long, in all threads, until the block ends."""
    wanted = {
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        "MLFLOW_HTTP_REQUEST_TIMEOUT": str(TIMEOUT_SECONDS),
    }
    # Inside another such block nothing is written: other threads may be reading the environment.
    variables = {name: value for name, value in wanted.items() if os.environ.get(name) != value}
    before = {name: os.environ[name] for name in variables if name in os.environ}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name in variables:
            del os.environ[name]
        os.environ.update(before)


def _explain(error: MlflowException) -> str:
    if error.get_http_status_code() in (401, 403):  # type: ignore[no-untyped-call]
        return (
            f"refuses the login: set {' and '.join(LOGIN)} in the entry mlflow_server of "
            "conf/local/credentials.yml, or in the environment."
        )
    start = "Start it with `make mlflow-server`, or set server.mlflow_tracking_uri in mlflow.yml."
    for cause in _list_causes(error):
        match cause:
            case TimeoutError():
                return f"does not answer in {TIMEOUT_SECONDS} seconds. {start}"
            case OSError(strerror=str(reason)):
                return f"cannot be reached: {reason[0].lower() + reason[1:]}. {start}"
    return (
        "is no MLflow server, or one in trouble: look there, or set server.mlflow_tracking_uri in "
        f"mlflow.yml ({shorten(str(cause), MESSAGE_LENGTH)})."
    )


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
