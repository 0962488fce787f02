"""Group `history`: how flights like this one did in the last days, weeks and months."""

from collections.abc import Sequence

from flight_delays.parameters import HistoryFeatures
from flight_delays.parameters.base import MINUTES_IN_A_DAY

from .entities import ENTITIES, name_window
from .events import FlightEvents
from .questions import Asked
from .view import View
from .windows import Floats


def make_history_features(
    layers: Sequence[FlightEvents], asked: Asked, parameters: HistoryFeatures
) -> dict[str, Floats]:
    """Average past landings of like flights, shrunken towards what all flights did.

    The statistics on `days` compare each past flight with its origin's mean on that day, which
    takes the weather and the traffic of the day out of them.

    Args:
        layers: The facts.
        asked: The questions.
        parameters: Entities, values and windows in days.

    Returns:
        Columns by name, one value per question.
    """
    columns = {}
    network = View(layers, asked)
    for kind, families in (("landings", parameters.landings), ("days", parameters.days)):
        for entity, values in families.items():
            view = View(layers, asked, *ENTITIES[entity])
            for value, windows in values.items():
                for days in windows:
                    window = days * MINUTES_IN_A_DAY - parameters.lag_minutes
                    name = f"{entity}_{kind}_{value}_{name_window(days * MINUTES_IN_A_DAY)}"
                    # What was lost on the way is known only of flights whose departure is.
                    event = "flown" if value == "added_delay" else kind
                    columns[name] = _shrink(view, network, event, value, window, parameters)
    return columns


def _shrink(
    view: View, network: View, event: str, value: str, window: int, parameters: HistoryFeatures
) -> Floats:
    lag, pseudo_flights = parameters.lag_minutes, parameters.pseudo_flights
    total = view.total(event, value, window, lag)
    overall = network.mean(event, value, window, lag)
    return (total + pseudo_flights * overall) / (view.count(event, window, lag) + pseudo_flights)
