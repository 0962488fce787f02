"""`kedro api-key`: who may ask the live board, and who may tell it."""

from pathlib import Path
from typing import Any

import click
from kedro.framework.startup import ProjectMetadata

from flight_delays.serving.api.keys import ApiKeys

from .errors import ProjectCommand

KEYS = Path("conf/local/api_keys.json")


def find_keys(project: ProjectMetadata) -> ApiKeys:
    """Find the keys of a project."""
    return ApiKeys(project.project_path / KEYS)


@click.group(name="api-key")
def api_key() -> None:
    """Who may ask the live board, and who may tell it."""


@api_key.command(cls=ProjectCommand)
@click.argument("name")
@click.option("--role", type=click.Choice(["read", "write"]), required=True)
@click.pass_obj
def create(project: ProjectMetadata, name: str, role: Any) -> None:
    """Make a key and print it, once: only its digest is kept."""
    click.echo(find_keys(project).create(name, role))


@api_key.command("list", cls=ProjectCommand)
@click.pass_obj
def list_keys(project: ProjectMetadata) -> None:
    """List names, roles and dates."""
    for name, record in find_keys(project).list_keys().items():
        click.echo(f"{name}\t{record['role']}\t{record['created']}")


@api_key.command(cls=ProjectCommand)
@click.argument("name")
@click.pass_obj
def revoke(project: ProjectMetadata, name: str) -> None:
    """Take a key away; from then on it opens nothing."""
    find_keys(project).revoke(name)
