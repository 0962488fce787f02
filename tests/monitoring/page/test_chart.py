"""The year so far is drawn to scale."""

import pytest

from flight_delays.monitoring.page.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, lay_out

MONTH = {"month": "2013-11", "realised": 0.41, "expected": 0.4, "lower": -0.05, "upper": 0.1}


def test_marks_lie_at_their_values_between_the_lines() -> None:
    # The bounds, .35 and .50, are the outermost values; both are lines of the grid.
    chart = lay_out([MONTH])
    floor, span = HEIGHT - BOTTOM, HEIGHT - BOTTOM - TOP
    (mark,) = chart["marks"]
    assert mark["y_lower"] == pytest.approx(floor, abs=0.06)
    assert mark["y_upper"] == pytest.approx(TOP, abs=0.06)
    assert mark["y_expected"] == pytest.approx(floor - span / 3, abs=0.06)
    assert mark["y_realised"] == pytest.approx(floor - span * 0.4, abs=0.06)
    assert [line["value"] for line in chart["lines"]] == [0.35, 0.4, 0.45, 0.5]
    assert chart["lines"][1]["y"] == mark["y_expected"]
    assert mark["month"] == "2013-11"


def test_realised_losses_beyond_the_bounds_are_on_the_picture() -> None:
    marks = lay_out([MONTH | {"realised": 0.62}, MONTH | {"realised": 0.21}])["marks"]
    assert TOP <= marks[0]["y_realised"] < marks[1]["y_realised"] <= HEIGHT - BOTTOM


@pytest.mark.parametrize("count", [1, 4, 12])
def test_months_follow_each_other_within_the_picture(count: int) -> None:
    places = [mark["x"] for mark in lay_out([MONTH] * count)["marks"]]
    slot = (WIDTH - LEFT - RIGHT) / max(count, 4)
    assert places == pytest.approx([LEFT + (i + 0.5) * slot for i in range(count)], abs=0.06)


def test_a_year_of_one_value_has_lines() -> None:
    flat = MONTH | {"realised": 0.4, "lower": 0, "upper": 0}
    assert len({line["y"] for line in lay_out([flat])["lines"]}) == 3
