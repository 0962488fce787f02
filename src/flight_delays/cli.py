"""The project's commands, which tell a user's error in one message, Kedro's `run` among them."""

import signal
from typing import Any

import click
from kedro.framework.cli.project import run as kedro_run
from kedro.framework.cli.utils import env_option

from flight_delays.kedro_parts.commands.alerts import alerts
from flight_delays.kedro_parts.commands.api_key import api_key
from flight_delays.kedro_parts.commands.errors import ProjectCommand
from flight_delays.kedro_parts.commands.serve import board, serve


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


for command in (serve, board, api_key, alerts):
    cli.add_command(command)
