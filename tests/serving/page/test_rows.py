"""Flights read as on the airport's own board, with what is said of each."""

import pytest

from features.flights import at
from flight_delays.serving.page.rows import Risk, Row, list_rows, list_thresholds
from serving.page.snapshots import NAMES, make_last, make_said


def list_all(*said: dict[str, object], **options: object) -> list[Row]:
    return [*list_rows(make_last(*said, **options), NAMES)]  # type: ignore[arg-type]


def test_the_time_is_that_of_the_origin() -> None:
    """Summer time had begun on the eighth."""
    (row, further), other = list_all(make_said(), make_said(origin="DEN")), make_said(origin="XXX")
    assert f"{row.due:%H:%M}" == "08:00"
    assert f"{further.due:%H:%M}" == "06:00"
    assert f"{list_all(other)[0].due:%H:%M}" == "12:00"


def test_flights_are_in_the_order_of_their_schedule_not_of_their_clocks() -> None:
    rows = list_all(
        make_said("10 14:00", origin="DEN"), make_said("10 12:30"), make_said("10 12:30")
    )
    assert [row.flight_id for row in rows] == ["flight-1", "flight-2", "flight-0"]


def test_a_flight_has_the_risk_of_each_threshold_and_the_alerts() -> None:
    (row,) = list_all(make_said(late=(0.42, 0.2), alerts=(True, False), flight_number=1545))
    assert row.flight == "AA 1545"
    assert row.risks == (Risk(15, 0.42, True), Risk(60, 0.2, False))
    assert row.first_probability == 0.42
    assert (row.age_minutes, row.waited_minutes) == (0, None)


def test_the_thresholds_are_those_of_the_version() -> None:
    said = make_said(late=(0.5,), alerts=(True,))
    assert list_all(said, thresholds=(90,))[0].risks == (Risk(90, 0.5, True),)
    assert list_thresholds(make_last(said, thresholds=(90,))) == [90]
    assert list_thresholds(make_last(thresholds=(30, 240))) == [30, 240]


def test_of_a_threshold_that_the_version_did_not_know_nothing_is_told() -> None:
    (row,) = list_all(make_said(late=(0.2, float("nan")), alerts=(True, None)))
    assert row.risks == (Risk(15, 0.2, True), Risk(60, None, False))
    assert row.risks[1].tenth == 0


def test_without_an_answer_there_is_no_risk() -> None:
    waits = make_said("10 09:30", state="waiting", waited=30, late=None)
    row, far = list_all(waits, make_said("10 17:00", state="far", late=None))
    assert (row.waited_minutes, row.age_minutes, row.risks) == (30, None, ())
    assert far.first_probability is row.first_probability is row.trend is None


def test_an_answer_that_stands_has_its_age() -> None:
    (row,) = list_all(make_said("10 10:10", state="near", asked=at("10 09:40")))
    assert row.age_minutes == 20


@pytest.mark.parametrize(
    ("probability", "tenth"), [(0, 0), (0.0999, 0), (0.1, 1), (0.55, 5), (0.9, 9), (1, 9)]
)
def test_the_scale_has_ten_steps(probability: float, tenth: int) -> None:
    assert Risk(15, probability, False).tenth == tenth


def test_an_id_in_html_has_no_blanks() -> None:
    (row,) = list_all(make_said(flight_id='a b"/c'))
    assert row.anchor == "a%20b%22%2Fc"


def test_between_two_ticks_they_are_made_once() -> None:
    last = make_last(make_said())
    assert list_rows(last, NAMES) is list_rows(last, NAMES)
    assert list_rows(make_last(make_said(late=(0.9, 0.3))), NAMES)[0].first_probability == 0.9
