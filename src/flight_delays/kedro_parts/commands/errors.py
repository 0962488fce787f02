"""Commands tell a user's error in one message."""

import os
import traceback
from typing import Any

import click
from kedro.config import MissingConfigException
from kedro.io import DatasetError
from omegaconf.errors import OmegaConfBaseException
from yaml import YAMLError

from flight_delays.errors import DataError, NothingToDo, TrackingError

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
        """Turn a user's error into click's: one message, exit code 1; 0 if nothing is to do."""
        try:
            return super().invoke(ctx)
        except NothingToDo as reason:
            click.echo(reason)
            # A scheduler has to tell it from success, for what comes after it.
            ctx.exit(int(os.environ.get("EXIT_CODE_IF_NOTHING_TO_DO", "0")))
        except Exception as error:
            if isinstance(error, USER_ERRORS) or _is_refusal(error) or _is_of_mlflow(error):
                raise click.ClickException(str(error)) from error
            raise


def _is_refusal(error: Exception) -> bool:
    # Kedro itself refuses a pipeline, node or dataset that it does not know with a ValueError.
    *_, (frame, _) = traceback.walk_tb(error.__traceback__)
    return isinstance(error, ValueError) and frame.f_globals["__name__"].startswith("kedro.")


def _is_of_mlflow(error: Exception) -> bool:
    # By its name, because to import MLflow takes seconds.
    return type(error).__module__ == "mlflow.exceptions"
