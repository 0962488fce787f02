"""How Kedro runs this project. See https://docs.kedro.org/en/stable/configure/project_settings/."""

import os
import warnings
from pathlib import Path

import yaml
from kedro.framework.project import LOGGING, configure_logging
from kedro.utils import find_kedro_project
from omegaconf.resolvers import oc

from flight_delays.kedro_parts.hooks.alerts import AlertHooks
from flight_delays.kedro_parts.hooks.checks import CheckHooks
from flight_delays.kedro_parts.hooks.console import ConsoleHooks
from flight_delays.kedro_parts.hooks.lineage import LineageHooks
from flight_delays.kedro_parts.hooks.parent_run import ParentRunHooks
from flight_delays.kedro_parts.hooks.tracking import TrackingHooks
from flight_delays.kedro_parts.resolvers import installed, package_file

HOOKS = (
    CheckHooks(),
    TrackingHooks(),
    ParentRunHooks(),
    LineageHooks(),
    AlertHooks(),
    ConsoleHooks(),
)

# TrackingHooks takes their place.
DISABLE_HOOKS_FOR_PLUGINS = ("kedro_mlflow",)

CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "local",
    # Kedro leaves variables of the environment to credentials; a server's address is no secret.
    "custom_resolvers": {"installed": installed, "package_file": package_file, "oc.env": oc.env},
    # An environment says only what differs, within a pipeline's parameters too.
    "merge_strategy": {"parameters": "soft", "mlflow": "soft"},
}

# Kedro and kedro-mlflow call a function that OmegaConf has renamed.
warnings.filterwarnings("ignore", message="register_new_resolver")

# Kedro looks for conf/logging.yml in the working directory only, and a notebook runs in its own.
project = find_kedro_project(Path.cwd())
if project and "KEDRO_LOGGING_CONFIG" not in os.environ:
    logging_config = yaml.safe_load((project / "conf" / "logging.yml").read_text())
    if logging_config != LOGGING:
        configure_logging(logging_config)
