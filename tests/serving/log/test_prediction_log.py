"""What was said is kept: whoever writes, whatever is killed, and for as long as asked."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.serving.log import prediction_log
from flight_delays.serving.log.prediction_log import PredictionLog

FRIDAY, SATURDAY = date(2013, 11, 15), date(2013, 11, 16)


def say(
    moment: str, *flights: str, late: float = 0.5, version: int = 7, wind: float = 3.0
) -> pd.DataFrame:
    """Rows of the log, with gaps in the index."""
    time = pd.Timestamp(moment).as_unit("us")
    rows = pd.DataFrame({"flight_id": pd.Series([*flights], dtype="str")}).assign(
        scheduled_departure=time + pd.Timedelta(minutes=30),
        prediction_time=time,
        lead_minutes=30,
        late_15=late,
        alert_15=late > 0.2,
        version=version,
        wind=np.float32(wind),
    )
    return rows.set_axis(rows.index * 2 + 5)


def tell(log: PredictionLog) -> list[tuple[str, str, int, float]]:
    """What the log has: day and hour, flight, version and probability of each row."""
    rows = log.read()
    hours = rows["prediction_time"].dt.strftime("%dT%H")
    return [*zip(hours, rows["flight_id"], rows["version"], rows["late_15"], strict=True)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "prediction_log"


@pytest.fixture
def log(folder: Path) -> PredictionLog:
    return PredictionLog(folder, keep_days=400)


def list_files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def count_batches(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "open.db")) as database:
        ((count,),) = database.execute("SELECT count(*) FROM batches")
    return int(count)


Write = Callable[[PredictionLog, pd.DataFrame], None]


@pytest.mark.parametrize("write", [PredictionLog.add, PredictionLog.write])
def test_what_was_written_is_there_for_whoever_comes_next(
    log: PredictionLog, folder: Path, write: Write
) -> None:
    write(log, say("2013-11-15T19:00Z", "b", "a"))
    write(log, say("2013-11-15T18:00Z", "b"))
    rows = PredictionLog(folder, keep_days=400).read()
    expected = pd.concat([say("2013-11-15T18:00Z", "b"), say("2013-11-15T19:00Z", "a", "b")])
    expected = expected.astype({"alert_15": "boolean"}).reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, expected, check_exact=True)


def test_a_day_is_open_in_sqlite_and_has_a_file_once_it_is_closed(
    log: PredictionLog, folder: Path
) -> None:
    log.add(pd.concat([say("2013-11-15T23:59Z", "a"), say("2013-11-16T00:00Z", "b")]))
    said = tell(log)
    assert list_files(folder) == ["open.db"]
    log.close_days(pd.Timestamp("2013-11-15T23:59Z"))
    assert list_files(folder) == ["open.db"]
    for _ in range(2):  # to close again changes nothing
        log.close_days(pd.Timestamp("2013-11-15T19:00-05:00"))  # midnight in UTC
        assert list_files(folder) == ["2013-11-15.parquet", "open.db"]
        assert count_batches(folder) == 1
        assert tell(log) == said
    assert list(pd.read_parquet(folder / "2013-11-15.parquet")["flight_id"]) == ["a"]


def test_a_day_that_is_closed_may_get_more(log: PredictionLog, folder: Path) -> None:
    for flight in ("a", "b"):
        log.add(say("2013-11-15T19:00Z", flight))
        log.close_days(pd.Timestamp("2013-11-16T00:00Z"))
    log.write(say("2013-11-15T19:00Z", "c"))
    log.add(say("2013-11-15T19:00Z", "d"))
    assert [flight for _, flight, _, _ in tell(log)] == [*"abcd"]
    assert count_batches(folder) == 1


def close(log: PredictionLog, _: pd.DataFrame) -> None:
    log.close_days(pd.Timestamp("2013-11-16T00:00Z"))


@pytest.mark.parametrize(
    "older", [[PredictionLog.add], [PredictionLog.add, close], [PredictionLog.write]]
)
@pytest.mark.parametrize(
    "newer", [[PredictionLog.add], [PredictionLog.add, close], [PredictionLog.write]]
)
def test_of_a_key_the_newer_row_stays(
    log: PredictionLog, older: list[Write], newer: list[Write]
) -> None:
    for late, steps in ((0.1, older), (0.9, newer)):
        for step in steps:
            step(log, say("2013-11-15T19:00Z", "a", late=late))
    assert tell(log) == [("15T19", "a", 7, 0.9)]
    close(log, pd.DataFrame())
    assert tell(log) == [("15T19", "a", 7, 0.9)]


@pytest.mark.parametrize("steps", [[PredictionLog.add], [PredictionLog.add, close]])
def test_versions_stand_beside_each_other_with_what_each_of_them_knows(
    log: PredictionLog, steps: list[Write]
) -> None:
    old = say("2013-11-15T19:00Z", "a").assign(late_60=0.1, alert_60=True)
    new = say("2013-11-15T19:00Z", "a", version=8).drop(columns="wind")
    for rows in (old, new.assign(fog=np.float32(1), aircraft_model="737-824")):
        for step in steps:
            step(log, rows)
    rows = log.read()
    assert list(rows["version"]) == [7, 8]
    assert rows["late_60"].isna().tolist() == [False, True]
    assert rows["alert_60"].tolist() == [True, pd.NA]
    assert rows["alert_15"].tolist() == [True, True]
    assert (rows.dtypes[["wind", "fog"]] == np.float32).all()
    assert rows.dtypes["aircraft_model"] == "str"
    assert (rows.dtypes[["alert_15", "alert_60"]] == "boolean").all()
    assert rows["wind"].isna().tolist() == [False, True]
    assert rows["aircraft_model"].isna().tolist() == [True, False]


def test_some_days_are_read_and_others_are_not(log: PredictionLog) -> None:
    log.write(say("2013-11-14T19:00Z", "a"))
    log.write(say("2013-11-15T19:00Z", "b"))
    for day in ("16", "17"):
        log.add(say(f"2013-11-{day}T19:00Z", "c"))
    read = log.read(FRIDAY, SATURDAY)["prediction_time"].dt.day
    assert list(read) == [15, 16]
    assert list(log.read(first=SATURDAY)["prediction_time"].dt.day) == [16, 17]
    assert list(log.read(last=FRIDAY)["prediction_time"].dt.day) == [14, 15]
    assert [day.day for day in log.list_days()] == [14, 15, 16, 17]


def test_where_nothing_is_it_says_what_fills_the_log_or_which_days_it_has(
    log: PredictionLog, folder: Path
) -> None:
    with pytest.raises(DataError, match=r"prediction_log is empty.*evaluation.*inference"):
        log.read()
    assert log.list_days() == []
    assert not folder.exists()  # to look makes nothing
    for write in (log.add, log.write):
        write(pd.DataFrame())
    with pytest.raises(DataError, match="prediction_log is empty"):
        log.read()
    log.add(say("2013-11-15T19:00Z", "a"))
    message = "nothing from 2013-11-16 to 9999-12-31: its days are from 2013-11-15 to 2013-11-15"
    with pytest.raises(DataError, match=message):
        log.read(first=SATURDAY)


@pytest.mark.parametrize("newest", ["written", "closed", "open"])
def test_files_are_kept_as_long_as_asked_before_the_newest_day(folder: Path, newest: str) -> None:
    log = PredictionLog(folder, keep_days=2)
    for day in ("12", "13", "14"):
        log.write(say(f"2013-11-{day}T19:00Z", "a"))
    assert len(list_files(folder)) == 4
    last = say("2013-11-15T19:00Z", "a")
    if newest == "written":
        log.write(last)
    else:
        log.add(last)
        log.close_days(pd.Timestamp("2013-11-16T00:00Z" if newest == "closed" else last.iat[0, 2]))
    assert [day.day for day in log.list_days()] == [13, 14, 15]


def test_a_process_that_dies_between_files_and_rows_loses_and_doubles_nothing(
    log: PredictionLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write(say("2013-11-15T18:00Z", "a"))
    for day in ("15", "16"):
        log.add(say(f"2013-11-{day}T19:00Z", "a"))
    said = tell(log)
    replace = Path.replace

    def die_before_the_second_file(part: Path, file: Path) -> None:
        if file.stem == "2013-11-16":
            raise SystemExit
        replace(part, file)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die_before_the_second_file)
        with pytest.raises(SystemExit):
            log.close_days(pd.Timestamp("2013-11-17T00:00Z"))
    assert list_files(folder) == ["2013-11-15.parquet", "2013-11-16.part", "open.db"]
    assert count_batches(folder) == 2
    assert tell(log) == said
    log.close_days(pd.Timestamp("2013-11-17T00:00Z"))
    assert list_files(folder) == ["2013-11-15.parquet", "2013-11-16.parquet", "open.db"]
    assert count_batches(folder) == 0
    assert tell(log) == said


def test_a_table_that_cannot_be_written_leaves_the_file_that_was_there(
    log: PredictionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.write(say("2013-11-15T18:00Z", "a"))
    said = tell(log)

    def write_half(table: pd.DataFrame, file: object, **options: object) -> None:
        file.write(b"PAR1")  # type: ignore[attr-defined]
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pd.DataFrame, "to_parquet", write_half)
        with pytest.raises(OSError, match="disk full"):
            log.write(say("2013-11-15T18:00Z", "b"))
    assert tell(log) == said


def test_a_day_that_is_closed_while_it_is_read_is_read(
    log: PredictionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(say("2013-11-15T19:00Z", "a"))
    list_before = PredictionLog._list_files

    def list_and_close(log: PredictionLog, *days: date) -> dict[date, Path]:
        monkeypatch.setattr(PredictionLog, "_list_files", list_before)
        files = log._list_files(*days)
        log.close_days(pd.Timestamp("2013-11-16T00:00Z"))
        return files

    monkeypatch.setattr(PredictionLog, "_list_files", list_and_close)
    assert tell(log) == [("15T19", "a", 7, 0.5)]


def test_many_who_write_at_once_lose_nothing(folder: Path) -> None:
    """Each with a log of its own, as processes have; the first of them makes the database."""

    def write(number: int) -> None:
        log = PredictionLog(folder, keep_days=400)
        for minute in range(4):
            step = log.add if number % 2 else log.write
            step(say(f"2013-11-15T19:{minute:02}Z", str(number)))
            log.close_days(pd.Timestamp("2013-11-16T00:00Z"))

    with ThreadPoolExecutor(4) as threads:
        [*threads.map(write, range(4))]
    assert len(PredictionLog(folder, keep_days=400).read()) == 16


def test_who_waits_too_long_is_told(
    log: PredictionLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(say("2013-11-15T19:00Z", "a"))
    monkeypatch.setattr(prediction_log, "WAIT_SECONDS", 0.01)
    database = sqlite3.connect(folder / "open.db", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    for change in (log.add, log.write):
        with pytest.raises(DataError, match=r"by another process for more than 0\.01 seconds"):
            change(say("2013-11-15T20:00Z", "a"))
    assert tell(log) == [("15T19", "a", 7, 0.5)]  # to read one need not wait
    database.close()


def test_who_reads_keeps_nobody_from_writing(
    log: PredictionLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(say("2013-11-15T19:00Z", "a"))
    monkeypatch.setattr(prediction_log, "WAIT_SECONDS", 0.01)
    with closing(sqlite3.connect(folder / "open.db", isolation_level=None)) as database:
        database.execute("BEGIN")
        assert len(database.execute("SELECT * FROM batches").fetchall()) == 1
        log.add(say("2013-11-15T20:00Z", "a"))
    assert len(log.read()) == 2


# Adds many rows for each moment, so that to write takes most of the time, and tells when they are
# safe. Every second moment closes the day before, every fifth is written as a batch.
ROWS = 2000
WRITER = f"""
import sys
from pathlib import Path
import numpy as np
import pandas as pd
from flight_delays.serving.log.prediction_log import PredictionLog

