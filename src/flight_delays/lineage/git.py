"""What the project asks of git, and a commit to run beside the working tree."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flight_delays.errors import DataError


def ask_git(folder: Path, *question: str) -> str | None:
    """Ask git a question in a folder.

    Args:
        folder: Where to ask.
        question: The command, such as `status`, and what belongs to it.

    Returns:
        The answer, None where there is no git, no repository or no answer.
    """
    try:
        return _run_git(folder, *question)
    except (OSError, subprocess.CalledProcessError):
        return None


@contextmanager
def check_out(project: Path, commit: str, folder: Path) -> Iterator[Path]:
    """Check a commit out into a git worktree, and remove that in the end, however it ends.

    Args:
        project: The root of the project, inside a repository that has the commit.
        commit: The commit.
        folder: An empty folder.

    Yields:
        The root of the project in the worktree.

    Raises:
        DataError: git cannot do it.
    """
    worktree = folder / "worktree"
    try:
        yield _add_worktree(project, commit, worktree)
    finally:
        ask_git(project, "worktree", "remove", "--force", "--force", str(worktree))


def _add_worktree(project: Path, commit: str, worktree: Path) -> Path:
    try:
        _run_git(project, "worktree", "add", "--quiet", "--detach", str(worktree), commit)
        # Where the repository holds more than the project, the project is a folder of it.
        return worktree / _run_git(project, "rev-parse", "--show-prefix")
    except subprocess.CalledProcessError as error:
        raise DataError(f"git cannot check out {commit}: {error.stderr.strip()}") from None


def _run_git(folder: Path, *command: str) -> str:
    done = subprocess.run(  # noqa: S603
        ["git", *command],  # noqa: S607
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
