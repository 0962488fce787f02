"""What the page is filled with."""

from typing import Any

import pandas as pd
import pytest

from features.flights import at
from flight_delays.serving.page import view as page_view
from flight_delays.serving.page.filters import Filters
from flight_delays.serving.page.view import View, make_view
from serving.page.snapshots import NAMES, make_last, make_said

WHY = {"ordinary_probability": 0.3, "reasons": "-0.10 on a Sunday", "from_schedule": -0.1}
LAST = make_last(
    make_said(),
    make_said("10 13:30", late=(0.6, 0.3), carrier="UA"),
    make_said("10 13:00", origin="DEN"),
    make_said("10 13:10", origin="DEN"),
)


def look(**asked: Any) -> View:
    def explain(flight_id: str) -> Any:
        return WHY if flight_id == "flight-0" else None

    return make_view(LAST, Filters.model_validate(asked), NAMES, explain)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"origin": "JFK"}, ("06:00", "New York time")),
        ({"origin": "DEN"}, ("04:00", "Denver time")),
        ({"origin": "XXX"}, ("10:00", "UTC")),
        ({}, ("10:00", "UTC")),
    ],
)
def test_now_is_on_the_clock_of_the_airport_or_utc(
    asked: dict[str, Any], expected: tuple[str, str]
) -> None:
    view = look(**asked)
    assert (f"{view.now:%H:%M}", view.clock) == expected


def test_the_count_is_of_the_airport_and_the_rows_are_what_is_asked_for() -> None:
    view = look(origin="JFK", carrier="UA")
    assert (view.count.flights, view.found) == (2, 1)
    assert [row.flight_id for row in view.rows] == ["flight-1"]
    assert view.most_in_an_hour == 1
    assert look().most_in_an_hour == 2
    assert make_view(make_last(), Filters(), NAMES, lambda _: None).most_in_an_hour == 0


def test_what_is_opened_is_explained_if_it_can_be() -> None:
    explanations = look(open=["flight-0", "flight-1"]).explanations
    assert [*explanations] == ["flight-0"]
    assert explanations["flight-0"].reasons[0].words == "on a Sunday"


def test_no_more_rows_than_a_browser_can_bear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_view, "MOST_ROWS", 3)
    view = look()
    assert (len(view.rows), view.found, view.count.flights) == (3, 4, 4)


def test_an_hour_leads_to_its_flights_and_back() -> None:
    hour = look(origin="JFK").hours[0]
    assert look(origin="JFK").link(hour) == (
        "?origin=JFK&due_from=2020-03-10T08%3A00%3A00&due_before=2020-03-10T09%3A00%3A00"
    )
    span = {"due_from": hour.start, "due_before": hour.end}
    picked = look(origin="JFK", **span)
    assert picked.is_picked(hour)
    assert not picked.is_picked(picked.hours[1])
    assert not look(due_from=hour.start).is_picked(hour)
    assert picked.link(hour) == picked.link_to_all == "?origin=JFK"


def test_hours_that_are_not_asked_for_are_told_apart() -> None:
    hours = look(origin="JFK").hours
    covered = look(origin="JFK", due_from="2020-03-10T08:30", due_before="2020-03-10T09:00")
    assert [covered.covers(hour) for hour in hours] == [True, False]
    assert [look().covers(hour) for hour in hours] == [True, True]
    assert [look(due_from="2020-03-10T09:00").covers(hour) for hour in hours] == [False, True]


def test_the_moment_is_that_of_the_answers() -> None:
    assert look().now == at("10 10:00")
    assert isinstance(look().now, pd.Timestamp)
