"""Group `schedule`: what the timetable alone says."""

from collections.abc import Sequence

import pandas as pd

from flight_delays.parameters import ScheduleFeatures

from .backlog import count_due
from .entities import ENTITIES, name_window
from .events import FlightEvents
from .questions import Asked
from .view import View
from .windows import Floats

CRUISE_MILES_PER_MINUTE = 7.5


def make_schedule_features(
    layers: Sequence[FlightEvents], asked: Asked, parameters: ScheduleFeatures
) -> dict[str, Floats | pd.Series]:
    """Describe the flight, how long before it the question is, and how busy the timetable is.

    Args:
        layers: The facts.
        asked: The questions.
        parameters: Which counts to make.

    Returns:
        Columns by name, one value per question.
    """
    local = asked.table["scheduled_departure_local"].dt
    cruise = asked.table["distance_miles"] / CRUISE_MILES_PER_MINUTE
    columns: dict[str, Floats | pd.Series] = {
        "lead_minutes": asked.lead_minutes.astype(float),
        "carrier": asked.table["carrier"],
        "scheduled_departure_local_minute": local.hour * 60 + local.minute,
        "weekday": local.weekday,
        "block_reserve_minutes": asked.block - cruise,
    }
    departing = asked.departing_minute
    at_origin = View(layers, asked, *ENTITIES["origin"])
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
        columns[f"{entity}_scheduled_until"] = count_due(View(layers, asked, *ENTITIES[entity]))
    for entity in parameters.departures_same_day:
        day = View(layers, asked, "flight_date", *ENTITIES[entity])
        columns[f"{entity}_scheduled_same_day"] = day.count_ever("scheduled")
    for entity in parameters.since_previous:
        view = View(layers, asked, *ENTITIES[entity])
        previous = view.find_last("scheduled", departing - 1)
        columns[f"{entity}_minutes_since_previous"] = departing - view.take(
            "scheduled_departure", previous
        )
    return columns
