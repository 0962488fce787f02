"""Group `history`: how flights like this one did in the last days, weeks and months."""

from flight_delays.parameters import HistoryFeatures
from flight_delays.parameters.base import MINUTES_IN_A_DAY

from .board import Board
from .entities import ENTITIES, name_window
from .view import View
from .windows import Floats


def make_history_features(board: Board, parameters: HistoryFeatures) -> dict[str, Floats]:
    """Average past landings of like flights, shrunken towards what all flights did.

    The statistics on `days` compare each past flight with its origin's mean on that day, which
    takes the weather and the traffic of the day out of them.

    Args:
        board: The flights.
        parameters: Entities, values and windows in days.

    Returns:
        Columns by name, one value per flight asked about.
    """
    columns = {}
    network = View(board)
    for log, families in (("landings", parameters.landings), ("days", parameters.days)):
        for entity, values in families.items():
            view = View(board, *ENTITIES[entity])
            for value, windows in values.items():
                for days in windows:
                    window = days * MINUTES_IN_A_DAY - parameters.lag_minutes
                    name = f"{entity}_{log}_{value}_{name_window(days * MINUTES_IN_A_DAY)}"
                    columns[name] = _shrink(view, network, log, value, window, parameters)
    return columns


def _shrink(
    view: View, network: View, log: str, value: str, window: int, parameters: HistoryFeatures
) -> Floats:
    lag, pseudo_flights = parameters.lag_minutes, parameters.pseudo_flights
    total = view.total(log, value, window, lag)
    overall = network.mean(log, value, window, lag)
    return (total + pseudo_flights * overall) / (view.count(log, window, lag) + pseudo_flights)
