"""`python -m backup make FOLDER` and `python -m backup restore FOLDER`."""

import argparse
import sys
from pathlib import Path

from kedro.utils import find_kedro_project

from flight_delays.errors import DataError

from .copies import make_backup, restore_backup


def main(arguments: list[str] | None = None) -> None:
    """Make a backup of the project that one stands in, or put one back.

    Args:
        arguments: Those of the command line.
    """
    parser = argparse.ArgumentParser(prog="backup")
    parser.add_argument("action", choices=["make", "restore"])
    parser.add_argument("folder", type=Path, help="of the backup")
    options = parser.parse_args(arguments)
    project = find_kedro_project(Path.cwd()) or Path.cwd()
    try:
        if options.action == "make":
            make_backup(project, options.folder)
            print(f"The backup is in {options.folder}, keys and logins too: let nobody read it.")
        else:
            restore_backup(project, options.folder)
            print("Restored. `kedro run --pipelines=data_processing` makes the tables again.")
    except DataError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
