"""What the board was told of flights serves where no table has it."""

import pandas as pd

from features.flights import at, make_flight, make_flights
from flight_delays.serving.facts.events import Cancelled, Departed, Landed, Told
from flight_delays.serving.facts.outcomes import add_told_outcomes
from serving.boards import make_directory, make_scheduled

# Due at 14:00 on the first: one has landed as far as the tables know, one has not.
LANDED = make_flight("1 12:00", flight_id="landed", delay=20)
OPEN = make_flight("1 12:00", flight_id="open", delay=None)
NEW = make_scheduled("2 12:00")


def tell_delays(*events: Told) -> dict[str, float]:
    known = add_told_outcomes(make_flights(LANDED, OPEN), events, make_directory())
    return known.set_index("flight_id")["arrival_delay_minutes"].dropna().to_dict()


def test_a_delay_is_told_or_follows_from_the_schedule() -> None:
    """Of a table's flight as of one that only a timetable event names, which waits for it."""
    assert tell_delays(Landed(flight_id="open", at=at("1 14:07"))) == {"landed": 20, "open": 7}
    told = Landed(flight_id="open", at=at("1 14:07"), arrival_delay_minutes=6.5)
    assert tell_delays(told) == {"landed": 20, "open": 6.5}
    known = add_told_outcomes(
        make_flights(OPEN),
        [Landed(flight_id=NEW.flight_id, at=at("2 13:58")), NEW],
        make_directory(),
    )
    assert known["flight_id"].tolist() == ["open", NEW.flight_id]
    assert known["arrival_delay_minutes"].isna().tolist() == [True, False]
    assert known["arrival_delay_minutes"].iloc[1] == -2
    assert known["flight_date"].iloc[1] == pd.Timestamp(NEW.flight_date)
    assert known.dtypes.equals(make_flights(OPEN).dtypes)


def test_the_table_stands() -> None:
    """A delivery brings what counts: whoever told the board knew it sooner, not better."""
    assert tell_delays(Landed(flight_id="landed", at=at("1 18:00")))["landed"] == 20


def test_the_highest_revision_counts_whenever_it_comes() -> None:
    """A later landing, one that is taken back, and a schedule that has moved by an hour."""
    late, later = (
        Landed(flight_id="open", at=at(f"1 {hour}:00"), revision=revision)
        for revision, hour in enumerate((15, 16))
    )
    assert tell_delays(later, late)["open"] == 120
    taken_back = Landed(flight_id="open", at=None, revision=2)
    assert "open" not in tell_delays(late, taken_back, later)
    flight = make_flight("1 12:00", delay=None)
    moved = make_scheduled("1 12:00", block=180)
    known = make_flights({**flight, "flight_id": moved.flight_id})
    landed = Landed(flight_id=moved.flight_id, at=at("1 15:05"))
    delays = add_told_outcomes(known, [moved, landed], make_directory())["arrival_delay_minutes"]
    assert delays.tolist() == [5]


def test_what_is_no_outcome_is_none() -> None:
    """A diversion has no delay; a departure or a cancellation is none; whose flight is unknown."""
    told: list[Told] = [
        Landed(flight_id="open", at=at("1 18:00"), diverted=True),
        Departed(flight_id="open", at=at("1 12:30")),
        Cancelled(flight_id="open"),
        Landed(flight_id="nobody's", at=at("1 18:00")),
    ]
    assert tell_delays(*told) == {"landed": 20}
