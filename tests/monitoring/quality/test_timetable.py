"""A day is held against its weekday, carriers and airports against those that are known."""

import pandas as pd
import pytest

from flight_delays.monitoring.quality.measures import Measure
from flight_delays.monitoring.quality.past import Parted, part_by_period
from flight_delays.monitoring.quality.timetable import (
    measure_shift,
    measure_unseen,
    measure_volumes,
)
from flight_delays.parameters import QualityParameters
from tables import read_parameters

LIMITS = QualityParameters(**read_parameters("monitoring")["quality"] | {"min_flights": 4})


# Of February, usually with 8 and with 20 flights.
FRIDAYS = {"2013-02-01": 8, "2013-02-08": 8, "2013-02-15": 8, "2013-02-22": 2}
SATURDAYS = {"2013-02-02": 20, "2013-02-09": 20, "2013-02-16": 0, "2013-02-23": 20}


def make(
    counts: dict[str, int], carrier: str = "UA", hour: int = 8, origin: str = "EWR"
) -> pd.DataFrame:
    days = pd.to_datetime([day for day, flights in counts.items() for _ in range(flights)])
    local = days + pd.Timedelta(hours=hour)
    flights = {"flight_date": days, "scheduled_departure_local": local}
    return pd.DataFrame(flights | {"origin": origin, "carrier": carrier})


def part(*tables: pd.DataFrame) -> Parted:
    flights = pd.concat(tables, ignore_index=True)
    return part_by_period("flights", flights, flights["flight_date"], "2013-03", 12)


def count(march: dict[str, int], *others: pd.DataFrame) -> list[Measure]:
    return [*measure_volumes(part(make(FRIDAYS | SATURDAYS | march), *others), LIMITS)]


@pytest.mark.parametrize(
    ("friday", "saturday", "size", "limit", "found"),
    [
        (8, 11, 0.55, 0.5, False),
        (8, 9, 0.45, 0.5, True),
        (16, 20, 2, 2, False),
        (17, 20, 17 / 8, 2, True),
    ],
)
def test_the_day_that_differs_most_from_its_weekday_counts(
    friday: int, saturday: int, size: float, limit: float, found: bool
) -> None:
    (measured,) = count({"2013-03-01": friday, "2013-03-02": saturday})
    assert measured[3:6] == (size, limit, found)


def test_a_day_without_flights_between_others_has_none() -> None:
    (measured,) = count({"2013-03-01": 8, "2013-03-02": 20, "2013-03-09": 20})
    assert (measured.size, measured.found) == (0, True)
    assert "EWR has 0 flights on Friday 2013-03-08" in measured.message
    # Of the days after the last one that has flights, nobody knows yet.
    (measured,) = count({"2013-03-01": 8})
    assert measured.size == 1


def test_an_airport_that_has_gone_has_no_flights() -> None:
    kennedy = make(FRIDAYS, origin="JFK")
    newark, gone = count({"2013-03-01": 8}, kennedy)
    assert (newark.place, newark.found) == ("EWR", False)
    assert (gone.place, gone.size, gone.found) == ("JFK", 0, True)


def test_a_weekday_with_few_flights_tells_nothing() -> None:
    (measured,) = count({"2013-03-01": 8}, make(dict.fromkeys(FRIDAYS, 3), origin="JFK"))
    assert measured.place == "EWR"


def name(*tables: pd.DataFrame) -> dict[str, tuple[float, bool]]:
    measures = measure_unseen(part(*tables), ["carrier"], LIMITS)
    return {measured.check: (measured.size, measured.found) for measured in measures}


def test_a_renamed_carrier_is_never_seen_and_gone() -> None:
    united = make({"2013-02-01": 15, "2013-03-01": 15})
    before, after = make({"2013-02-01": 5}, "AA"), make({"2013-03-01": 5}, "ZZ")
    assert name(united, before, after) == {"never seen": (0.25, True), "gone": (0.25, True)}
    measures = measure_unseen(part(united, before, after), ["carrier"], LIMITS)
    assert next(measures).message == (
        "ZZ in flights.carrier, 25 % of the flights, were never seen before: was one renamed?"
    )


def test_few_flights_of_a_carrier_tell_nothing() -> None:
    united = make({"2013-02-01": 17, "2013-03-01": 17})
    before, after = make({"2013-02-01": 3}, "AA"), make({"2013-03-01": 3}, "ZZ")
    assert name(united, before, after) == {"never seen": (0.15, False), "gone": (0.15, False)}


def test_one_new_carrier_may_be_small_and_all_new_ones_count() -> None:
    united = make({"2013-02-01": 4, "2013-03-01": 1996})
    assert name(united, make({"2013-03-01": 4}, "ZZ"))["never seen"] == (0.002, False)
    both = [make({"2013-03-01": 4}, "ZZ"), make({"2013-03-01": 4}, "YY")]
    assert name(united, *both)["never seen"] == (8 / 2004, True)


def test_of_carriers_that_are_gone_the_largest_counts() -> None:
    united = make({"2013-02-01": 12, "2013-03-01": 20})
    gone = make({"2013-02-01": 5}, "AA"), make({"2013-02-01": 3}, "B6")
    assert name(united, *gone)["gone"] == (0.25, True)


def move(hours: int, flights: int) -> Measure:
    # On Fridays all flights leave in two hours; the share of any other hour is .05 / 24.
    usual = make({"2013-02-01": 50}, hour=8), make({"2013-02-01": 50}, hour=16)
    month = [make({"2013-03-01": flights}, hour=hour + hours) for hour in (8, 16)]
    (measured,) = measure_shift(part(*usual, *month, make({"2013-03-02": 9}, hour=2)), LIMITS)
    return measured


@pytest.mark.parametrize("hours", [-3, -1, 1, 3])
def test_departures_that_fit_when_they_are_moved(hours: int) -> None:
    measured = move(hours, 1)  # one flight at each hour: 2 ln(.477 / .00208) = 10.9 nats
    assert (measured.size, measured.expected, measured.found) == (1, 0, True)
    told = f"mostly {abs(hours)} h {'later' if hours > 0 else 'earlier'}."
    assert measured.message.startswith("At EWR 1 of 1 days")  # no Saturday was before
    assert measured.message.endswith(f"the first 2013-03-01, {told}")


def test_departures_at_the_usual_hours_or_at_any_other_are_not_moved() -> None:
    assert move(0, 20).size == 0
    assert move(4, 20).size == 0  # by four hours nobody errs


def test_without_evidence_nothing_has_moved() -> None:
    strict = LIMITS.model_copy(update={"shift_evidence": 10.9})
    usual = make({"2013-02-01": 50}, hour=8), make({"2013-02-01": 50}, hour=16)
    month = [make({"2013-03-01": 1}, hour=hour) for hour in (9, 17)]
    (measured,) = measure_shift(part(*usual, *month), strict)
    assert measured.size == 0
