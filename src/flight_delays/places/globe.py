"""Directions and distances on the globe."""

import numpy as np
import pandas as pd

EARTH_RADIUS_MILES = 3958.8


def compute_bearing(origin: pd.Series, destination: pd.Series, airports: pd.DataFrame) -> pd.Series:
    """Compute the initial bearing of the great circle.

    Source: Williams, Aviation Formulary, "Course between points".

    Args:
        origin: Codes of airports.
        destination: Codes of airports.
        airports: Their `latitude` and `longitude` in degrees, on an index of codes.

    Returns:
        Degrees clockwise from north, NaN where a place is not known.
    """
    lat1, lon1, lat2, lon2 = _locate(origin, destination, airports)
    east = np.sin(lon2 - lon1) * np.cos(lat2)
    north = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    bearing: pd.Series = np.degrees(np.arctan2(east, north)) % 360
    return bearing


def compute_distance(
    origin: pd.Series, destination: pd.Series, airports: pd.DataFrame
) -> pd.Series:
    """Compute the length of the great circle.

    Source: Williams, Aviation Formulary, "Distance between points".

    Args:
        origin: Codes of airports.
        destination: Codes of airports.
        airports: Their `latitude` and `longitude` in degrees, on an index of codes.

    Returns:
        Statute miles, NaN where a place is not known.
    """
    lat1, lon1, lat2, lon2 = _locate(origin, destination, airports)
    haversine = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    distance: pd.Series = 2 * EARTH_RADIUS_MILES * np.arcsin(np.sqrt(haversine))
    return distance


def _locate(origin: pd.Series, destination: pd.Series, airports: pd.DataFrame) -> list[pd.Series]:
    """Look up latitude and longitude of the origins and then of the destinations, in radians."""
    radians = airports[["latitude", "longitude"]].apply(np.radians)
    return [
        airport.map(radians[angle])
        for airport in (origin, destination)
        for angle in ("latitude", "longitude")
    ]
