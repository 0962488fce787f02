import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from flight_delays.errors import TrackingError
from flight_delays.registry.connection import LOGIN, check_server, read_login
from servers import find_free_port
from tracking_server import serve as serving
from tracking_server.__main__ import find_login, main
from tracking_server.serve import check_start, serve


@pytest.fixture(autouse=True)
def _no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOGIN:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    return tmp_path / "credentials.yml"


def test_new_server_gets_a_login_that_only_its_owner_reads(
    credentials: Path, tmp_path: Path
) -> None:
    login = find_login(credentials, tmp_path / "server")
    assert login == read_login(credentials)
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    credentials.unlink()
    assert login != find_login(credentials, tmp_path / "server")


def test_login_comes_after_other_credentials(credentials: Path, tmp_path: Path) -> None:
    credentials.write_text("other: {key: 1}")
    find_login(credentials, tmp_path / "server")
    assert credentials.read_text().startswith("other: {key: 1}\nmlflow_server:\n")


def test_known_login_is_used_again(credentials: Path, tmp_path: Path) -> None:
    login = find_login(credentials, tmp_path / "server")
    assert find_login(credentials, tmp_path) == login


def test_login_of_the_environment_wins(
    credentials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = dict.fromkeys(LOGIN, "from the environment")
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    assert find_login(credentials, tmp_path / "server") == login
    assert not credentials.exists()


def test_server_whose_login_is_lost_is_told(credentials: Path, tmp_path: Path) -> None:
    with pytest.raises(TrackingError, match="login of the tracking server is not known"):
        find_login(credentials, tmp_path)
    assert not credentials.exists()


def test_half_a_login_is_told(
    credentials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "anna")
    with pytest.raises(TrackingError, match="put MLFLOW_TRACKING_PASSWORD into"):
        find_login(credentials, tmp_path / "server")


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "find_spec", lambda name: name != "psycopg" or None)
    with pytest.raises(TrackingError, match=r"needs psycopg: `pip install"):
        check_start(tmp_path, 1)


def test_folder_that_postgresql_cannot_use_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrackingError, match="my server: choose a --folder"):
        check_start(tmp_path / "my server", 1)


@pytest.mark.slow
def test_server_that_does_not_start_leaves_nothing_running(tmp_path: Path) -> None:
    login = dict(zip(LOGIN, ("admin", "short"), strict=True))  # MLflow wants twelve characters
    with (
        pytest.raises(TrackingError, match=r"mlflow\.log in the server's folder tells why"),
        serve(tmp_path, find_free_port(), login),
    ):
        pass
    assert "password" in (tmp_path / "mlflow.log").read_text()
    assert not (tmp_path / "postgresql/postmaster.pid").exists()


def start(project: Path, port: int) -> subprocess.Popen[str]:
    """Type the command in a project."""
    return subprocess.Popen(
        [sys.executable, "-m", "tracking_server", f"--port={port}"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_server_starts_stops_and_starts_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "conf/local/credentials.yml"
    credentials.parent.mkdir(parents=True)
    port = find_free_port()
    uri = f"http://127.0.0.1:{port}"
    for number in (signal.SIGTERM, signal.SIGINT):
        with start(tmp_path, port) as server:
            try:
                assert server.stdout
                lines = [server.stdout.readline() for _ in range(3)]
                assert lines[-1] == f"The tracking server is at {uri} until Ctrl-C.\n", lines
                login = read_login(credentials)
                with monkeypatch.context() as environment:
                    for name in LOGIN:
                        environment.setenv(name, login[name])
                    check_server(uri)
                with start(tmp_path, port) as second:
                    message, _ = second.communicate()
                assert (message.count("\n"), second.returncode) == (1, 1)
                assert f"Port {port} is in use" in message
            finally:
                server.send_signal(number)
            rest, _ = server.communicate()
        assert server.returncode == 0
        assert login["MLFLOW_TRACKING_PASSWORD"] not in "".join(lines) + rest
        assert not (tmp_path / "mlflow-server/postgresql/postmaster.pid").exists()
        with pytest.raises(TrackingError, match="connection refused"):
            check_server(uri)


def test_command_tells_an_error_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as end:
        main(["--folder=.", f"--port={find_free_port()}"])
    assert str(end.value).startswith("The login of the tracking server is not known")
