import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import mlflow
import pytest
from kedro.framework.session import KedroSession
from yaml import YAMLError

from flight_delays.errors import TrackingError
from flight_delays.registry import connection
from flight_delays.registry.connection import (
    LOGIN,
    check_server,
    list_variables,
    read_login,
    try_once,
)
from projects import ROOT, TinyProject
from servers import TrackingServer, find_free_port, listen_in_silence

SERVER = "http://127.0.0.1:5000"
ENTRY = """
mlflow_server:
  MLFLOW_TRACKING_USERNAME: anna
  MLFLOW_TRACKING_PASSWORD: "12345678901234"
"""


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*LOGIN, "MLFLOW_ALLOW_FILE_STORE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    path = tmp_path / "credentials.yml"
    path.write_text(ENTRY)
    return path


@pytest.mark.parametrize("uri", [SERVER, "https://mlflow.example.com"])
def test_server_asks_for_the_login_of_the_file(uri: str, credentials: Path) -> None:
    assert list_variables(uri, credentials) == {
        "MLFLOW_TRACKING_USERNAME": "anna",
        "MLFLOW_TRACKING_PASSWORD": "12345678901234",
    }


def test_environment_wins_over_the_file(credentials: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "other")
    assert list_variables(SERVER, credentials) == {"MLFLOW_TRACKING_USERNAME": "anna"}


@pytest.mark.parametrize("uri", ["mlruns", "file:///somewhere/mlruns"])
def test_folder_asks_for_leave_and_no_login(uri: str, credentials: Path) -> None:
    assert list_variables(uri, credentials) == {"MLFLOW_ALLOW_FILE_STORE": "true"}


def test_database_asks_for_nothing(credentials: Path) -> None:
    assert list_variables("sqlite:///mlflow.db", credentials) == {}


@pytest.mark.parametrize("content", [None, "", "other: {}", "- mlflow_server"])
def test_file_without_the_entry_is_no_login(credentials: Path, content: str | None) -> None:
    credentials.unlink()
    if content is not None:
        credentials.write_text(content)
    assert read_login(credentials) == {}


@pytest.mark.parametrize(
    "content", ["mlflow_server: anna", ENTRY.replace('"', ""), ENTRY.replace("_PASSWORD", "")]
)
def test_wrong_entry_is_named_and_not_shown(credentials: Path, content: str) -> None:
    credentials.write_text(content)
    with pytest.raises(TrackingError) as error:
        read_login(credentials)
    assert str(error.value) == (
        f"The entry mlflow_server of {credentials} must hold MLFLOW_TRACKING_USERNAME and "
        "MLFLOW_TRACKING_PASSWORD, both in quotes."
    )


def test_error_of_yaml_does_not_show_the_password(credentials: Path) -> None:
    credentials.write_text(ENTRY + "  [")
    with pytest.raises(YAMLError) as error:
        read_login(credentials)
    assert str(credentials) in str(error.value)
    assert "12345678901234" not in str(error.value)


@contextmanager
def answer(status: int, body: str) -> Iterator[tuple[str, list[str]]]:
    """Answer each request in the same way, and list the requests."""
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", requests
        server.shutdown()


def test_server_that_answers_is_fine() -> None:
    with answer(200, "{}") as (uri, requests):
        check_server(uri)
    assert requests == ["/api/2.0/mlflow/experiments/search"]


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (
            401,
            "",
            "refuses the login: set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD in the "
            "entry mlflow_server of conf/local/credentials.yml, or in the environment.",
        ),
        (403, "Permission denied", "refuses the login"),
        (403, '{"error_code": "PERMISSION_DENIED"}', "refuses the login"),
        (404, "{}", "is no MLflow server, or one in trouble: look there"),
        (404, "<html>", "is no MLflow server, or one in trouble: look there"),
        (503, "{}", "is no MLflow server, or one in trouble: look there"),
        (200, "<html>", "is no MLflow server"),
        (200, "[]", "is no MLflow server"),
    ],
)
def test_wrong_answer_is_told_at_once(status: int, body: str, told: str) -> None:
    with answer(status, body) as (uri, requests), pytest.raises(TrackingError) as error:
        check_server(uri)
    assert str(error.value).startswith(f"The tracking server {uri} {told}")
    assert len(requests) == 1


