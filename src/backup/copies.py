"""Copy what matters out of a project and into one."""

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copy2, copytree, ignore_patterns, rmtree

from flight_delays.errors import DataError

# The rest of data is made from these by pipelines.
PARTS = (
    "mlflow.db",
    "mlartifacts",
    "mlruns",
    "data/01_raw",
    "data/06_models",
    "data/07_model_output",
    "data/08_reporting",
    "conf/local",
)
# Databases are copied by themselves; a file that is written under another name is not whole.
NO_FILES = ignore_patterns("*.db", "*.db-*", "*.part")


def make_backup(project: Path, folder: Path) -> None:
    """Copy what no pipeline can make again, as it is at this moment.

    Others may write meanwhile. A database is copied in one transaction, and before all files: the
    artifacts of a version, and the day of the prediction log that leaves its database, are written
    before the database says so. So a copy of it names nothing that is missing.

    Args:
        project: The project.
        folder: A new folder, laid out as the project. It has its name once it is whole.

    Raises:
        DataError: The folder is there, there is nothing to copy, or a database is damaged.
    """
    if folder.exists():
        raise DataError(f"{folder} is there already: name a new folder for each backup.")
    if not (files := _list_files(project)):
        raise DataError(f"{project} holds nothing to back up: type this in the project.")
    new = folder.with_name(f"{folder.name}.part")
    rmtree(new, ignore_errors=True)  # of one that was killed
    new.mkdir(mode=0o700, parents=True)
    try:
        for database in [file for file in files if file.suffix == ".db"]:
            _copy_database(database, new / database.relative_to(project))
        for there in filter(Path.is_dir, _list_parts(project)):
            copytree(there, new / there.relative_to(project), ignore=NO_FILES, dirs_exist_ok=True)
        new.rename(folder)
    finally:
        rmtree(new, ignore_errors=True)


def restore_backup(project: Path, folder: Path) -> None:
    """Put a backup back into a project that has nothing of what it holds.

    Args:
        project: The project, as cloned.
        folder: What `make_backup` made.

    Raises:
        DataError: The folder holds no backup, or the project holds such files already.
    """
    if not _list_files(folder):
        raise DataError(f"{folder} is no backup: name a folder that `make backup` made.")
    if there := _list_files(project):
        raise DataError(
            f"{there[0]} is there, and nothing is overwritten: restore into a fresh clone, or move "
            f"{', '.join(PARTS)} away first."
        )
    for part in _list_parts(folder):
        target = project / part.relative_to(folder)
        if part.is_dir():
            copytree(part, target, dirs_exist_ok=True)
        else:
            copy2(part, target)


def _list_parts(project: Path) -> list[Path]:
    return [path for name in PARTS if (path := project / name).exists()]


def _list_files(project: Path) -> list[Path]:
    """List the files of the parts, but those that git has."""
    paths = [path for part in _list_parts(project) for path in (part, *part.rglob("*"))]
    return [path for path in paths if path.is_file() and path.name != ".gitkeep"]


def _copy_database(database: Path, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.DatabaseError as error:
        raise DataError(f"{database} cannot be copied: {error}.") from error
