"""The line of a flight shows what was said in the last four hours."""

import pandas as pd

from features.flights import at
from flight_delays.serving.page.trends import Trend, draw_trends
from serving.page.snapshots import make_last, make_said


def test_a_line_goes_from_left_to_right_and_up() -> None:
    """Said at nine, an hour ago: three quarters to the right. A fifth is a fifth from the foot."""
    last = make_last(make_said(before={"10 08:00": (0.5, 0.1), "10 09:00": (0.25, 0.1)}))
    trend = Trend("50,50.0 75,75.0 100,80.0", at("10 08:00"), 0.5, 0.2)
    assert draw_trends(last) == {"flight-0": trend}
    assert trend.change_points == -30


def test_what_was_said_more_than_four_hours_ago_is_left_out() -> None:
    before = {"10 05:59": (0.9, 0.1), "10 06:00": (0.3, 0.1)}
    trend = draw_trends(make_last(make_said(before=before)))["flight-0"]
    assert trend.points == "0,70.0 100,80.0"
    assert trend.since == pd.Timestamp("2020-03-10T06:00Z")


def test_fewer_than_two_points_are_no_line() -> None:
    nothing = make_said(), make_said(late=None), make_said(before={"10 05:00": (0.3, 0.1)})
    again = make_said(before={"10 10:00": (0.2, 0.1)})
    unknown = make_said(before={"10 09:00": (float("nan"), 0.1)})
    assert draw_trends(make_last(*nothing, again, unknown)) == {}
    assert draw_trends(make_last()) == {}


def test_the_change_is_that_of_the_percents_that_are_shown() -> None:
    """41.5 and 42.4 percent both read 42."""
    trend = draw_trends(make_last(make_said(late=(0.424, 0.1), before={"10 09:00": (0.415, 0)})))
    assert trend["flight-0"].change_points == 0
