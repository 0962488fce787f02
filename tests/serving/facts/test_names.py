"""What has no name is called by its code, and its clock is UTC."""

import pandas as pd

from flight_delays.serving.facts.names import Names


def test_what_is_missing_in_the_tables_is_missing_here() -> None:
    airports = pd.DataFrame(
        {
            "airport": ["EWR", "XXX", "YYY"],
            "name": ["Newark", None, "Elsewhere"],
            "time_zone": ["America/New_York", "Europe/Paris", None],
        }
    )
    airlines = pd.DataFrame({"carrier": ["UA", "ZZ"], "name": ["United", None]})
    names = Names.read(airports, airlines)
    assert names.airports == {"EWR": "Newark", "YYY": "Elsewhere"}
    assert names.airlines == {"UA": "United"}
    zones = [names.find_time_zone(airport) for airport in ("EWR", "XXX", "YYY", "ZZZ")]
    assert zones == ["America/New_York", "Europe/Paris", "UTC", "UTC"]
