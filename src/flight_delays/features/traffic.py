"""Group `traffic`: what has left and landed in the last hours, and how late."""

from collections.abc import Sequence
from functools import partial

from flight_delays.parameters import TrafficFamilies

from .events import FlightEvents
from .families import Statistic, make_families
from .questions import Asked
from .view import View
from .windows import Floats, divide


def make_traffic_features(
    layers: Sequence[FlightEvents], asked: Asked, parameters: TrafficFamilies
) -> dict[str, Floats]:
    """Make the families of traffic; see `make_families`."""
    return make_families(layers, asked, parameters, STATISTICS)


def _mean(view: View, window: int, *, event: str, value: str) -> Floats:
    return view.mean(event, value, window)


def average_delay_with_waiting(view: View, window: int) -> Floats:
    """Minutes late per flight, departed in the window or still waiting."""
    minutes = view.total("departures", "minutes_late", window)
    minutes += view.minutes_spent("waiting", open_only=True)
    return divide(minutes, view.count("departures", window) + view.count_open("waiting"))


def accrue_delay(view: View, window: int) -> Floats:
    """Minutes that flights waited past their schedule within the window."""
    return view.minutes_spent("waiting") - view.minutes_spent("waiting", window)


def change_accrued_delay(view: View, window: int) -> Floats:
    """Minutes waited in the window less those in the window before it."""
    before = view.minutes_spent("waiting", window) - view.minutes_spent("waiting", 2 * window)
    return accrue_delay(view, window) - before


STATISTICS: dict[str, Statistic] = {
    "departures_delay_mean": partial(_mean, event="departures", value="delay"),
    "departures_late_share": partial(_mean, event="departures", value="late"),
    "departures_early_share": partial(_mean, event="departures", value="early"),
    "scheduled_late_share": partial(_mean, event="settled", value="late"),
    "landings_delay_mean": partial(_mean, event="landings", value="delay"),
    "landings_added_delay_mean": partial(_mean, event="flown", value="added_delay"),
    "landings_taxi_mean": partial(_mean, event="flown", value="taxi"),
    "delay_with_waiting_mean": average_delay_with_waiting,
    "delay_accrued": accrue_delay,
    "delay_accrued_change": change_accrued_delay,
}
"""Statistics by name, each over a window in minutes up to the prediction time."""
