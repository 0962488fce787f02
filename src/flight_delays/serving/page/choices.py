"""What the form of the filters offers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flight_delays.serving.facts.names import Names

from .filters import Filters
from .glance import Hour
from .rows import Row

PROBABILITIES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)


@dataclass(frozen=True)
class Choice:
    """A value of a field of the form, and how it reads."""

    value: str
    label: str
    is_chosen: bool


def make_choices(
    rows: Iterable[Row], hours: list[Hour], filters: Filters, names: Names
) -> dict[str, list[Choice]]:
    """Make the choices of every field, what is chosen among them even if no flight has it.

    Args:
        rows: The open flights.
        hours: The hours in which they are due.
        filters: What is chosen.
        names: What airports and airlines are called.

    Returns:
        By the name of the field in `Filters`, without the choice of nothing.
    """
    rows = [*rows]
    airports = names.airports
    return {
        "origin": _list_codes([row.origin for row in rows], filters.origin, airports.get),
        "destination": _list_codes(
            [row.destination for row in rows], filters.destination, airports.get
        ),
        "carrier": _list_codes([row.carrier for row in rows], filters.carrier, names.airlines.get),
        "due_from": _list_times([hour.start for hour in hours], filters.due_from),
        "due_before": _list_times([hour.end for hour in hours], filters.due_before),
        "min_probability": [
            Choice(f"{value:g}", f"{100 * value:g}% or more", value == filters.min_probability)
            for value in sorted({*PROBABILITIES, filters.min_probability} - {0})
        ],
    }


def write_time(time: datetime, today: datetime | None) -> str:
    """Write a time of the day, with the day of the week if it is not today's."""
    is_today = today is None or time.date() == today.date()
    return f"{time:%H:%M}" if is_today else f"{time:%a %H:%M}"


def _list_codes(
    codes: list[str], chosen: str | None, find_name: Callable[[str], str | None]
) -> list[Choice]:
    known = sorted({*codes, *filter(None, [chosen])})
    return [
        Choice(code, f"{code} {find_name(code) or ''}".strip(), code == chosen) for code in known
    ]


def _list_times(times: list[datetime], chosen: datetime | None) -> list[Choice]:
    known = sorted({*times, *filter(None, [chosen])})
    first = known[0] if known else None
    return [
        Choice(f"{time:%Y-%m-%dT%H:%M}", write_time(time, first), time == chosen) for time in known
    ]
