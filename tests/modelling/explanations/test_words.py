"""Every feature that the delivered parameters make has words, and these say what it is."""

import pytest

from features.flights import PARAMETERS, ask_one, make_weather
from flight_delays.features.build import make_features
from flight_delays.modelling.explanations.words import has_words, put_in_words

FLIGHT = {"origin": "LGA", "destination": "ORD", "carrier": "UA"}


def test_all_delivered_features_have_words() -> None:
    layers, asked = ask_one()
    features, _ = make_features(layers, asked, make_weather(), PARAMETERS)
    assert len(features.columns) > 90
    assert [name for name in features if not has_words(name)] == []
    for name in features:
        value = "UA" if name in ("carrier", "aircraft_model") else 3.25
        words = put_in_words(name, value, FLIGHT)
        assert words
        assert "{" not in words


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("origin_waiting", 19, "19 flights from LGA waiting past schedule"),
        ("carrier_waiting", 1, "1 flight of UA waiting past schedule"),
        ("network_waiting_change_1h", -3, "3 fewer flights waiting than 1 hour ago"),
        ("origin_waiting_change_30m", 2, "2 more flights from LGA waiting than 30 minutes ago"),
        (
            "carrier_at_origin_scheduled_late_share_90m",
            0.42,
            "42 % of flights of UA from LGA due in the last 90 minutes late",
        ),
        (
            "origin_departures_late_share_1h",
            0.5,
            "50 % of departures from LGA late in the last hour",
        ),
        (
            "destination_landings_delay_mean_1d",
            -12.4,
            "landings to ORD 12 minutes early on average in the last day",
        ),
        (
            "destination_landings_added_delay_mean_1d",
            -1,
            "flights to ORD gained 1 minute on the way in the last day",
        ),
        (
            "destination_landings_added_delay_7d",
            8.6,
            "flights to ORD lost 9 minutes on the way in the last 7 days",
        ),
        (
            "carrier_on_route_hour_landings_late_30d",
            0.3,
            "30 % of flights of UA from LGA to ORD at this hour late in the last 30 days",
        ),
        (
            "flight_at_origin_days_late_365d",
            -0.12,
            "flights with this number from LGA late 12 points less often than others of the days, "
            "over 365 days",
        ),
        ("origin_visibility_miles", 0.25, "visibility 0.2 miles at LGA"),
        (
            "network_visibility_miles_mean_2h",
            2.54,
            "visibility 2.5 miles over all airports on average of the last 2 hours",
        ),
        (
            "network_visibility_miles_minimum",
            1,
            "visibility 1.0 miles over all airports at the lowest",
        ),
        ("origin_pressure_hpa_change_3h", -7.92, "pressure -7.9 hPa at LGA in the last 3 hours"),
        ("origin_temperature_f_change_3h", 12.4, "temperature +12 °F at LGA in the last 3 hours"),
        ("origin_wind_speed_mph", 19.6, "wind 20 mph at LGA"),
        ("weekday", 4, "on a Friday"),
        ("scheduled_departure_local_minute", 1170, "due to leave at 19:30"),
        ("carrier", "UA", "flown by UA"),
        (
            "aircraft_rotation_slack_minutes",
            -25,
            "its aircraft is expected ready 25 minutes after it is due to leave",
        ),
        (
            "aircraft_inbound_slack_minutes",
            40,
            "its aircraft can be back 40 minutes before it is due to leave",
        ),
        ("aircraft_previous_delay_minutes", 0, "its aircraft on time on the flight before"),
        ("sector_overdue", 3, "3 flights towards ORD in the air past schedule"),
    ],
)
def test_words_say_the_value_with_its_unit_and_whose_it_is(
    column: str, value: float | str, words: str
) -> None:
    assert put_in_words(column, value, FLIGHT) == words


@pytest.mark.parametrize(
    ("column", "value"),
    [("origin_waiting", float("nan")), ("moon_phase", 1), ("origin_moon_phase_2h", 1)],
)
def test_what_is_missing_or_unknown_has_none(column: str, value: float) -> None:
    assert put_in_words(column, value, FLIGHT) is None
