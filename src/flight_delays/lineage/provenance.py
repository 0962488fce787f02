"""What a run is made from - code, tables, packages, parameters - told so that two runs compare."""

import email
import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pandas as pd
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from flight_delays.lineage.catalog_entries import get_path

from .git import ask_git


def describe_code(project_path: Path) -> dict[str, str]:
    """Say which code a run was made with.

    Args:
        project_path: The root of the project.

    Returns:
        `git_commit` (full hash), `git_dirty` (`true` or `false`; a file that is neither committed
        nor ignored is dirt too) and `lock_sha256` (of requirements.txt, as `sha256sum` gives it),
        each `unknown` where there is no git or no such file; and `python_version`.
    """
    commit = ask_git(project_path, "rev-parse", "--verify", "HEAD")
    status = ask_git(project_path, "status", "--porcelain")
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
    is the same in every copy of the project. The contents of a Parquet file are those of its table,
    not of the file, which says who wrote it. Files of a folder that the entry does not read (its
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
                contents = _digest_file(fs, path)
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


def digest_files(files: Mapping[str, bytes]) -> str:
    """Digest the files of a delivery: their names and what is in them.

    Args:
        files: The contents by name.

    Returns:
        12 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


def digest_contents(table: pd.DataFrame) -> str:
    """Digest a table: the names and types of its columns, its values, and their order.

    Args:
        table: The table.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256(repr([*zip(table, map(str, table.dtypes), strict=True)]).encode())
    # Most texts are unique (flight_id): to number them first would take twice as long.
    digest.update(pd.util.hash_pandas_object(table, categorize=False).to_numpy().tobytes())
    return digest.hexdigest()


def list_packages() -> dict[str, str]:
    """List the installed packages.

    Returns:
        Their versions by name, in the order of `pip freeze`.
    """
    packages: dict[str, str] = {}
    for package in distributions():
        # `name` and `version` would each read and parse the whole file once more.
        text = package.read_text("METADATA") or package.read_text("PKG-INFO")
        if text:  # what an interrupted installation left behind has neither
            header = email.message_from_string(text.partition("\n\n")[0])
            packages.setdefault(header["Name"], header["Version"])  # the first is the one imported
    return dict(sorted(packages.items(), key=lambda item: item[0].lower()))


def _digest_file(fs: AbstractFileSystem, path: str) -> str:
    with fs.open(path, "rb") as file:
        if path.endswith(".parquet"):
            return digest_contents(pd.read_parquet(file))
        return hashlib.file_digest(file, "sha256").hexdigest()
