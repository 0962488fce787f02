"""Group `weather`: the hourly reports at the origins, from when they could be known."""

import numpy as np
import pandas as pd

from flight_delays.parameters import WeatherFeatures

from .entities import name_window
from .events import to_minutes
from .questions import Asked
from .windows import FIXED_POINT, EventLog, Floats, Integers, divide

# An older report says nothing about the weather now.
STALE_MINUTES = 360


class ReadingLog:
    """One reading of the weather, at every origin or over all of them."""

    def __init__(
        self, origin: Integers, origins: "pd.Index[str]", known: Floats, values: Floats
    ) -> None:
        """Log the reports that have the reading.

        Args:
            origin: The number of each report's origin.
            origins: The origins by number.
            known: Minutes since 1970 UTC at which each report is known.
            values: What was read, NaN where nothing was.
        """
        self._origins = origins
        there = np.where(np.isnan(values), np.nan, known)
        self._log = EventLog(origin, there, value=values)
        self._network = EventLog(np.zeros_like(origin), there, value=values)

    def read_latest(self, origins: "pd.Index[str]", minute: Integers) -> Floats:
        """Tell the last known value at each origin, NaN if it is stale."""
        return self._read(self._origins.get_indexer(origins), minute)

    def read_mean(self, origins: "pd.Index[str]", minute: Integers, window: int) -> Floats:
        """Average over the window up to a minute at each origin."""
        return _average(self._log, self._origins.get_indexer(origins), minute, window)

    def read_network_mean(self, minute: Integers, window: int) -> Floats:
        """Average over the window up to a minute and over all origins."""
        return _average(self._network, np.zeros_like(minute), minute, window)

    def read_network_minimum(self, minute: Integers) -> Floats:
        """Tell the lowest of the last known values of all origins."""
        lowest = np.full(minute.shape, np.nan)
        for origin in range(len(self._origins)):
            lowest = np.fmin(lowest, self._read(np.full_like(minute, origin), minute))
        return lowest

    def _read(self, origin: Integers, minute: Integers) -> Floats:
        log = self._log
        end = log.find(origin, minute)
        stale = log.find(origin, minute - STALE_MINUTES)
        last = np.maximum(end - 1, stale)
        return np.where(end > stale, log.total("value", last, end) / FIXED_POINT, np.nan)


def make_weather_features(
    asked: Asked, weather: pd.DataFrame, parameters: WeatherFeatures
) -> dict[str, Floats]:
    """Describe the weather known at the prediction time.

    Args:
        asked: The questions.
        weather: Hourly reports at the origins (`IntWeather`).
        parameters: Which readings to take and how.

    Returns:
        Columns by name, one value per question.
    """
    origins: pd.Index[str] = pd.Index(asked.table["origin"])
    now = asked.prediction_minute
    origin, names = pd.factorize(weather["origin"])
    known = to_minutes(weather["observed_at"]) + parameters.known_after_minutes
    reports = origin.astype(np.int64), pd.Index(names), known
    columns = {}
    for reading in parameters.readings:
        log = ReadingLog(*reports, weather[reading].to_numpy(float))
        latest = log.read_latest(origins, now)
        if reading in parameters.latest:
            columns[f"origin_{reading}"] = latest
        for window in parameters.mean.get(reading, []):
            columns[f"origin_{reading}_mean_{name_window(window)}"] = log.read_mean(
                origins, now, window
            )
        for window in parameters.change.get(reading, []):
            columns[f"origin_{reading}_change_{name_window(window)}"] = latest - log.read_latest(
                origins, now - window
            )
        for window in parameters.network_mean.get(reading, []):
            columns[f"network_{reading}_mean_{name_window(window)}"] = log.read_network_mean(
                now, window
            )
        if reading in parameters.network_minimum:
            columns[f"network_{reading}_minimum"] = log.read_network_minimum(now)
    return columns


def _average(log: EventLog, entity: Integers, minute: Integers, window: int) -> Floats:
    start, end = log.find(entity, minute - window), log.find(entity, minute)
    return divide(log.total("value", start, end) / FIXED_POINT, end - start)
