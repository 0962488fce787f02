"""`python -m tracking_server` starts the server; at first with a new login."""

import argparse
import os
import secrets
import signal
import sys
from pathlib import Path

from kedro.utils import find_kedro_project

from flight_delays.errors import TrackingError
from flight_delays.registry.connection import LOGIN, read_login

from .serve import HOST, check_start, serve


def main(arguments: list[str] | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Args:
        arguments: Those of the command line.
    """
    parser = argparse.ArgumentParser(prog="tracking_server")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--folder", type=Path, default=Path("mlflow-server"), help="of its data")
    options = parser.parse_args(arguments)
    project = find_kedro_project(Path.cwd()) or Path.cwd()
    credentials = project / "conf" / "local" / "credentials.yml"
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        folder = project / options.folder
        check_start(folder, options.port)
        login = find_login(credentials, folder)
        print(f"Starting MLflow and PostgreSQL in {folder}", flush=True)
        with serve(folder, options.port, login) as server:
            print(
                f"The login is in {credentials} or in the environment.\n"
                f"The tracking server is at http://{HOST}:{options.port} until Ctrl-C.",
                flush=True,
            )
            server.wait()
            raise TrackingError(f"MLflow has stopped: {folder}/mlflow.log tells why.")
    except TrackingError as error:
        sys.exit(str(error))


def find_login(credentials: Path, folder: Path) -> dict[str, str]:
    """Find the login in the environment or in a file; for a new server, make one.

    Args:
        credentials: The file, which a new login is written to.
        folder: The server's data; if there are none, the server is new.

    Returns:
        The variables of `LOGIN`.

    Raises:
        TrackingError: There is no login for a server that has one, or there is half of one.
    """
    given = {name: value for name in LOGIN if (value := os.environ.get(name))}
    login = read_login(credentials) | given
    if not login and not folder.exists():
        login = dict(zip(LOGIN, ("admin", secrets.token_urlsafe()), strict=True))
        credentials.touch(mode=0o600)
        credentials.chmod(0o600)
        with credentials.open("a") as file:
            file.write("\nmlflow_server:\n" if file.tell() else "mlflow_server:\n")
            file.writelines(f'  {name}: "{value}"\n' for name, value in login.items())
    if missing := [name for name in LOGIN if name not in login]:
        raise TrackingError(
            f"The login of the tracking server is not known: put {' and '.join(missing)} into the "
            f"environment or the entry mlflow_server of {credentials}. A new name becomes an "
            "administrator."
        )
    return login


def _leave(*_: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C would leave PostgreSQL behind
    sys.exit()


if __name__ == "__main__":
    main()
