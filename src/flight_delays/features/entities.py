"""Whose past is looked at: the entities, each named by columns of the board."""

from flight_delays.parameters.base import MINUTES_IN_A_DAY

ENTITIES: dict[str, tuple[str, ...]] = {
    "network": (),
    "origin": ("origin",),
    "carrier": ("carrier",),
    "destination": ("destination",),
    "sector": ("sector",),
    "sector_at_origin": ("sector", "origin"),
    "sector_haul": ("sector", "long_haul"),
    "carrier_at_origin": ("carrier", "origin"),
    "carrier_at_origin_hour": ("carrier", "origin", "local_hour"),
    "carrier_on_route": ("carrier", "origin", "destination"),
    "carrier_on_route_hour": ("carrier", "origin", "destination", "local_hour"),
    "flight_at_origin": ("carrier", "flight_number", "origin"),
}
"""`sector` is one of eight bearings to the destination, `haul` whether it is over 1000 miles away,
`hour` the local hour of scheduled departure."""


def name_window(minutes: int) -> str:
    """Write a window for a column's name: 7d, 2h, 90m."""
    for unit, size in (("d", MINUTES_IN_A_DAY), ("h", 60)):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"