def test_what_a_wrong_answer_says_is_told_in_a_line() -> None:
    page = "<html>\n" + 1000 * "words of a page "
    with answer(404, page) as (uri, _), pytest.raises(TrackingError, match="code 404") as error:
        check_server(uri)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    with answer(502, page) as (uri, _), pytest.raises(TrackingError, match=r"\(too many 502"):
        check_server(uri)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_server_that_is_down_is_told(scheme: str) -> None:
    uri = f"{scheme}://127.0.0.1:{find_free_port()}"
    with pytest.raises(TrackingError) as error:
        check_server(uri)
    assert str(error.value) == (
        f"The tracking server {uri} cannot be reached: connection refused. Start it with "
        "`make mlflow-server`, or set server.mlflow_tracking_uri in mlflow.yml."
    )


def test_server_that_is_silent_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """In its own time, not in that which the requests of a run may take."""
    monkeypatch.setattr(connection, "TIMEOUT_SECONDS", 1)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    start = monotonic()
    with listen_in_silence() as uri, pytest.raises(TrackingError) as error:
        check_server(uri)
    assert f"{uri} does not answer in 1 seconds. Start it" in str(error.value)
    assert monotonic() - start < 20


def test_the_run_itself_may_try_again_as_often_as_it_was_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "3")
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT", raising=False)
    with answer(401, "") as (uri, _), pytest.raises(TrackingError):
        check_server(uri)
    assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "3"
    assert "MLFLOW_HTTP_REQUEST_TIMEOUT" not in os.environ


def test_who_is_inside_already_writes_nothing_into_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other threads may be reading it."""
    monkeypatch.delenv("MLFLOW_HTTP_REQUEST_TIMEOUT", raising=False)
    with try_once():
        assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"
        with monkeypatch.context() as patch:
            patch.setattr(os, "putenv", lambda *_: pytest.fail("it was written"))
            patch.setattr(os, "unsetenv", lambda *_: pytest.fail("it was written"))
            with answer(200, "{}") as (uri, requests):
                check_server(uri)
        assert len(requests) == 1
    assert "MLFLOW_HTTP_REQUEST_TIMEOUT" not in os.environ


def test_database_is_not_asked() -> None:
    check_server("sqlite:////nowhere/at/all.db")


def run_in(project: TinyProject, env: str | None) -> None:
    with KedroSession.create(project.path, env=env) as session:
        session.run(pipeline_names=["collection"])


@pytest.mark.slow
def test_login_leaves_the_environment_with_the_next_session(
    project: TinyProject, tracking_server: TrackingServer
) -> None:
    tracking_server.configure(project)
    run_in(project, "server")
    assert os.environ["MLFLOW_TRACKING_PASSWORD"] == tracking_server.password
    run_in(project, None)
    assert [name for name in LOGIN if name in os.environ] == []
    assert len(project.list_runs()) == 1


@pytest.mark.slow
def test_login_of_the_environment_stays(
    project: TinyProject, tracking_server: TrackingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking_server.configure(project)
    (project.path / "conf/local/credentials.yml").unlink()
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", tracking_server.user)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", tracking_server.password)
    run_in(project, "server")
    run_in(project, None)
    assert os.environ["MLFLOW_TRACKING_PASSWORD"] == tracking_server.password


def test_files_are_in_the_project_wherever_the_command_is_typed(
    project: TinyProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = project.path / "conf" / "local_files"
    env.mkdir()
    (env / "mlflow.yml").write_bytes((ROOT / "conf/local_files/mlflow.yml").read_bytes())
    monkeypatch.chdir(project.path / "conf")
    run_in(project, "local_files")
    (run,) = mlflow.search_runs(output_format="list")
    assert run.info.artifact_uri.startswith((project.path / "mlruns").as_uri())
    assert not (project.path / "mlartifacts").exists()
    assert project.list_runs() == []
