"""git repositories of tests."""

import subprocess
from pathlib import Path

IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.org"]


def git(folder: Path, *command: str) -> str:
    """Type `git ...` in a folder."""
    done = subprocess.run(
        ["git", *IDENTITY, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    """Commit everything that is in a folder, the first time in a new repository."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message=Go on")
    return git(folder, "rev-parse", "HEAD")
