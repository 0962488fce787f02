"""The project's commands: Kedro's own `run`, which tells a user's error in one message."""

import traceback
from typing import Any

import click
from kedro.config import MissingConfigException
from kedro.framework.cli.project import run as kedro_run
from kedro.io import DatasetError
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from flight_delays.errors import DataError

# In the data or the parameters, in a dataset, in the files of conf.
USER_ERRORS = (DataError, DatasetError, MissingConfigException, OmegaConfBaseException, YAMLError)


class RunCommand(click.Command):
    """A command that tells errors which a user can mend without their traceback.

    All others keep it.
    """

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn a user's error into click's: one message, exit code 1."""
        _rename_pipeline(ctx.params)
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error, USER_ERRORS) or _is_refusal(error):
                raise click.ClickException(str(error)) from error
            raise


def _rename_pipeline(options: dict[str, Any]) -> None:
    # Most people type --pipeline, and Kedro would warn them that it is called --pipelines now.
    if options["pipeline"] and options["pipelines"]:
        raise click.UsageError("Give --pipeline or --pipelines, not both.")
    if options["pipeline"]:
        options |= {"pipeline": None, "pipelines": [options["pipeline"]]}


def _is_refusal(error: Exception) -> bool:
    # Kedro itself refuses a pipeline, node or dataset that it does not know with a ValueError.
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return isinstance(error, ValueError) and frame.f_globals["__name__"].startswith("kedro.")


@click.group(name="flight_delays")
def cli() -> None:
    """Commands of this project."""


run = RunCommand("run", callback=kedro_run.callback, params=kedro_run.params, help=kedro_run.help)
cli.add_command(run)
