"""`kedro alerts`: what somebody should know, and who has taken note."""

from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from typing import TYPE_CHECKING

import click
from kedro.framework.cli.utils import env_option
from kedro.framework.startup import ProjectMetadata

from .errors import ProjectCommand

if TYPE_CHECKING:
    from flight_delays.kedro_parts.datasets.alerts import AlertsDataset


@click.group()
def alerts() -> None:
    """What somebody should know, and who has taken note."""


@alerts.command("list", cls=ProjectCommand)
@click.option("--all", "resolved_too", is_flag=True, help="Those that are resolved as well.")
@env_option
@click.pass_obj
def list_alerts(project: ProjectMetadata, resolved_too: bool, env: str | None) -> None:
    """List number, state, kind, subject, months and message."""
    with _open_alerts(project, env) as dataset:
        for alert in dataset.load():
            if resolved_too or alert.state != "resolved":
                months = f"{alert.first_seen} to {alert.last_seen}"
                words = (alert.id, alert.state, alert.kind, alert.subject, months, alert.message)
                click.echo("\t".join(map(str, words)))


@alerts.command(cls=ProjectCommand)
@click.argument("number", type=int)
@click.option("--by", default=getuser, show_default="you", help="Who has taken note.")
@click.option("--why", default="", help="What they say about it.")
@env_option
@click.pass_obj
def acknowledge(project: ProjectMetadata, number: int, by: str, why: str, env: str | None) -> None:
    """Take note of an alert: it keeps quiet until it is resolved."""
    with _open_alerts(project, env) as dataset:
        dataset.store.acknowledge(number, by, why)
        for failure in dataset.send():
            click.echo(failure, err=True)


@alerts.command(cls=ProjectCommand)
@env_option
@click.pass_obj
def send(project: ProjectMetadata, env: str | None) -> None:
    """Send what waits for a webhook."""
    with _open_alerts(project, env) as dataset:
        if failures := dataset.send():
            raise click.ClickException("\n".join(failures))


@contextmanager
def _open_alerts(project: ProjectMetadata, env: str | None) -> Iterator["AlertsDataset"]:
    # Only here, because it takes seconds.
    from kedro.framework.session import KedroSession

    with KedroSession.create(project.project_path, env=env) as session:
        yield session.load_context().catalog["alerts"]  # type: ignore[attr-defined]
