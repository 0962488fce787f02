"""The tracking server that tests use: a real one, with PostgreSQL and a login."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
import yaml
from mlflow import MlflowClient

from flight_delays.registry.connection import LOGIN
from projects import ROOT, Project, TinyProject
from tracking_server.serve import serve


@dataclass(frozen=True)
class TrackingServer:
    """A tracking server that runs."""

    folder: Path
    uri: str
    user: str
    password: str

    @classmethod
    @contextmanager
    def start(cls, folder: Path) -> Iterator["TrackingServer"]:
        """Start a server that keeps all in a folder, and stop it in the end."""
        port, user, password = find_free_port(), "admin", "correct horse battery staple"
        with serve(folder, port, dict(zip(LOGIN, (user, password), strict=True))):
            yield cls(folder, f"http://127.0.0.1:{port}", user, password)

    def configure(self, project: Project | TinyProject) -> None:
        """Make `--env=server` mean this server, with the sample's parameters in a clone."""
        conf = project.path / "conf"
        copytree(ROOT / "conf" / "server", conf / "server", dirs_exist_ok=True)
        set_address(project, self.uri)
        if (conf / "test").exists():
            copytree(conf / "test", conf / "server", dirs_exist_ok=True)
        (conf / "local").mkdir(exist_ok=True)
        login = dict(zip(LOGIN, (self.user, self.password), strict=True))
        (conf / "local" / "credentials.yml").write_text(yaml.safe_dump({"mlflow_server": login}))

    @contextmanager
    def open_client(self) -> Iterator[MlflowClient]:
        """Log in, for a test that looks at the server."""
        with pytest.MonkeyPatch.context() as environment:
            for name, value in zip(LOGIN, (self.user, self.password), strict=True):
                environment.setenv(name, value)
            yield MlflowClient(self.uri)


def set_address(project: Project | TinyProject, uri: str) -> None:
    """Make `--env=server` mean the server at another address."""
    path = project.path / "conf" / "server" / "mlflow.yml"
    conf = yaml.safe_load(path.read_text())
    conf["server"]["mlflow_tracking_uri"] = uri
    path.write_text(yaml.safe_dump(conf))


def find_free_port() -> int:
    """Find a port on the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def listen_in_silence() -> Iterator[str]:
    """Listen on an address and never answer: what a firewall or a hanging server looks like."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"
