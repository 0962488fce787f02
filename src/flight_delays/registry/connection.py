"""The way to the MLflow store: the login of a server, and whether the server answers."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from mlflow.utils.credentials import get_default_host_creds
from mlflow.utils.rest_utils import http_request
from requests import JSONDecodeError, Response

from flight_delays.errors import TrackingError

LOGIN = ("MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD")
TIMEOUT_SECONDS = 4


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
        response = http_request(  # type: ignore[no-untyped-call]
            get_default_host_creds(uri),  # type: ignore[no-untyped-call]
            "/api/2.0/mlflow/experiments/search",
            "GET",
            params={"max_results": 1},
            max_retries=0,
            timeout=TIMEOUT_SECONDS,
            raise_on_status=False,
        )
    except Exception as error:  # of MLflow, requests, urllib3 or the system
        raise TrackingError(
            f"The tracking server {uri} cannot be reached: {_explain(error)}. Start it with "
            "`make mlflow-server`, or set server.mlflow_tracking_uri in mlflow.yml."
        ) from error
    if response.status_code in (401, 403):
        raise TrackingError(
            f"The tracking server {uri} refuses the login: set {' and '.join(LOGIN)} in the entry "
            "mlflow_server of conf/local/credentials.yml, or in the environment."
        )
    if not _is_mlflow(response):
        raise TrackingError(
            f"What answers at {uri} is no MLflow server, or one in trouble (status "
            f"{response.status_code}): look there, or set server.mlflow_tracking_uri in mlflow.yml."
        )


def _is_mlflow(response: Response) -> bool:
    try:
        return response.ok and isinstance(response.json(), dict)
    except JSONDecodeError:
        return False


def _explain(error: BaseException) -> str:
    for cause in _list_causes(error):
        match cause:
            case TimeoutError():
                return f"it does not answer in {TIMEOUT_SECONDS} seconds"
            case OSError(strerror=str(reason)):
                return reason[0].lower() + reason[1:]
    return str(error)


def _list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__
