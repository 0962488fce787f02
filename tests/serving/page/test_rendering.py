"""Numbers read as people say them, and nothing is read as HTML."""

import pytest

from flight_delays.serving.page.rendering import (
    render,
    write_change,
    write_minutes,
    write_percent,
)


@pytest.mark.parametrize(
    ("probability", "expected"),
    [
        (0, "<1%"),
        (0.0099, "<1%"),
        (0.01, "1%"),
        (0.425, "42%"),
        (0.99, "99%"),
        (0.991, ">99%"),
        (1, ">99%"),
    ],
)
def test_nothing_is_certain(probability: float, expected: str) -> None:
    assert write_percent(probability) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(5, "5 min"), (60, "1 h"), (90, "1 h 30"), (125, "2 h 05")]
)
def test_a_span_is_in_hours_and_minutes(minutes: int, expected: str) -> None:
    assert write_minutes(minutes) == expected


@pytest.mark.parametrize(("points", "expected"), [(3, "+3"), (0, "0"), (-12, "\N{MINUS SIGN}12")])
def test_a_change_has_its_sign(points: int, expected: str) -> None:
    assert write_change(points) == expected


def test_the_login_says_why_it_asks_again() -> None:
    assert "No such key" not in render("login", refused=False, kept_days=30)
    assert "No such key" in render("login", refused=True, kept_days=30)
