"""Group `aircraft`: where this flight's aircraft is and when it can leave again.

It rests on the recorded tail number, which is the aircraft that in the end flew. Only legs that
leave the origins in the tables are seen: of an aircraft that left for B, the way back is inferred.
"""

import numpy as np
import pandas as pd

from flight_delays.parameters import AircraftFeatures
from flight_delays.parameters.base import MINUTES_IN_A_DAY

from .board import GIVEN_UP_MINUTES, Board
from .view import View
from .windows import EventLog, Floats, Integers, divide


def make_aircraft_features(
    board: Board, parameters: AircraftFeatures
) -> dict[str, Floats | pd.Series]:
    """Follow the aircraft from the leg before this one back to the gate.

    Args:
        board: The flights.
        parameters: How turnarounds are learned.

    Returns:
        Columns by name, one value per flight asked about. NaN where the tail number is missing; but
        for the hours since it left, also where no leg of the aircraft is known from the day before.
    """
    now, departing = board.prediction_minute, board.departing_minute
    tail = View(board, "tail_number")
    previous = tail.last_row("scheduled", departing - 1)
    due = _take(board.scheduled_departure, previous)
    given_up = (due + GIVEN_UP_MINUTES <= now) & np.isnan(_known(board.departure, previous, now))
    previous = np.where((departing - due < MINUTES_IN_A_DAY) & ~given_up, previous, -1)
    landing = _estimate_landing(board, previous)
    turnaround = _expect_turnaround(board, previous, parameters)
    slack = departing - (landing + _take(board.block, previous) + turnaround)

    left = tail.last_row("departures", now)
    since_left = departing - _take(board.departure, left)
    left = np.where(since_left < MINUTES_IN_A_DAY, left, -1)
    way_back = _take(board.block, left) + parameters.default_turnaround_minutes
    return {
        "aircraft_model": board.table["aircraft_model"].iloc[board.asked],
        "aircraft_hours_since_departure": since_left / 60,
        "aircraft_inbound_slack_minutes": departing - (_estimate_landing(board, left) + way_back),
        "aircraft_rotation_slack_minutes": slack,
        "aircraft_rotation_shortfall_minutes": np.maximum(0, -slack),
        "aircraft_previous_delay_minutes": np.clip(_tell_delay(board, previous), -60, 400),
        "aircraft_previous_landing_delay_minutes": landing
        - _take(board.scheduled_arrival, previous),
    }


def _take(values: Floats, rows: Integers) -> Floats:
    """Values of the board's rows, NaN for row -1."""
    return np.where(rows >= 0, values[rows], np.nan)


def _known(values: Floats, rows: Integers, now: Integers) -> Floats:
    """Minutes of the board's rows, NaN if they lie after the prediction time."""
    minutes = _take(values, rows)
    return np.where(minutes <= now, minutes, np.nan)


def _estimate_landing(board: Board, rows: Integers) -> Floats:
    """When a leg landed or, as far as is known at the prediction time, will land."""
    now = board.prediction_minute
    landed = _known(board.arrival, rows, now)
    left = _known(board.departure, rows, now)
    will_leave = np.maximum(_take(board.scheduled_departure, rows), now)
    leave = np.where(np.isnan(left), will_leave, left)
    flying = leave + _take(board.block, rows)
    return np.where(np.isnan(landed), np.maximum(flying, now), landed)


def _tell_delay(board: Board, rows: Integers) -> Floats:
    """Delay of a leg as known: its arrival's, its departure's or overdue, or its wait so far."""
    now = board.prediction_minute
    landed = _known(board.arrival, rows, now) - _take(board.scheduled_arrival, rows)
    left = _known(board.departure, rows, now) - _take(board.scheduled_departure, rows)
    flying = np.maximum(left, now - _take(board.scheduled_arrival, rows))
    waited = np.maximum(0, now - _take(board.scheduled_departure, rows))
    return np.where(~np.isnan(landed), landed, np.where(~np.isnan(left), flying, waited))


def _expect_turnaround(board: Board, rows: Integers, parameters: AircraftFeatures) -> Floats:
    """Mean minutes that quick turnarounds away took by destination: landing to next departure here.

    The block time of the way back is taken as that of the way there.
    """
    tail, destination = board.encode("tail_number"), board.encode("destination")
    order = np.lexsort((board.departure, tail))
    leg, following = order[:-1], order[1:]
    same = (tail[leg] == tail[following]) & (tail[leg] >= 0)
    left_again = np.where(same, board.departure[following], np.nan)
    turnaround = left_again - board.arrival[leg] - board.block[leg]
    quick = (turnaround > 0) & (turnaround <= parameters.longest_turnaround_minutes)
    log = EventLog(destination[leg], np.where(quick, left_again, np.nan), minutes=turnaround)
    entity = np.where(rows >= 0, destination[rows], -1)
    now = board.prediction_minute
    start = log.find(entity, now - parameters.turnaround_days * MINUTES_IN_A_DAY)
    end = log.find(entity, now)
    mean = divide(log.total("minutes", start, end), end - start)
    return np.where(np.isnan(mean), parameters.default_turnaround_minutes, mean)
