"""The events that the board was told, for who only reads them."""

from pathlib import Path

from flight_delays.kedro_parts.datasets.event_store import EventStoreDataset, ToldEventsDataset
from flight_delays.serving.facts.events import Cancelled


def test_without_a_store_nothing_was_told_and_none_is_made(tmp_path: Path) -> None:
    """A run that reads events needs no live board."""
    told = ToldEventsDataset(str(tmp_path / "events.db"), keep_days=60)
    assert told.exists()
    assert told.load() == []
    assert not [*tmp_path.iterdir()]


def test_what_was_told_is_read(tmp_path: Path) -> None:
    """From the store that the board appends to."""
    events = [Cancelled(flight_id="a"), Cancelled(flight_id="b")]
    EventStoreDataset(str(tmp_path / "events.db"), keep_days=60).load().append(events)
    assert ToldEventsDataset(str(tmp_path / "events.db"), keep_days=60).load() == events
