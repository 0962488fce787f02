"""Group `aircraft`: where this flight's aircraft is and when it can leave again.

It rests on the recorded tail number, which is the aircraft that in the end flew. Only legs that
leave the origins in the tables are seen: of an aircraft that left for B, the way back is inferred.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from flight_delays.parameters import AircraftFeatures
from flight_delays.parameters.base import MINUTES_IN_A_DAY

from .events import FlightEvents
from .questions import Asked
from .view import END_OF_TIME, View
from .windows import FIXED_POINT, EventLog, Floats, Integers, divide

# In minutes: who has not left again so long after the leg began has had no quick turnaround.
LONGEST_LEG = 7 * MINUTES_IN_A_DAY


def make_aircraft_features(
    layers: Sequence[FlightEvents], asked: Asked, parameters: AircraftFeatures
) -> dict[str, Floats | pd.Series]:
    """Follow the aircraft from the leg before this one back to the gate.

    Args:
        layers: The facts. The leg before may stand in any of them.
        asked: The questions.
        parameters: How turnarounds are learned.

    Returns:
        Columns by name, one value per question. NaN where the tail number is missing; but for the
        hours since it left, also where no leg of the aircraft is known from the day before.
    """
    now, departing = asked.prediction_minute, asked.departing_minute
    tail = View(layers, asked, "tail_number")
    previous = tail.find_last("scheduled", departing - 1)
    due = tail.take("scheduled_departure", previous)
    given_up = due + layers[0].rules.given_up_minutes <= now
    given_up &= np.isnan(_take_known(tail, "left", previous))
    previous = np.where((departing - due < MINUTES_IN_A_DAY) & ~given_up, previous, -1)
    landing = _estimate_landing(tail, previous)
    turnaround = _expect_turnaround(tail, previous, parameters)
    slack = departing - (landing + tail.take("block", previous) + turnaround)

    left = tail.find_last("departures", now)
    since_left = departing - tail.take("departure", left)
    left = np.where(since_left < MINUTES_IN_A_DAY, left, -1)
    way_back = tail.take("block", left) + parameters.default_turnaround_minutes
    return {
        "aircraft_model": asked.table["aircraft_model"],
        "aircraft_hours_since_departure": since_left / 60,
        "aircraft_inbound_slack_minutes": departing - (_estimate_landing(tail, left) + way_back),
        "aircraft_rotation_slack_minutes": slack,
        "aircraft_rotation_shortfall_minutes": np.maximum(0, -slack),
        "aircraft_previous_delay_minutes": np.clip(_tell_delay(tail, previous), -60, 400),
        "aircraft_previous_landing_delay_minutes": landing
        - tail.take("scheduled_arrival", previous),
    }


def _take_known(tail: View, name: str, legs: Integers) -> Floats:
    """Take minutes of legs, NaN if they lie after the prediction time."""
    minutes = tail.take(name, legs)
    return np.where(minutes <= tail.asked.prediction_minute, minutes, np.nan)


def _estimate_landing(tail: View, legs: Integers) -> Floats:
    """When a leg landed or, as far as is known at the prediction time, will land."""
    now = tail.asked.prediction_minute
    landed = _take_known(tail, "arrival", legs)
    left = _take_known(tail, "departure", legs)
    will_leave = np.maximum(tail.take("scheduled_departure", legs), now)
    leave = np.where(np.isnan(left), will_leave, left)
    flying = leave + tail.take("block", legs)
    return np.where(np.isnan(landed), np.maximum(flying, now), landed)


def _tell_delay(tail: View, legs: Integers) -> Floats:
    """Delay of a leg as known: its arrival's, its departure's or overdue, or its wait so far."""
    now = tail.asked.prediction_minute
    due_out, due_in = (tail.take(f"scheduled_{event}", legs) for event in ("departure", "arrival"))
    landed = _take_known(tail, "arrival", legs) - due_in
    left = _take_known(tail, "departure", legs) - due_out
    flying = np.maximum(left, now - due_in)
    waited = np.maximum(0, now - due_out)
    return np.where(~np.isnan(landed), landed, np.where(~np.isnan(left), flying, waited))


def _expect_turnaround(tail: View, legs: Integers, parameters: AircraftFeatures) -> Floats:
    """Mean minutes that quick turnarounds away took by destination: landing to next departure here.

    The block time of the way back is taken as that of the way there.
    """
    now = tail.asked.prediction_minute
    since = now - parameters.turnaround_days * MINUTES_IN_A_DAY
    # What has not flown yet, as a flight that is only asked about, has no part in any.
    flown = [layer for layer in tail.layers if not np.isnan(layer.departure).all()]
    *others, last = flown or tail.layers[:1]
    first = int(since.min(initial=END_OF_TIME))
    key = ("turnarounds", first, parameters, *others)
    if key not in last.made:
        last.made[key] = _log_turnarounds([*others, last], first, parameters)
    log, destinations = last.made[key]
    asked_about = destinations.get_indexer(tail.take_names("destination", legs))
    entity = np.where(legs >= 0, asked_about, -1)
    start, end = log.find(entity, since), log.find(entity, now)
    mean = divide(log.total("minutes", start, end) / FIXED_POINT, end - start)
    return np.where(np.isnan(mean), parameters.default_turnaround_minutes, mean)


def _log_turnarounds(
    layers: Sequence[FlightEvents], since: int, parameters: AircraftFeatures
) -> tuple[EventLog, "pd.Index[str]"]:
    """Log the quick turnarounds since a minute, and name the destinations they are logged by.

    The next departure of an aircraft may stand in another layer, so all layers are looked through
    together.
    """

    def lay_out(name: str) -> Floats:
        return np.concatenate([getattr(layer, name) for layer in layers])

    departure = lay_out("departure")
    # Legs that can be part of a turnaround since then: the others would only have to be sorted.
    rows = np.flatnonzero(departure > since - LONGEST_LEG)
    columns = ["tail_number", "destination", "flight_id"]
    names = pd.concat([layer.table[columns] for layer in layers], ignore_index=True)
    recent = names.take(rows)
    aircraft, _ = pd.factorize(recent["tail_number"])
    destination, destinations = pd.factorize(recent["destination"])
    # Of legs in the same minute the last is the last by schedule and id, in whichever layer.
    by_id = recent["flight_id"].argsort().to_numpy().argsort()
    scheduled = lay_out("scheduled_departure")[rows]
    order = np.lexsort((by_id, scheduled, departure[rows], aircraft))
    before, after = order[:-1], order[1:]
    same = (aircraft[before] == aircraft[after]) & (aircraft[before] >= 0)
    leg, following = rows[before], rows[after]
    left_again = np.where(same, departure[following], np.nan)
    turnaround = left_again - lay_out("arrival")[leg] - lay_out("block")[leg]
    quick = (turnaround > 0) & (turnaround <= parameters.longest_turnaround_minutes)
    quick &= left_again - departure[leg] <= LONGEST_LEG
    log = EventLog(destination[before], np.where(quick, left_again, np.nan), minutes=turnaround)
    return log, pd.Index(destinations)
