"""Reasons are told in percentage points."""

from flight_delays.serving.page.reasons import Reason, read_explanation


def test_an_explanation_is_in_points() -> None:
    told = read_explanation(
        {
            "ordinary_probability": 0.2,
            "from_weather": 0.104,
            "from_backlog": -0.05,
            "reasons": "+0.10 visibility 0.5 miles at JFK; -0.05 2 flights from JFK waiting; "
            "-0.00 on a Sunday",
        }
    )
    assert told.ordinary_probability == 0.2
    assert told.reasons == [
        Reason(10, "visibility 0.5 miles at JFK"),
        Reason(-5, "2 flights from JFK waiting"),
    ]
    assert told.groups == [Reason(10, "weather"), Reason(-5, "backlog")]


def test_there_may_be_no_reason() -> None:
    assert read_explanation({"ordinary_probability": 0.2, "reasons": ""}).reasons == []
