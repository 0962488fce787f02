"""The form offers what the open flights have, and shows what is chosen."""

from datetime import datetime

from flight_delays.serving.page.choices import Choice, make_choices, write_time
from flight_delays.serving.page.filters import Filters
from flight_delays.serving.page.glance import count_by_hour
from flight_delays.serving.page.rows import list_rows
from serving.page.snapshots import NAMES, make_last, make_said

ROWS = list_rows(make_last(make_said("11 03:30"), make_said("11 04:10", carrier="ZZ")), NAMES)


def offer(field: str, **asked: object) -> list[tuple[str, str]]:
    """What is offered; what is chosen has a star."""
    filters = Filters.model_validate(asked)
    choices = make_choices(ROWS, count_by_hour(ROWS, [15, 60]), filters, NAMES)[field]
    return [(each.value, f"{'*' * each.is_chosen}{each.label}") for each in choices]


def test_places_and_carriers_have_their_names_where_there_is_one() -> None:
    assert offer("origin") == [("JFK", "JFK John F Kennedy Intl")]
    assert offer("destination", destination="BOS") == [("BOS", "*BOS Logan")]
    assert offer("carrier") == [("AA", "AA American"), ("ZZ", "ZZ")]


def test_what_is_chosen_is_offered_even_if_no_flight_has_it() -> None:
    assert offer("carrier", carrier="UA")[1] == ("UA", "*UA")
    assert offer("due_from", due_from="2020-03-10T20:00")[0] == ("2020-03-10T20:00", "*20:00")
    assert ("0.42", "*42% or more") in offer("min_probability", min_probability=0.42)


def test_hours_are_those_of_the_flights_with_the_day_if_it_is_another_one() -> None:
    assert offer("due_from") == [("2020-03-10T23:00", "23:00"), ("2020-03-11T00:00", "Wed 00:00")]
    assert offer("due_before")[-1] == ("2020-03-11T01:00", "01:00")


def test_probabilities_rise_and_nothing_is_not_among_them() -> None:
    values = [float(value) for value, _ in offer("min_probability")]
    assert values == sorted(values)
    assert min(values) > 0
    assert (
        Choice("0.5", "50% or more", False)
        in make_choices([], [], Filters(), NAMES)["min_probability"]
    )


def test_a_time_of_today_needs_no_day() -> None:
    time, today = datetime(2020, 3, 11, 0, 10), datetime(2020, 3, 10, 22)
    assert write_time(time, today) == "Wed 00:10"
    assert write_time(time, time) == write_time(time, None) == "00:10"
