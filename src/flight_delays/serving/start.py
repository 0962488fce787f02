"""A desk made of what the catalog holds: for now, or for a day of the past."""

from datetime import datetime
from pathlib import Path
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
from .event_store import EventStore
from .history import select_points
from .names import Names
from .player import Player
from .prediction_log import PredictionLog
from .replay import list_events
from .served_model import ServedModel

PLAYED_DAYS = 3
DAY = pd.Timedelta(days=1)


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
    board = _make_board(
        flights,
        weather,
        served_model,
        parameters,
        ticked_until=ticked,
        history=_read_history(log, read_clock()),
    )
    return Desk(board, store, log, served_model.number, read_clock, _read_names(catalog))


def read_clock() -> pd.Timestamp:
    """Tell the time, in UTC."""
    return pd.Timestamp.now("UTC")


def open_past_desk(
    catalog: DataCatalog,
    parameters: dict[str, Any],
    as_of: datetime,
    speed: float,
    folder: Path,
) -> tuple[Desk, Player]:
    """Open the desk as of a moment of the past, from what was known then.

    Args:
        catalog: The facts and the champion.
        parameters: Those of conf.
        as_of: The moment.
        speed: How many minutes go by in one.
        folder: Where events and answers are kept.

    Returns:
        The desk, not ticking yet; and who tells it what happened later, and has its clock.

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
    near = flights["scheduled_departure"].between(start - DAY, start + PLAYED_DAYS * DAY)
    events = list_events(flights[near], weather[~reported], after)
    player = Player({at: told for at, told in events.items() if at > start}, start, speed)
    desk = Desk(
        _make_board(known, weather[reported], served_model, parameters),
        EventStore(folder / "events.db"),
        PredictionLog(folder / "prediction_log", PLAYED_DAYS),
        served_model.number,
        player.read_clock,
        _read_names(catalog),
    )
    return desk, player


def _read_history(log: PredictionLog, now: pd.Timestamp) -> pd.DataFrame | None:
    """Read what was said of flights that may be open."""
    yesterday = (now - DAY).date()
    if not any(day >= yesterday for day in log.list_days()):
        return None
    said = log.read(yesterday).set_index("flight_id", drop=False).rename_axis(None)
    return select_points(said.sort_values("prediction_time"))


def _read_served_model(catalog: DataCatalog, parameters: dict[str, Any]) -> ServedModel:
    return ServedModel.read(
        catalog.load("served_version"),
        TargetParameters.model_validate(parameters["target"]),
        EvaluationParameters.model_validate(parameters["evaluation"]),
    )


def _read_names(catalog: DataCatalog) -> Names:
    return Names.read(catalog.load("int_airports"), catalog.load("int_airlines"))


def _make_board(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    served_model: ServedModel,
    parameters: dict[str, Any],
    **before: Any,
) -> LiveBoard:
    inference = InferenceParameters.model_validate(parameters["inference"])
    return LiveBoard(
        flights,
        weather,
        served_model,
        inference.horizon_minutes,
        inference.checkpoints_minutes,
        **before,
    )