log = PredictionLog(Path(sys.argv[1]), keep_days=10**6)
rows = pd.DataFrame(np.random.default_rng(7).random(({ROWS}, 40))).add_prefix("feature_")
rows = rows.assign(flight_id=rows.index.astype(str), version=1)
print("ready", flush=True)
moments = pd.date_range(sys.argv[2], periods=10**4, freq="13h", unit="us")
for number, moment in enumerate(moments):
    (log.write if number % 5 == 4 else log.add)(rows.assign(prediction_time=moment))
    print(moment.isoformat(), flush=True)
    if number % 2:
        log.close_days(moment)
"""


@pytest.mark.slow
def test_what_was_written_outlives_kills_at_any_moment(folder: Path) -> None:
    """Two processes at a time, each from a moment of its own; several times over."""
    random, told = np.random.default_rng(7), set()
    for turn in range(6):
        starts = [f"{2000 + 20 * number + turn}-01-01T00:00Z" for number in range(2)]
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, folder, start], stdout=subprocess.PIPE, text=True
            )
            for start in starts
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            time.sleep(random.uniform(0.3, 0.9))
            writer.kill()
        for writer in writers:
            lines, _ = writer.communicate()
            told |= {line for line in lines.splitlines(keepends=True) if line.endswith("\n")}
    log = PredictionLog(folder, keep_days=10**6)
    for _ in range(2):
        counts = log.read().groupby("prediction_time").size()
        assert (counts == ROWS).all()
        assert told <= {f"{moment.isoformat()}\n" for moment in counts.index}
        log.close_days(pd.Timestamp("2100-01-01T00:00Z"))
    assert len(told) > 20


def test_a_damaged_database_is_told_with_what_to_do(log: PredictionLog, folder: Path) -> None:
    log.add(say("2013-11-15T19:00Z", *map(str, range(5000))))
    with closing(sqlite3.connect(folder / "open.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    written = (folder / "open.db").read_bytes()
    page = 4096
    damages = {
        "no database": b"no database" * 1000,
        "a page of the tree": written[:page] + bytes(page) + written[2 * page :],
        "the rows": written[: 2 * page] + bytes(len(written) - 2 * page),
    }
    for damage in damages.values():
        (folder / "open.db").write_bytes(damage)
        for use in (
            log.read,
            lambda: log.close_days(pd.Timestamp("2013-11-16T19:00Z")),
        ):
            with pytest.raises(DataError, match=r"open.db is damaged .*: put its last backup in"):
                use()


def test_a_database_that_others_use_is_not_taken_for_a_damaged_one(
    log: PredictionLog, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.add(say("2013-11-15T19:00Z", "a"))
    (folder / "open.db").rename(folder / "other.db")
    (folder / "open.db").mkdir()
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        log.read()
