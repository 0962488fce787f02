"""A desk made of what the catalog holds: for now, or for a moment of the past."""

from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pandas as pd
from kedro.io import DataCatalog

from flight_delays.features.events import OUTCOMES
from flight_delays.parameters import (
    EvaluationParameters,
    InferenceParameters,
    TargetParameters,
)

from .board import LiveBoard
from .desk import Desk
from .directory import Directory
from .event_store import EventStore
from .prediction_log import PredictionLog
from .replay import list_events
from .served_model import ServedModel

KEPT_DAYS = 3


def open_desk(catalog: DataCatalog, parameters: dict[str, Any]) -> Desk:
    """Open the desk as of now.

    Args:
        catalog: The facts, the champion, the event store and the prediction log.
        parameters: Those of conf.

    Returns:
        The desk, not ticking yet.

    Raises:
        DataError: There is no champion, or something cannot be read.
    """
    flights, weather = catalog.load("prm_flights"), catalog.load("int_weather")
    log: PredictionLog = catalog["prediction_log"].log  # type: ignore[attr-defined]
    served_model = _read_served_model(catalog, parameters)
    store: EventStore = catalog.load("event_store")
    ticked = store.read_last_tick()
    directory = _read_directory(catalog, flights)
    board = _make_board(flights, weather, directory, served_model, parameters, ticked)
    return Desk(board, store, log, served_model.number, read_clock)


def read_clock() -> pd.Timestamp:
    """Tell the time, in UTC."""
    return pd.Timestamp.now("UTC")


class ReplayedDesk(Desk):
    """A desk to which the tables tell what happened, at the minute when it became known."""

    def __init__(self, *parts: Any, events: dict[pd.Timestamp, list[Any]]) -> None:
        """Take what will happen beside what a `Desk` takes."""
        super().__init__(*parts)
        self._to_come = list(events.items())

    def tick(self, now: pd.Timestamp) -> None:
        """Tell what has happened until now, then tick."""
        while self._to_come and self._to_come[0][0] <= now:
            self.tell(self._to_come.pop(0)[1])
        super().tick(now)


def open_replayed_desk(
    catalog: DataCatalog,
    parameters: dict[str, Any],
    as_of: datetime,
    speed: float,
    folder: Path,
) -> ReplayedDesk:
    """Open the desk as of a moment of the past, from what was known then.

    Args:
        catalog: The facts and the champion.
        parameters: Those of conf.
        as_of: The moment.
        speed: How many seconds go by in one.
        folder: Where events and answers are kept.

    Returns:
        The desk, not ticking yet. What happens later comes as the tables have it.

    Raises:
        DataError: There is no champion, or something cannot be read.
    """
    flights, weather = catalog.load("prm_flights"), catalog.load("int_weather")
    start = pd.Timestamp(as_of).tz_convert("UTC").floor("min")
    served_model = _read_served_model(catalog, parameters)
    after = served_model.definition.feature_engineering.weather.known_after_minutes
    reported = weather["observed_at"] + pd.Timedelta(minutes=after) <= start
    landed = flights["actual_arrival"] <= start
    known = flights.assign(
        actual_departure=flights["actual_departure"].where(flights["actual_departure"] <= start),
        **{name: flights[name].where(landed) for name in OUTCOMES if name != "actual_departure"},
    )
    day = pd.Timedelta(days=1)
    near = flights["scheduled_departure"].between(start - day, start + KEPT_DAYS * day)
    events = list_events(flights[near], weather[~reported], after)
    began = monotonic()

    def tell_time() -> pd.Timestamp:
        return start + pd.Timedelta(seconds=speed * (monotonic() - began))

    return ReplayedDesk(
        _make_board(
            known, weather[reported], _read_directory(catalog, flights), served_model, parameters
        ),
        EventStore(folder / "events.db"),
        PredictionLog(folder / "prediction_log", KEPT_DAYS),
        served_model.number,
        tell_time,
        events={minute: told for minute, told in events.items() if minute > start},
    )


def _read_served_model(catalog: DataCatalog, parameters: dict[str, Any]) -> ServedModel:
    return ServedModel.read(
        catalog.load("served_version"),
        TargetParameters.model_validate(parameters["target"]),
        EvaluationParameters.model_validate(parameters["evaluation"]),
    )


def _read_directory(catalog: DataCatalog, flights: pd.DataFrame) -> Directory:
    names = ("int_airports", "int_planes", "int_airlines")
    return Directory(flights, *map(catalog.load, names))


def _make_board(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    directory: Directory,
    served_model: ServedModel,
    parameters: dict[str, Any],
    ticked_until: pd.Timestamp | None = None,
) -> LiveBoard:
    inference = InferenceParameters.model_validate(parameters["inference"])
    return LiveBoard(
        flights,
        weather,
        directory,
        served_model,
        inference.horizon_minutes,
        inference.checkpoints_minutes,
        ticked_until,
    )
