"""Which flights are shown, in which order, and how the page's address says it."""

from typing import Any

import pytest
from pydantic import ValidationError

from flight_delays.serving.page.filters import MOST_OPENED, Filters
from flight_delays.serving.page.rows import list_rows
from serving.page.snapshots import NAMES, make_last, make_said

# At JFK it is four hours earlier than in UTC.
ROWS = list_rows(
    make_last(
        make_said("10 12:00"),
        make_said("10 13:00", origin="DEN", carrier="UA", late=(0.7, 0.4)),
        make_said("10 14:00", destination="LAX", late=(0.5, 0.1)),
        make_said("10 09:00", late=None, state="waiting", waited=60),
        make_said("10 15:00", late=(0.7, 0.1)),
    ),
    NAMES,
)


def choose(**asked: Any) -> list[int]:
    return [int(row.flight_id[7:]) for row in Filters.model_validate(asked).choose(ROWS)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [0, 1, 2, 4, 3]),
        ({"origin": "DEN"}, [1]),
        ({"destination": "LAX"}, [2]),
        ({"carrier": "UA"}, [1]),
        ({"carrier": "UA", "origin": "JFK"}, []),
        ({"due_from": "2020-03-10T10:00"}, [2, 4]),
        ({"due_before": "2020-03-10T10:00"}, [0, 1, 3]),
        ({"due_from": "2020-03-10T08:00", "due_before": "2020-03-10T09:00"}, [0]),
        ({"min_probability": 0.5}, [1, 2, 4]),
        ({"min_probability": 0.71}, []),
        ({"order": "risk"}, [1, 4, 2, 0, 3]),
        ({"order": "risk", "origin": "JFK"}, [4, 2, 0, 3]),
    ],
)
def test_flights_are_chosen_and_put_in_order(asked: dict[str, Any], expected: list[int]) -> None:
    """Of two that are as risky the one that leaves first comes first; who waits comes last."""
    assert choose(**asked) == expected


def test_what_the_form_leaves_empty_is_not_asked_for() -> None:
    empty = dict.fromkeys(["origin", "destination", "carrier", "due_from", "due_before"], "")
    assert Filters.model_validate(empty | {"min_probability": "", "open": [""]}) == Filters()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origin", "TOOLONG"),
        ("due_from", "noon"),
        ("due_from", "2020-03-10T10:00Z"),
        ("min_probability", "1.1"),
        ("min_probability", "much"),
        ("order", "name"),
    ],
)
def test_a_wrong_address_is_refused_by_its_parameter(field: str, value: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Filters.model_validate({field: value})


def test_the_address_says_what_is_asked_for_and_no_more() -> None:
    asked = {"origin": "A&B", "due_from": "2020-03-10T10:00:00", "open": ["a b", "c"]}
    filters = Filters.model_validate(asked)
    assert filters.to_query() == ("?origin=A%26B&due_from=2020-03-10T10%3A00%3A00&open=a+b&open=c")
    assert Filters().to_query() == "?"


def test_as_many_stay_open_as_can_be_explained_each_time() -> None:
    opened = [f"flight-{number}" for number in range(MOST_OPENED + 2)]
    assert Filters.model_validate({"open": [*opened, opened[-1]]}).open == opened[2:]


@pytest.mark.parametrize(
    ("asked", "narrows"),
    [
        ({}, False),
        ({"origin": "JFK", "order": "risk", "open": ["flight-0"]}, False),
        ({"origin": "JFK", "carrier": "AA"}, True),
        ({"min_probability": 0.1}, True),
    ],
)
def test_only_less_than_an_airport_is_narrow(asked: dict[str, Any], narrows: bool) -> None:
    assert Filters.model_validate(asked).narrows is narrows


def test_the_airport_is_whole_whatever_else_is_asked_for() -> None:
    filters = Filters(origin="JFK", carrier="UA", min_probability=0.9)
    assert len(filters.choose_airport(ROWS)) == 4
    assert len(Filters(carrier="UA").choose_airport(ROWS)) == 5
