"""Group `schedule`: what the timetable alone says."""

import pandas as pd

from flight_delays.parameters import ScheduleFeatures

from .backlog import count_due
from .board import Board
from .entities import ENTITIES, name_window
from .view import View

CRUISE_MILES_PER_MINUTE = 7.5


def make_schedule_features(board: Board, parameters: ScheduleFeatures) -> dict[str, pd.Series]:
    """Describe the flight and how busy the timetable is around it.

    Args:
        board: The flights.
        parameters: Which counts to make.

    Returns:
        Columns by name, one value per flight asked about.
    """
    flights = board.table.iloc[board.asked]
    local = flights["scheduled_departure_local"].dt
    cruise = flights["distance_miles"] / CRUISE_MILES_PER_MINUTE
    columns = {
        "carrier": flights["carrier"],
        "scheduled_departure_local_minute": local.hour * 60 + local.minute,
        "weekday": local.weekday,
        "block_reserve_minutes": board.block[board.asked] - cruise,
    }
    departing = board.departing_minute
    at_origin = View(board, *ENTITIES["origin"])
    # The flights of the same minute are left out on both sides, and so is the flight itself.
    for window in parameters.departures_before:
        columns[f"origin_scheduled_before_{name_window(window)}"] = at_origin.count_between(
            "scheduled", departing - window - 1, departing - 1
        )
    for window in parameters.departures_after:
        columns[f"origin_scheduled_after_{name_window(window)}"] = at_origin.count_between(
            "scheduled", departing, departing + window
        )
    for entity in parameters.departures_until:
        columns[f"{entity}_scheduled_until"] = count_due(View(board, *ENTITIES[entity]))
    for entity in parameters.departures_same_day:
        day = board.encode("flight_date", *ENTITIES[entity])
        columns[f"{entity}_scheduled_same_day"] = (
            pd.Series(day).groupby(day).transform("size")[board.asked]
        )
    for entity in parameters.since_previous:
        view = View(board, *ENTITIES[entity])
        previous = view.last_row("scheduled", departing - 1)
        gap = pd.Series(departing - board.scheduled_departure[previous])
        columns[f"{entity}_minutes_since_previous"] = gap.where(previous >= 0)
    return columns
