"""The environment of a lock, built beside the one that asks for it."""

import hashlib
import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from flight_delays.errors import DataError

from .watching import watch


def provide_environment(lock: Path, folder: Path, console: Console) -> Path:
    """Provide the environment of a lock, of this Python: built the first time, and kept.

    Args:
        lock: The requirements, with hashes.
        folder: Where environments are kept; git is told to ignore it.
        console: Where to say that one is built.

    Returns:
        Its interpreter.

    Raises:
        DataError: It cannot be built; nothing is left of it.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    environment = folder / f"{digest[:12]}-python{platform.python_version()}"
    if not environment.exists():
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n")
        console.print("Building the environment of its lock beside this one, once: a minute or two")
        with TemporaryDirectory(dir=folder, prefix="unfinished-") as unfinished:
            _build(lock, Path(unfinished, "environment"), console)
            if not environment.exists():  # another process may have been faster
                Path(unfinished, "environment").rename(environment)
    return environment / "bin" / "python"


def _build(lock: Path, environment: Path, console: Console) -> None:
    # Isolated (-I), or pip would count the packages on PYTHONPATH as installed.
    pip = [environment / "bin" / "python", "-I", "-m", "pip", "install"]
    for command in (
        [sys.executable, "-m", "venv", environment],
        [*pip, "--no-deps", "--require-hashes", "--requirement", lock],
    ):
        code, printed = watch(command, lock.parent, os.environ, "Building", console)
        if code:
            reason = printed.strip().rpartition("ERROR: ")[2].partition("\n")[0]
            raise DataError(
                "The environment of the run's lock cannot be built, which takes a way to the "
                f"package index: {reason}"
            )
