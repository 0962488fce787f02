"""Directions on the globe."""

import numpy as np
import pandas as pd


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
    radians = airports[["latitude", "longitude"]].apply(np.radians)
    lat1, lat2 = (airport.map(radians["latitude"]) for airport in (origin, destination))
    lon1, lon2 = (airport.map(radians["longitude"]) for airport in (origin, destination))
    east = np.sin(lon2 - lon1) * np.cos(lat2)
    north = np.cos(lat1) * np.sin(lat2) - np.sin(lat1) * np.cos(lat2) * np.cos(lon2 - lon1)
    bearing: pd.Series = np.degrees(np.arctan2(east, north)) % 360
    return bearing
