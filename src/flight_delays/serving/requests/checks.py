"""What cannot be true of a flight or an event, told by its field and the reason."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import pandas as pd

from flight_delays.schemas.raw import RawFlights
from flight_delays.serving.board.grounds import TIMES, Grounds
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.events import (
    ARRIVAL_DELAY,
    Departed,
    Landed,
    Reported,
    Scheduled,
    Told,
)
from flight_delays.serving.facts.facts import OPEN_DAYS
from flight_delays.serving.facts.timetable import TimetableFlight

CLOCKS_DIFFER = timedelta(minutes=10)
LONGEST_BLOCK_MINUTES = 1000
DEPARTURE_DELAY = RawFlights.get_range("dep_delay")
# NaT where nothing is known, which compares as false.
Times = dict[str, Any]


class Fault(NamedTuple):
    """Why something is refused.

    Attributes:
        field: The field that is wrong, None if it is the whole.
        reason: What is wrong with it, and what to do.
    """

    field: str | None
    reason: str


def check_flight(flight: TimetableFlight, directory: Directory) -> Fault | None:
    """Check a flight of a timetable by itself.

    Args:
        flight: The flight.
        directory: The airports and carriers that are known.

    Returns:
        The first fault, None if there is none.
    """
    for field in ("origin", "destination"):
        if (code := getattr(flight, field)) not in directory.zones:
            return Fault(field, f"{code} has no row or no time zone in airports.csv: add it there.")
    if flight.carrier not in directory.carriers:
        return Fault(
            "carrier",
            f"{flight.carrier} has no row in airlines.csv and never flew: add it there.",
        )
    departure, arrival = flight.scheduled_departure, flight.scheduled_arrival
    for field, instant in (("scheduled_departure", departure), ("scheduled_arrival", arrival)):
        if instant.second or instant.microsecond:
            return Fault(field, "It is no whole minute: leave out the seconds.")
    block = count_minutes(departure, arrival)
    if not 0 < block < LONGEST_BLOCK_MINUTES:
        return Fault(
            "scheduled_arrival",
            f"It is {block:,.0f} minutes after scheduled_departure, and "
            "must be so by more than 0 and less than 1,000: mind the time zones of both.",
        )
    local = departure.astimezone(directory.zones[flight.origin]).date()
    if abs(flight.flight_date - local) > timedelta(days=1):
        return Fault(
            "flight_date",
            f"At {flight.origin} the scheduled departure is on {local}: name that date, or the day "
            "before or after it.",
        )
    return None


def check_events(
    events: Sequence[Told], grounds: Grounds, directory: Directory, now: pd.Timestamp
) -> list[Fault | None]:
    """Check events, each by itself and then against the others and what is known.

    Args:
        events: The events.
        grounds: What was known at the last tick. Of a flight in no timetable nothing is known, and
            nothing can be held against its events: they wait for it.
        directory: The airports and carriers that are known.
        now: The time.

    Returns:
        The first fault of each, None if it has none.
    """
    first = (now.tz_convert("UTC").tz_localize(None).normalize() - OPEN_DAYS).date()
    latest = (now + CLOCKS_DIFFER).to_pydatetime()
    faults = [_check_alone(event, directory, first, latest) for event in events]
    sound = [event for event, fault in zip(events, faults, strict=True) if fault is None]
    request = _Request(sound, grounds)
    return [fault or request.check(event) for event, fault in zip(events, faults, strict=True)]


def _check_alone(event: Told, directory: Directory, first: date, latest: datetime) -> Fault | None:
    match event:
        case Scheduled():
            if event.flight_date < first:
                return Fault("flight_date", f"The days before {first} are closed by now.")
            return check_flight(event, directory)
        case Landed(diverted=True, arrival_delay_minutes=float()):
            return Fault("arrival_delay_minutes", "A flight that was diverted has none.")
        case Departed(at=datetime()) | Landed(at=datetime()):
            return _check_past("at", event.at, latest)
        case Reported(origin=origin) if origin not in directory.zones:
            return Fault("origin", f"{origin} has no row or no time zone in airports.csv.")
        case Reported():
            return _check_past("observed_at", event.observed_at, latest)
    return None


def _check_past(field: str, instant: datetime | None, latest: datetime) -> Fault | None:
    if instant is None or instant <= latest:
        return None
    now = tell_instant(latest - CLOCKS_DIFFER)
    return Fault(field, f"It is still to come: here it is {now}: compare clocks.")


class _Request:
    """What is known of the flights that a request is about, by the tables and by the request."""

    def __init__(self, events: Sequence[Told], grounds: Grounds) -> None:
        flown = [event for event in events if not isinstance(event, Reported)]
        self._known = grounds.find([event.flight_id for event in flown])
        self._said: dict[str, Times] = {}
        for event in sorted(flown, key=lambda event: event.revision):
            said = self._said.setdefault(event.flight_id, {})
            match event:
                case Scheduled():
                    said["scheduled_departure"] = event.scheduled_departure
                    said["scheduled_arrival"] = event.scheduled_arrival
                case Departed():
                    said["actual_departure"] = event.at or pd.NaT
                case Landed():
                    said["actual_arrival"] = event.at or pd.NaT

    def check(self, event: Told) -> Fault | None:
        """Hold a departure or a landing against the flight's other times."""
        if not isinstance(event, Departed | Landed) or event.at is None:
            return None
        said = self._said[event.flight_id]
        unknown: Times = dict.fromkeys(TIMES, pd.NaT)
        times = unknown | self._known.get(event.flight_id, {}) | said
        left, landed = times["actual_departure"], times["actual_arrival"]
        if isinstance(event, Landed):
            if event.at <= left:
                return Fault("at", f"It is not after the departure, {tell_instant(left)}.")
            return _check_delay(event.at, times["scheduled_arrival"], ARRIVAL_DELAY)
        # Where one request tells both, it is the landing that is refused.
        if "actual_arrival" not in said and event.at >= landed:
            return Fault("at", f"It is not before the landing, {tell_instant(landed)}.")
        return _check_delay(event.at, times["scheduled_departure"], DEPARTURE_DELAY)


def _check_delay(at: datetime, due: datetime, believed: tuple[float, float]) -> Fault | None:
    delay, (lowest, highest) = count_minutes(due, at), believed
    if delay < lowest or delay > highest:
        return Fault(
            "at",
            f"It is {delay:,.0f} minutes past schedule, {tell_instant(due)}; what is believed is "
            f"{lowest:,.0f} to {highest:,.0f}. If the schedule has changed, tell that first.",
        )
    return None


def count_minutes(start: datetime, end: datetime) -> float:
    """Count the minutes between two instants, NaN if one of them is NaT."""
    return (end - start).total_seconds() / 60


def tell_instant(instant: datetime) -> str:
    """Write an instant as in 2013-12-17T12:31Z."""
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
