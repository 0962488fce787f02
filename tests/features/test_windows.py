"""The primitive under every rolling feature, against sums made one event at a time."""

import warnings
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flight_delays.features.windows import FIXED_POINT, EventLog, Integers, divide

Event = tuple[int, float, float]  # entity, minute, value

entities = st.integers(-1, 2)
minutes = st.integers(-5, 20)
values = st.integers(-(10**6), 10**6).map(lambda thousandths: thousandths / 1000)
events = st.lists(st.tuples(entities, minutes.map(float) | st.just(np.nan), values), max_size=30)


def make_log(events: Sequence[Event]) -> EventLog:
    entity, minute, value = np.array(events, dtype=float).reshape(-1, 3).T
    return EventLog(entity.astype(np.int64), minute, value=value)


def one(number: int) -> Integers:
    return np.array([number])


def find(log: EventLog, entity: int, minute: int) -> Integers:
    return log.find(one(entity), one(minute))


def total(log: EventLog, entity: int, after: int, until: int) -> float:
    sums = log.total("value", find(log, entity, after), find(log, entity, until))
    return float(sums.item()) / FIXED_POINT


@given(events, entities, minutes, st.integers(0, 30))
def test_a_window_counts_and_sums_the_events_of_its_entity_after_and_until(
    events: list[Event], entity: int, until: int, window: int
) -> None:
    log = make_log(events)
    inside = [
        value
        for other, minute, value in events
        if other == entity >= 0 and until - window < minute <= until
    ]
    assert find(log, entity, until) - find(log, entity, until - window) == len(inside)
    # Each value is a whole number of thousandths, so there is one right answer.
    expected = sum(round(value * 1000) for value in inside) / 1000
    assert total(log, entity, until - window, until) == expected


@given(events, entities, minutes)
def test_the_last_row_is_the_latest_and_of_one_minute_the_last_in_the_table(
    events: list[Event], entity: int, until: int
) -> None:
    log = make_log(events)
    before = [
        (minute, row)
        for row, (other, minute, _) in enumerate(events)
        if other == entity >= 0 and minute <= until
    ]
    row, last_minute = log.last(find(log, entity, until), find(log, entity, -1000))
    assert row == (max(before)[1] if before else -1)
    if before:
        assert last_minute == max(before)[0]


@pytest.mark.parametrize(
    "events",
    [[], [(-1, 10, 1)], [(0, np.nan, 1)]],
    ids=["no events", "no entity", "no minute"],
)
def test_a_log_without_events_answers_nothing(events: list[Event]) -> None:
    log = make_log(events)
    for entity in (-1, 0, 7):
        start, end = find(log, entity, -(10**9)), find(log, entity, 10**9)
        assert end - start == 0
        assert log.total("value", start, end) == 0
        assert log.last(end, start)[0] == -1


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [(-(10**9), 9, 0), (9, 10, 1), (10, 20, 2), (20, 10**9, 0), (-(10**9), 10**9, 3)],
    ids=["before the first", "at the first", "at the last", "after the last", "all"],
)
def test_queries_outside_the_log_stay_with_their_entity(
    after: int, until: int, expected: float
) -> None:
    """The neighbours in the sorted order, of 100 and 1000, stand on the same two minutes."""
    log = make_log(
        [
            (entity, minute, value * 10**entity * 10)
            for entity in (0, 1, 2)
            for minute, value in ((10, 1), (20, 2))
        ]
    )
    assert total(log, 1, after, until) == expected * 100


@pytest.mark.parametrize("entity", [-1, 3])
def test_an_entity_without_events_has_none(entity: int) -> None:
    log = make_log([(0, 10, 1), (2, 10, 1)])
    assert total(log, entity, 0, 20) == 0


@given(events.map(lambda some: [(entity, minute, value * 1e6) for entity, minute, value in some]))
def test_a_sum_does_not_depend_on_other_events_to_the_last_bit(others: list[Event]) -> None:
    """Cumulative sums of floats would carry what came before into the window's last bits."""
    window = [(0, 100, 1 / 3), (0, 101, 2 / 3), (0, 102, 1 / 7)]
    alone, among = make_log(window), make_log([*others, *window, (0, 200, 1e9)])
    # To a thousandth, which is what a value is rounded to.
    assert total(among, 0, 99, 102) == total(alone, 0, 99, 102) == (333 + 667 + 143) / 1000


def test_of_many_events_in_one_minute_the_last_in_the_table_is_the_last() -> None:
    log = make_log([(0, 10, 1), (0, 5, 1)] * 500)
    assert log.last(find(log, 0, 10), find(log, 0, 0)) == (998, 10)


def test_what_happens_within_a_minute_is_known_from_the_next_on() -> None:
    log = make_log([(0, 10.5, 1)])
    assert [total(log, 0, 0, minute) for minute in (10, 11)] == [0, 1]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_never_becomes_one(value: float) -> None:
    log = make_log([(0, 10, 1), (0, 20, value)])
    with pytest.raises(ValueError, match="no number as its value"):
        total(log, 0, 0, 10)


def test_what_a_dropped_event_carries_does_not_matter() -> None:
    log = make_log([(0, 10, 1), (0, np.nan, np.nan), (-1, 10, np.inf)])
    assert total(log, 0, 0, 20) == 1


def test_division_by_nothing_is_unknown_and_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quotients = divide(np.array([1, 0, 1, 3]), np.array([0, 0, -1, 2]))
    np.testing.assert_array_equal(quotients, [np.nan, np.nan, np.nan, 1.5])
