"""Group `backlog`: what is due and still waiting, in the air, or overdue."""

from collections.abc import Sequence

from flight_delays.parameters import BacklogFamilies

from .events import FlightEvents
from .families import Statistic, make_families
from .questions import Asked
from .view import View
from .windows import Floats, divide


def make_backlog_features(
    layers: Sequence[FlightEvents], asked: Asked, parameters: BacklogFamilies
) -> dict[str, Floats]:
    """Make the families of the backlog; see `make_families`."""
    return make_families(layers, asked, parameters, STATISTICS)


def count_waiting(view: View, _: int) -> Floats:
    """Flights past their schedule that have not left."""
    return view.count_open("waiting")


def change_waiting(view: View, window: int) -> Floats:
    """Flights waiting now less those waiting a window ago."""
    return view.count_open("waiting") - view.count_open("waiting", window)


def relate_waiting(view: View, window: int) -> Floats:
    """Flights waiting per flight scheduled in the window."""
    return divide(view.count_open("waiting"), view.count("scheduled", window))


def count_deficit(view: View, window: int) -> Floats:
    """Flights scheduled in the window less those that left in it."""
    return view.count("scheduled", window) - view.count("departures", window)


def relate_departed(view: View, window: int) -> Floats:
    """Departures in the window per flight scheduled in it."""
    return divide(view.count("departures", window), view.count("scheduled", window))


def exceed_capacity(view: View, window: int) -> Floats:
    """Flights to leave before this one less those that can at the window's rate."""
    return _queue(view) - _capacity(view, window)


def use_capacity(view: View, window: int) -> Floats:
    """Flights to leave before this one per flight that can at the window's rate."""
    return divide(_queue(view), _capacity(view, window))


def count_airborne(view: View, _: int) -> Floats:
    """Flights in the air."""
    return view.count_open("airborne")


def count_overdue(view: View, _: int) -> Floats:
    """Flights in the air past their scheduled arrival."""
    return view.count_open("overdue")


def share_overdue(view: View, _: int) -> Floats:
    """Overdue flights per flight in the air."""
    return divide(view.count_open("overdue"), view.count_open("airborne"))


def count_due(view: View) -> Floats:
    """Flights scheduled after the prediction time and before this one."""
    asked = view.asked
    return view.count_between("scheduled", asked.prediction_minute, asked.departing_minute - 1)


def _queue(view: View) -> Floats:
    return view.count_open("waiting") + count_due(view)


def _capacity(view: View, window: int) -> Floats:
    return view.count("departures", window) * view.asked.lead_minutes / window


STATISTICS: dict[str, Statistic] = {
    "waiting": count_waiting,
    "waiting_change": change_waiting,
    "waiting_per_scheduled": relate_waiting,
    "deficit": count_deficit,
    "departed_per_scheduled": relate_departed,
    "queue_excess": exceed_capacity,
    "queue_use": use_capacity,
    "airborne": count_airborne,
    "overdue": count_overdue,
    "overdue_share": share_overdue,
}
"""Statistics by name, each over a window in minutes up to the prediction time; 0 means now."""
