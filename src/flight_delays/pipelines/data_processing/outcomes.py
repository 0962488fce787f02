"""When flights should have arrived, left and landed; who contradicts itself has no outcome."""

from itertools import chain

import pandas as pd

from flight_delays.parameters import DataProcessingParameters
from flight_delays.schemas.raw import RawFlights

from .clock_times import find_next_instant, parse_clock
from .findings import Finding, check_share, list_findings

OUTCOMES = [
    "actual_departure",
    "actual_arrival",
    "departure_delay_minutes",
    "arrival_delay_minutes",
    "air_time_minutes",
]
# No value in the one column without a value in the other. An arr_time without arr_delay is not
# among them: a diverted flight that reached its destination in the end.
PAIRS = [
    ("dep_time", "dep_delay"),
    ("dep_delay", "dep_time"),
    ("arr_time", "dep_delay"),
    ("arr_delay", "dep_delay"),
    ("arr_delay", "arr_time"),
]


def find_instants(flights: pd.DataFrame, raw: pd.DataFrame, time_zones: pd.Series) -> pd.DataFrame:
    """Find the instants that follow from clock times and delays.

    Args:
        flights: Flights with `scheduled_departure` and their delays.
        raw: The same flights as delivered, row by row.
        time_zones: The time zones of the destinations.

    Returns:
        The flights with `scheduled_arrival`, and `actual_departure` and `actual_arrival` as far as
        they are known.
    """
    departure = flights["scheduled_departure"]
    arrival = find_next_instant(parse_clock(raw["sched_arr_time"]), departure, time_zones)
    actual_departure = departure + _minutes(flights["departure_delay_minutes"])
    # A diverted flight that reached its destination in the end has a clock time but no delay.
    is_diverted = flights["arrival_delay_minutes"].isna()
    clock = parse_clock(raw["arr_time"]).where(is_diverted)
    landed = find_next_instant(clock, actual_departure, time_zones)
    return flights.assign(
        scheduled_arrival=arrival,
        actual_departure=actual_departure,
        actual_arrival=(arrival + _minutes(flights["arrival_delay_minutes"])).fillna(landed),
    )


def drop_contradictory_outcomes(
    flights: pd.DataFrame, delivered: pd.DataFrame, parameters: DataProcessingParameters
) -> tuple[pd.DataFrame, list[Finding]]:
    """Take its outcome from a flight that contradicts itself; the schedule stays.

    Args:
        flights: Flights with `OUTCOMES`.
        delivered: The same flights row by row, with the values that cannot be true: that one is
            wrong is no contradiction.
        parameters: The share of contradictions from which on the outcomes are not believed.

    Returns:
        The flights, and what was found.

    Raises:
        DataError: If the outcomes are not believed.
    """
    broken: dict[str, pd.Series] = {}
    contradicts = pd.Series(False, index=flights.index)
    for rule, rows in _find_contradictions(flights, delivered).items():
        broken[rule] = rows & ~contradicts  # a flight counts once
        contradicts |= rows
    there = flights[OUTCOMES].notna().any(axis=1) | contradicts
    findings = list_findings(delivered, RawFlights, "outcome", broken, there)
    check_share(findings, parameters)
    outcomes = {name: flights[name].mask(contradicts) for name in OUTCOMES}
    return flights.assign(**outcomes), findings


def _find_contradictions(flights: pd.DataFrame, delivered: pd.DataFrame) -> dict[str, pd.Series]:
    told = delivered.reindex(columns=sorted({*chain(*PAIRS)})).notna()
    # A column without values does not deny anything; they may be missing in one month's file.
    denies = told.groupby([delivered["year"], delivered["month"]]).transform("any")
    rules = {
        f"no {value} without {other}": told[value] & ~told[other] & denies[other]
        for value, other in PAIRS
    }
    backwards = flights["actual_arrival"] <= flights["actual_departure"]
    return rules | {"lands after it left": backwards}


def _minutes(minutes: pd.Series) -> pd.Series:
    # Of a fraction of a minute pandas makes nanoseconds, another type than that of the contract.
    return pd.to_timedelta(minutes, unit="min").dt.as_unit("us")
