"""A backup is whole whatever others write meanwhile, and a restore overwrites nothing."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from backup import copies
from backup.__main__ import main
from backup.copies import make_backup, restore_backup
from flight_delays.errors import DataError

LOG = Path("data/07_model_output/prediction_log")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a champion, a key and an open day of the prediction log."""
    path = tmp_path / "project"
    for name in ("mlartifacts/1", "data/01_raw", "data/03_primary", LOG, "conf/local"):
        (path / name).mkdir(parents=True)
    (path / "data/01_raw/.gitkeep").touch()
    (path / "mlartifacts/1/model.skops").write_text("model")
    (path / "data/03_primary/flights.parquet").write_text("made by data_processing")
    (path / "conf/local/api_keys.json").write_text("keys")
    (path / "conf/local/api_keys.json").chmod(0o600)
    for name in ("mlflow.db", LOG / "open.db"):
        with closing(sqlite3.connect(path / name)) as database, database:
            database.execute("CREATE TABLE batches (day TEXT)")
            database.execute("INSERT INTO batches VALUES ('2013-11-15')")
    return path


def read_days(project: Path) -> list[str]:
    with closing(sqlite3.connect(project / LOG / "open.db")) as database:
        return [day for (day,) in database.execute("SELECT day FROM batches ORDER BY day")]


def test_what_comes_back_is_what_no_pipeline_makes(project: Path, tmp_path: Path) -> None:
    make_backup(project, tmp_path / "copy")
    clone = tmp_path / "clone"
    (clone / "data/01_raw").mkdir(parents=True)
    (clone / "data/01_raw/.gitkeep").touch()
    restore_backup(clone, tmp_path / "copy")
    assert read_days(clone) == ["2013-11-15"]
    assert (clone / "mlartifacts/1/model.skops").read_text() == "model"
    assert (clone / "mlflow.db").exists()
    assert not (clone / "data/03_primary").exists()


def test_only_its_owner_reads_it(project: Path, tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir(mode=0o755)
    make_backup(project, tmp_path / "copy")
    restore_backup(tmp_path / "clone", tmp_path / "copy")
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "clone").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "clone/conf/local/api_keys.json").stat().st_mode) == 0o600


def test_a_database_in_use_is_copied_as_committed(project: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(project / LOG / "open.db")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("INSERT INTO batches VALUES ('2013-11-16')")
        database.commit()  # it stands in open.db-wal, not in open.db
        database.execute("INSERT INTO batches VALUES ('2013-11-17')")
        (project / LOG / "2013-11-14.part").write_text("half a day")
        make_backup(project, tmp_path / "copy")
    assert read_days(tmp_path / "copy") == ["2013-11-15", "2013-11-16"]
    assert not [*(tmp_path / "copy").rglob("*.part")]


def test_a_day_that_is_closed_meanwhile_is_not_lost(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows leave the database when its file is there, so the database is copied first."""

    def close_day_before(*arguments: Any, **options: Any) -> Path:
        (project / LOG / "2013-11-15.parquet").write_text("rows")
        with closing(sqlite3.connect(project / LOG / "open.db")) as database, database:
            database.execute("DELETE FROM batches")
        return Path(copytree(*arguments, **options))

    monkeypatch.setattr(copies, "copytree", close_day_before)
    make_backup(project, tmp_path / "copy")
    assert read_days(tmp_path / "copy") == ["2013-11-15"]
    assert (tmp_path / "copy" / LOG / "2013-11-15.parquet").exists()


def test_a_backup_that_fails_leaves_nothing(project: Path, tmp_path: Path) -> None:
    (project / "mlflow.db").write_text("no database")
    with pytest.raises(DataError, match=r"mlflow\.db cannot be copied"):
        make_backup(project, tmp_path / "copy")
    assert [*tmp_path.iterdir()] == [project]


def test_what_a_killed_backup_left_is_in_nobodys_way(project: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.part").mkdir()
    (tmp_path / "copy.part/mlartifacts").touch()
    make_backup(project, tmp_path / "copy")
    assert (tmp_path / "copy/mlartifacts/1/model.skops").exists()


def test_a_backup_in_the_project_does_not_copy_itself(project: Path) -> None:
    make_backup(project, project / "data/08_reporting/copy")
    assert (project / "data/08_reporting/copy/mlartifacts/1/model.skops").exists()


def test_nothing_is_overwritten(project: Path, tmp_path: Path) -> None:
    make_backup(project, tmp_path / "copy")
    (project / "conf/local/api_keys.json").write_text("newer keys")
    with pytest.raises(DataError, match="copy is there already"):
        make_backup(project, tmp_path / "copy")
    with pytest.raises(DataError, match="is there, and nothing is overwritten"):
        restore_backup(project, tmp_path / "copy")
    assert (project / "conf/local/api_keys.json").read_text() == "newer keys"
    assert (tmp_path / "copy/conf/local/api_keys.json").read_text() == "keys"


def test_what_is_no_project_and_what_is_no_backup_are_told(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="holds nothing to back up"):
        main(["make", "copy"])
    with pytest.raises(SystemExit, match="nowhere is no backup"):
        main(["restore", "nowhere"])
