"""A project that was moved or copied finds its artifacts again."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

# Where MLflow's database holds addresses. It holds them in full, and has no command to change them.
ADDRESSES = {
    "experiments": "artifact_location",
    "runs": "artifact_uri",
    "logged_models": "artifact_location",
    "model_versions": "storage_location",
}


def relocate_artifacts(database: Path, experiment: str, artifacts: Path) -> None:
    """Let a database point to the artifacts that came along with it.

    Nothing happens where they are where it says, or none came along.

    Args:
        database: MLflow's SQLite file.
        experiment: An experiment whose artifacts lie in the folder.
        artifacts: The folder.
    """
    if not (database.exists() and artifacts.exists()):
        return
    with closing(sqlite3.connect(database)) as connection, connection:
        found = connection.execute(
            "SELECT artifact_location FROM experiments WHERE name = ?", (experiment,)
        ).fetchone()
        old, new = found[0] if found else "", f"file://{quote(artifacts.as_posix())}"
        if old.startswith("file://") and old != new:
            for table, column in ADDRESSES.items():
                connection.execute(
                    f"UPDATE {table} SET {column} = ? || substr({column}, ?) "  # noqa: S608
                    f"WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                    (new, len(old) + 1, old, len(old) + 1, f"{old}/"),
                )
