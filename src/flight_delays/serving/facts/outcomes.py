"""What the live board was told of flights, for as long as no table has it."""

from collections.abc import Hashable, Iterable

import pandas as pd

from .directory import Directory
from .events import Landed, Scheduled, Told


def add_told_outcomes(
    flights: pd.DataFrame, events: Iterable[Told], directory: Directory
) -> pd.DataFrame:
    """Add to tables of flights what was told beside them: flights, and how late they landed.

    A delay that a table has stands, whatever was told. One that was told without its minutes
    follows from the schedule that was told last, or else from the table's.

    Args:
        flights: Facts of the flights (`PrmFlights`), outcomes missing where none has come.
        events: What was told, in any order; of a key the highest revision counts.
        directory: Tells what follows from a timetable.

    Returns:
        The flights, and below them on the same columns those that only a timetable event names,
        with `arrival_delay_minutes` as far as known.
    """
    latest: dict[Hashable, Told] = {}
    for event in events:
        if event.key not in latest or event.revision > latest[event.key].revision:
            latest[event.key] = event
    scheduled = {each.flight_id: each for each in latest.values() if isinstance(each, Scheduled)}
    landed = {each.flight_id: each for each in latest.values() if isinstance(each, Landed)}
    new = scheduled.keys() - set(flights["flight_id"])
    rows = [directory.complete(each) for name, each in scheduled.items() if name in new]
    known = flights
    if rows:
        told = pd.DataFrame(rows).reindex(columns=flights.columns).astype(flights.dtypes)
        known = pd.concat([flights, told], ignore_index=True)
    due = dict(zip(known["flight_id"], known["scheduled_arrival"], strict=True))
    due |= {name: pd.Timestamp(each.scheduled_arrival) for name, each in scheduled.items()}
    delays = {name: _tell_delay(each, due[name]) for name, each in landed.items() if name in due}
    delay = known["arrival_delay_minutes"]
    return known.assign(arrival_delay_minutes=delay.fillna(known["flight_id"].map(delays)))


def _tell_delay(landed: Landed, due: pd.Timestamp) -> float | None:
    if landed.arrival_delay_minutes is not None:
        return landed.arrival_delay_minutes
    if landed.at is None or landed.diverted:
        return None
    return (pd.Timestamp(landed.at) - due) / pd.Timedelta(minutes=1)
