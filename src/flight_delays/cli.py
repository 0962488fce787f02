"""The project's commands, which tell a user's error in one message, Kedro's `run` among them."""

import signal
import traceback
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
from kedro.config import MissingConfigException
from kedro.framework.cli.project import run as kedro_run
from kedro.framework.cli.utils import env_option
from kedro.framework.startup import ProjectMetadata
from kedro.io import DatasetError
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from flight_delays.errors import DataError, TrackingError

if TYPE_CHECKING:
    from flight_delays.serving.api.keys import ApiKeys

KEYS = Path("conf/local/api_keys.json")

# In the data or the parameters, at the tracking server, in a dataset, in the files of conf.
USER_ERRORS = (
    DataError,
    TrackingError,
    DatasetError,
    MissingConfigException,
    OmegaConfBaseException,
    YAMLError,
)


class ProjectCommand(click.Command):
    """A command that tells errors which a user can mend without their traceback.

    All others keep it.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Turn a user's error into click's: one message, exit code 1."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error, USER_ERRORS) or _is_refusal(error) or _is_of_mlflow(error):
                raise click.ClickException(str(error)) from error
            raise


class RunCommand(ProjectCommand):
    """Kedro's `run`, with `--pipeline` for `--pipelines`, and without what does not work here."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run, the pipelines under the name that Kedro has for them."""
        _rename_pipeline(ctx.params)
        _refuse_options(ctx.params)
        return super().invoke(ctx)


def _rename_pipeline(options: dict[str, Any]) -> None:
    # Most people type --pipeline, and Kedro would warn them that it is called --pipelines now.
    if options["pipeline"] and options["pipelines"]:
        raise click.UsageError("Give --pipeline or --pipelines, not both.")
    if options["pipeline"]:
        options |= {"pipeline": None, "pipelines": [options["pipeline"]]}


def _refuse_options(options: dict[str, Any]) -> None:
    if (options["runner"] or "").endswith("ParallelRunner"):
        raise click.UsageError(
            "ParallelRunner calls no hooks in its processes, so nothing would be tracked: "
            "take --runner=ThreadRunner."
        )
    if options["is_async"] or options["runner_params"].get("is_async"):
        raise click.UsageError(
            "Saved in threads of their own, as --async does, results would be scattered over "
            "several MLflow runs: leave it out."
        )
    if options["load_versions"]:
        raise click.UsageError(
            "Nothing in the catalog is versioned, so --load-versions has no effect: leave it out. "
            "`kedro reproduce` repeats a run of the past."
        )


def _is_refusal(error: Exception) -> bool:
    # Kedro itself refuses a pipeline, node or dataset that it does not know with a ValueError.
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return isinstance(error, ValueError) and frame.f_globals["__name__"].startswith("kedro.")


def _is_of_mlflow(error: Exception) -> bool:
    # By its name, because to import MLflow takes seconds.
    return type(error).__module__ == "mlflow.exceptions"


@click.group(name="flight_delays")
def cli() -> None:
    """Commands of this project."""


run = RunCommand("run", callback=kedro_run.callback, params=kedro_run.params, help=kedro_run.help)
cli.add_command(run)


@cli.command(cls=ProjectCommand)
@click.argument("run_id")
@env_option
@click.option(
    "--present-code", is_flag=True, help="Run what is here now, in place of the run's commit."
)
@click.pass_context
def reproduce(ctx: click.Context, run_id: str, env: str | None, present_code: bool) -> None:
    """Run an MLflow run again and compare the results.

    Tells which of code, lock, raw tables, packages and parameters have changed since. The run's
    commit is run in a temporary folder; if this environment is not the run's, in one that is built
    from the commit's lock. The exit code is 0 if all results are identical.
    """
    # Only here, because it imports MLflow, which takes seconds.
    from flight_delays.lineage.reproduce import reproduce as run_again

    # However it ends, what is temporary is removed.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not run_again(run_id, env, present_code):
        ctx.exit(1)


@cli.command(cls=ProjectCommand)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8080, show_default=True, help="The port to listen on.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%dT%H:%MZ"]),
    help="Play a past day again from this moment in UTC; nothing of it is kept.",
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    help="Of the past day: how many minutes go by in one.",
)
@click.option("--no-keys", is_flag=True, help="Let everybody who can reach it ask and tell.")
@env_option
@click.pass_obj
def serve(
    project: ProjectMetadata,
    host: str,
    port: int,
    as_of: datetime | None,
    speed: float,
    no_keys: bool,
    env: str | None,
) -> None:
    """Serve the live board over HTTP."""
    # Only here, because they take seconds.
    from kedro.framework.session import KedroSession

    from flight_delays.serving.api.app import create_app
    from flight_delays.serving.api.server import run_server
    from flight_delays.serving.start import open_desk, open_replayed_desk

    keys = _find_keys(project)
    if no_keys:
        click.secho(f"Whoever reaches {host}:{port} may ask and tell: --no-keys.", fg="red")
    elif not keys.list_keys():
        raise click.ClickException(
            "There is no API key yet: `kedro api-key create <name> --role=write` prints one."
        )
    with (
        TemporaryDirectory() as scratch,
        KedroSession.create(project.project_path, env=env) as session,
    ):
        context = session.load_context()  # type: ignore[attr-defined]
        held = context.catalog, context.params
        desk = (
            open_replayed_desk(*held, as_of.replace(tzinfo=UTC), speed, Path(scratch))
            if as_of
            else open_desk(*held)
        )
        desk.start()
        click.echo(f"Version {desk.version} answers at http://{host}:{port}, described at /docs")
        try:
            app = create_app(desk, None if no_keys else keys)
            run_server(app, host, port)
        finally:
            desk.stop()


@cli.group(name="api-key")
def api_key() -> None:
    """Who may ask the live board, and who may tell it."""


@api_key.command(cls=ProjectCommand)
@click.argument("name")
@click.option("--role", type=click.Choice(["read", "write"]), required=True)
@click.pass_obj
def create(project: ProjectMetadata, name: str, role: Any) -> None:
    """Make a key and print it, once: only its digest is kept."""
    click.echo(_find_keys(project).create(name, role))


@api_key.command("list", cls=ProjectCommand)
@click.pass_obj
def list_keys(project: ProjectMetadata) -> None:
    """List names, roles and dates."""
    for name, record in _find_keys(project).list_keys().items():
        click.echo(f"{name}\t{record['role']}\t{record['created']}")


@api_key.command(cls=ProjectCommand)
@click.argument("name")
@click.pass_obj
def revoke(project: ProjectMetadata, name: str) -> None:
    """Take a key away; from then on it opens nothing."""
    _find_keys(project).revoke(name)


def _find_keys(project: ProjectMetadata) -> "ApiKeys":
    from flight_delays.serving.api.keys import ApiKeys

    return ApiKeys(project.project_path / KEYS)
