"""What a run is made from - code, tables, packages, parameters - told so that two runs compare."""

import hashlib
import platform
import subprocess
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs

from flight_delays.lineage.catalog_entries import get_path


def describe_code(project_path: Path) -> dict[str, str]:
    """Say which code a run was made with.

    Args:
        project_path: The root of the project.

    Returns:
        `git_commit` (full hash), `git_dirty` (`true` or `false`; a file that is neither committed
        nor ignored is dirt too) and `lock_sha256` (of requirements.txt, as `sha256sum` gives it),
        each `unknown` where there is no git or no such file; and `python_version`.
    """
    commit = _ask_git(project_path, "rev-parse", "--verify", "HEAD")
    status = _ask_git(project_path, "status", "--porcelain")
    lock = project_path / "requirements.txt"
    return {
        "git_commit": commit or "unknown",
        "git_dirty": "unknown" if status is None else str(bool(status)).lower(),
        "lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest()
        if lock.exists()
        else "unknown",
        "python_version": platform.python_version(),
    }


def digest_tables(tables: dict[str, dict[str, Any]]) -> str:
    """Digest the files behind catalog entries: SHA-256 over each one's name and contents.

    The name is the entry's, with the path below it where the entry is a folder, so that the digest
    is the same in every copy of the project. Files of a folder that the entry does not read (its
    `filename_suffix`) do not count, and neither does an entry that has no files.

    Args:
        tables: Entries of the catalog by name, as configured.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name, entry in sorted(tables.items()):
        fs, root = url_to_fs(get_path(entry))
        for path in fs.find(root):
            if path.endswith(entry.get("filename_suffix", "")):
                with fs.open(path, "rb") as file:
                    contents = hashlib.file_digest(file, "sha256").hexdigest()
                digest.update(f"{name}{path.removeprefix(root)} {contents}\n".encode())
    return digest.hexdigest()


def digest_table(name: str, entry: dict[str, Any]) -> str | None:
    """Digest the files behind one catalog entry, in as many digits as MLflow takes of a dataset.

    Args:
        name: The entry's name.
        entry: The entry as configured.

    Returns:
        The first 36 digits of what `digest_tables` gives, None where there are no files.
    """
    digest = digest_tables({name: entry})
    return None if digest == hashlib.sha256().hexdigest() else digest[:36]


def list_packages() -> dict[str, str]:
    """List the installed packages.

    Returns:
        Their versions by name, in the order of `pip freeze`.
    """
    packages: dict[str, str] = {}
    for package in distributions():
        # What an interrupted installation left behind has neither.
        if package.read_text("METADATA") or package.read_text("PKG-INFO"):
            packages.setdefault(package.name, package.version)  # the first is the one imported
    return dict(sorted(packages.items(), key=lambda item: item[0].lower()))


def _ask_git(project_path: Path, *question: str) -> str | None:
    try:
        answer = subprocess.run(  # noqa: S603
            ["git", *question],  # noqa: S607
            cwd=project_path,
            check=True,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()
