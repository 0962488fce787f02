"""What has been acknowledged is on disk, once, and what cannot be kept is not acknowledged."""

import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from flight_delays.errors import DataError
from flight_delays.serving.facts.event_store import EventStore, StoreFullError
from flight_delays.serving.facts.events import (
    Cancelled,
    Departed,
    Landed,
    Reported,
    Scheduled,
    Told,
)

AT = datetime(2013, 12, 17, 20, 30, 15, 250, tzinfo=UTC)
EVENTS = [
    Departed(flight_id="a", at=AT),
    Landed(flight_id="a", at=AT, arrival_delay_minutes=-3.1, air_time_minutes=None),
    Cancelled(flight_id="b", taken_back=True, revision=4),
    Reported(origin="EWR", observed_at=AT, readings={"visibility_miles": 0.25}),
    Departed(flight_id="a", at=None, revision=1),
    Scheduled(
        flight_date="2013-12-17",
        carrier="UA",
        flight_number=1545,
        origin="EWR",
        destination="IAH",
        scheduled_departure=AT.replace(second=0, microsecond=0),
        scheduled_arrival=AT.astimezone(ZoneInfo("America/Chicago")),
    ),
]


def test_events_are_read_as_they_were_told_in_their_order(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "new" / "events.db", keep_days=9)
    assert store.read() == []
    assert store.append(EVENTS[:2]) == [True] * 2
    assert store.append(EVENTS[2:]) == [True] * 4
    assert EventStore(tmp_path / "new" / "events.db", keep_days=9).read() == EVENTS


def test_of_a_key_and_a_revision_the_first_is_kept(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events.db", keep_days=9)
    other = Departed(flight_id="a", at=None)
    assert store.append([EVENTS[0], other]) == [True, False]
    told = [other, EVENTS[4], Departed(flight_id="b", at=AT)]
    assert store.append(told) == [False, True, True]
    assert store.read() == [EVENTS[0], EVENTS[4], Departed(flight_id="b", at=AT)]


def test_stations_and_hours_and_flights_are_told_apart(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events.db", keep_days=9)
    later = AT.replace(hour=21)
    events = [
        Reported(origin="EWR", observed_at=AT, readings={}),
        Reported(origin="JFK", observed_at=AT, readings={}),
        Reported(origin="JFK", observed_at=later, readings={}),
        Cancelled(flight_id="a"),
        Departed(flight_id="a", at=AT),
    ]
    assert store.append(events) == [True] * 5
    elsewhere = AT.astimezone(ZoneInfo("America/New_York"))
    assert store.append([Reported(origin="EWR", observed_at=elsewhere, readings={})]) == [False]


def test_the_last_tick_is_known_to_the_next_one_who_opens_it(tmp_path: Path) -> None:
    store = EventStore(tmp_path / "events.db", keep_days=9)
    assert store.read_last_tick() is None
    for minute in (1, 2):
        store.note_tick(pd.Timestamp(f"2013-12-17T20:0{minute}Z"))
    assert EventStore(tmp_path / "events.db", keep_days=9).read_last_tick() == pd.Timestamp(
        "2013-12-17T20:02Z"
    )


def test_where_nothing_can_be_written_nothing_is_acknowledged(tmp_path: Path) -> None:
    """SQLite says of a limit on its pages what it says of a full disk."""
    store = EventStore(tmp_path / "events.db", keep_days=9)
    store.append(EVENTS[:1])
    connect = sqlite3.connect

    def connect_to_full_disk(*arguments: object, **options: object) -> sqlite3.Connection:
        connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.execute("PRAGMA max_page_count = 5")
        return connection  # type: ignore[no-any-return]

    many = [Departed(flight_id=f"flight {number}", at=AT) for number in range(1000)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite3, "connect", connect_to_full_disk)
        with pytest.raises(StoreFullError, match="takes nothing: database or disk is full"):
            store.append(many)
        assert store.read() == EVENTS[:1]
    assert store.append(many) == [True] * 1000


def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    EventStore(tmp_path / "events.db", keep_days=9).append(EVENTS)
    with sqlite3.connect(tmp_path / "events.db") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        database.execute("PRAGMA user_version = 3")
    with pytest.raises(
        DataError, match=r"newer version of this project .format 3, this one knows 2"
    ):
        EventStore(tmp_path / "events.db", keep_days=9)


def make_old(path: Path, *events: Told, days: int) -> None:
    with sqlite3.connect(path) as database:
        for event in events:
            database.execute(
                "UPDATE events SET came = datetime('now', ?) WHERE key = ?",
                (f"-{days} days", repr(event.key)),
            )


def test_events_are_kept_so_many_days_and_what_is_too_old_goes_once_a_day(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    store = EventStore(path, keep_days=9)
    store.append(EVENTS[:3])
    make_old(path, EVENTS[0], days=8)
    make_old(path, EVENTS[1], days=10)
    store.note_tick(pd.Timestamp("2013-12-17T23:59Z"))
    assert store.read() == [EVENTS[0], EVENTS[2]]
    make_old(path, EVENTS[0], days=10)
    store.note_tick(pd.Timestamp("2013-12-17T23:59:30Z"))
    assert store.read() == [EVENTS[0], EVENTS[2]]
    store.note_tick(pd.Timestamp("2013-12-18T00:00Z"))
    assert store.read() == [EVENTS[2]]


def test_a_store_that_did_not_say_when_events_came_is_read(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    store = EventStore(path, keep_days=9)
    store.append(EVENTS[:1])
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE events DROP COLUMN came")
        database.execute("PRAGMA user_version = 1")
    store = EventStore(path, keep_days=9)
    store.note_tick(pd.Timestamp("2013-12-17T23:59Z"))
    assert store.read() == EVENTS[:1]
    make_old(path, EVENTS[0], days=10)
    store.note_tick(pd.Timestamp("2013-12-18T23:59Z"))
    assert store.read() == []


def test_a_damaged_store_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(DataError, match=r"events.db cannot be read .*put its last backup"):
        EventStore(path, keep_days=9)
    path.unlink()
    EventStore(path, keep_days=9).append(
        [Departed(flight_id=f"{row}" * 10, at=AT) for row in range(2000)]
    )
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    written = bytearray(path.read_bytes())
    written[20 * 4096 : 21 * 4096] = bytes(4096)
    path.write_bytes(written)
    with pytest.raises(DataError, match="cannot be read"):
        EventStore(path, keep_days=9)


TELL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.events import Departed

store, at = EventStore(Path(sys.argv[1]), 9), datetime(2013, 12, 17, tzinfo=UTC)
number = len(store.read())
print("open", flush=True)
while True:
    store.append([Departed(flight_id=f"{number}-{part}", at=at) for part in range(20)])
    number += 20
    print(number, flush=True)
"""


@pytest.mark.slow
def test_killed_fifty_times_while_events_come_in_it_loses_none(tmp_path: Path) -> None:
    path, random, acknowledged = tmp_path / "events.db", Random(7), 0  # noqa: S311
    for _ in range(50):
        process = subprocess.Popen(
            [sys.executable, "-c", TELL, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        time.sleep(random.uniform(0, 0.2))
        process.kill()
        told = process.communicate()[0].split()
        acknowledged = max([acknowledged, *map(int, told)])
        events = EventStore(path, keep_days=9).read()
        assert len(events) >= acknowledged
        assert len(events) % 20 == 0  # the events of a call, or none of them
    assert acknowledged > 1000
