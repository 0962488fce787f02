"""`kedro serve` and `kedro board`: the live board over HTTP, as of now or on a past day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from kedro.framework.cli.utils import env_option
from kedro.framework.startup import ProjectMetadata
from kedro.io import DatasetError

from .api_key import find_keys
from .errors import ProjectCommand

if TYPE_CHECKING:
    from kedro.io import DataCatalog

    from flight_delays.serving.api.keys import ApiKeys
    from flight_delays.serving.desk.desk import Desk

# The waits between them grow to half a minute altogether.
CONNECT_RETRIES = 7

host_option = click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen."
)
port_option = click.option("--port", default=8080, show_default=True, help="The port to listen on.")
no_keys_option = click.option(
    "--no-keys", is_flag=True, help="Let everybody who can reach it ask and tell."
)


@click.command(cls=ProjectCommand)
@host_option
@port_option
@no_keys_option
@env_option
@click.pass_obj
def serve(project: ProjectMetadata, host: str, port: int, no_keys: bool, env: str | None) -> None:
    """Serve the live board over HTTP."""
    keys = find_keys(project)
    if no_keys:
        _warn_of_no_keys(host, port)
    elif not keys.list_keys():
        raise click.ClickException(
            "There is no API key yet: `kedro api-key create <name> --role=write` prints one."
        )
    with _open_project(project, env) as (catalog, parameters):
        from flight_delays.serving.desk.start import open_desk

        desk = open_desk(catalog, parameters)
        desk.start()
        click.echo(f"Version {desk.version} answers at http://{host}:{port}, described at /docs")
        _listen(desk, None if no_keys else keys, host, port)


@click.command(cls=ProjectCommand)
@host_option
@port_option
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%dT%H:%MZ"]),
    default="2013-12-17T15:00Z",
    show_default=True,
    help="The moment of the past to begin at, in UTC.",
)
@click.option(
    "--speed",
    type=click.FloatRange(0, 3600, min_open=True),
    default=60.0,
    show_default=True,
    help="How many minutes go by in one.",
)
@no_keys_option
@env_option
@click.pass_obj
def board(
    project: ProjectMetadata,
    host: str,
    port: int,
    as_of: datetime,
    speed: float,
    no_keys: bool,
    env: str | None,
) -> None:
    """Show the board on a past day, which is told to it as it happened; nothing of it is kept.

    Without a champion the challenger is promoted first.
    """
    with (
        TemporaryDirectory() as scratch,
        _open_project(project, env, promote=True) as (catalog, parameters),
    ):
        import httpx

        from flight_delays.serving.api.keys import ApiKeys
        from flight_delays.serving.desk.start import open_past_desk

        moment = as_of.replace(tzinfo=UTC)
        desk, player = open_past_desk(catalog, parameters, moment, speed, Path(scratch))
        keys = ApiKeys(Path(scratch) / "keys.json")
        address = f"http://{host}:{port}"
        if no_keys:
            _warn_of_no_keys(host, port)
        link = address if no_keys else f"{address}/open?key={keys.create('page', 'read')}"
        desk.start()
        headers = {} if no_keys else {"X-API-Key": keys.create("player", "write")}
        # The server is still starting.
        transport = httpx.HTTPTransport(retries=CONNECT_RETRIES)
        player.connect(
            httpx.Client(base_url=address, headers=headers, transport=transport, timeout=60)
        )
        player.start()
        click.echo(f"Version {desk.version} shows {moment:%Y-%m-%d %H:%MZ} and what follows at")
        click.secho(link, bold=True)
        try:
            _listen(desk, None if no_keys else keys, host, port)
        finally:
            player.stop()


@contextmanager
def _open_project(
    project: ProjectMetadata, env: str | None, promote: bool = False
) -> Iterator[tuple["DataCatalog", dict[str, Any]]]:
    """Open the catalog and the parameters of a project."""
    # Only here, because it takes seconds.
    from kedro.framework.session import KedroSession

    from flight_delays.registry.connection import try_once

    if promote:
        with try_once(), KedroSession.create(project.project_path, env=env) as session:
            _promote_if_there_is_no_champion(session)
    with try_once(), KedroSession.create(project.project_path, env=env) as session:
        context = session.load_context()  # type: ignore[attr-defined]
        yield context.catalog, context.params


def _promote_if_there_is_no_champion(session: Any) -> None:
    try:
        champion = session.load_context().catalog.load("champion_number")
    except DatasetError:
        return  # the registry cannot be asked, and the version that answered last may do
    if champion is None:
        session.run(pipeline_names=["promotion"])


def _warn_of_no_keys(host: str, port: int) -> None:
    click.secho(f"Whoever reaches {host}:{port} may ask and tell: --no-keys.", fg="red")


def _listen(desk: "Desk", keys: "ApiKeys | None", host: str, port: int) -> None:
    from flight_delays.serving.api.app import create_app
    from flight_delays.serving.api.server import run_server

    try:
        run_server(create_app(desk, keys), host, port)
    finally:
        desk.stop()
