"""What is read out of a version, and how its description changes."""

from datetime import date

import pytest

from flight_delays.errors import DataError
from flight_delays.registry.versions import SECTION_BREAK, Version, replace_section


def test_a_version_tells_the_last_day_that_its_model_has_seen() -> None:
    version = Version(1, "run", {"fitted_from": "2013-01-01", "fitted_to": "2013-10-31"}, "")
    assert version.fitted_to == date(2013, 10, 31)
    with pytest.raises(DataError, match="Version 2 has no tag fitted_to"):
        assert Version(2, "run", {}, "").fitted_to


def test_what_happened_last_takes_the_place_of_what_happened_before() -> None:
    once = replace_section("Fitted.", "Refused.")
    assert once == f"Fitted.{SECTION_BREAK}Refused."
    assert replace_section(once, "Promoted.") == f"Fitted.{SECTION_BREAK}Promoted."
