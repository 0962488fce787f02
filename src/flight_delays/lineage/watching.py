"""Runs a command that takes long, and shows how far it is."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text


def watch(
    command: Sequence[object],
    folder: Path,
    variables: Mapping[str, str],
    title: str,
    console: Console,
) -> tuple[int, str]:
    """Run a command to its end; it ends as well when this process is interrupted.

    Args:
        command: What to run, and its arguments.
        folder: Where to run it.
        variables: Its environment variables.
        title: What a terminal shows until the command prints something.
        console: Where a terminal shows the last line that the command has printed.

    Returns:
        Its exit code, and what it printed.
    """
    printed = []
    with (
        console.status(title) as status,
        subprocess.Popen(  # noqa: S603
            [*map(str, command)],
            cwd=folder,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                printed.append(line)
                status.update(Text(line.strip()))
        except BaseException:
            process.kill()
            process.wait()
            raise
    return process.returncode, "".join(printed)
