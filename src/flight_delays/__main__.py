"""`python -m flight_delays`, where the package is installed and not the project around it.

It takes the options of `kedro run`, and the folder conf of the working directory.
"""

import sys
from typing import Any

from kedro.framework.cli.utils import find_run_command
from kedro.framework.project import configure_project


def main(*args: Any, **kwargs: Any) -> Any:
    """Run the pipelines, as schedulers that start Kedro packages call it."""
    configure_project("flight_delays")
    kwargs.setdefault("standalone_mode", not hasattr(sys, "ps1"))  # a console is not to be closed
    return find_run_command("flight_delays")(*args, **kwargs)


if __name__ == "__main__":
    main()
