"""A desk made of what the catalog holds: for now, or for a day of the past."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
from kedro.io import DataCatalog, DatasetError

from flight_delays.errors import DataError
from flight_delays.features.events import OUTCOMES
from flight_delays.parameters import (
    EvaluationParameters,
    InferenceParameters,
    ServingParameters,
    TargetParameters,
)
from flight_delays.serving.board.history import select_points
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.event_store import EventStore
from flight_delays.serving.facts.names import Names
from flight_delays.serving.log.prediction_log import PredictionLog
from flight_delays.serving.replay.past_events import list_events
from flight_delays.serving.replay.player import Player

from .champion import Champion
from .desk import Desk

PLAYED_DAYS = 3
DAY = pd.Timedelta(days=1)


def open_desk(catalog: DataCatalog, parameters: dict[str, Any]) -> Desk:
    """Open the desk as of now.

    Args:
        catalog: The facts, the champion and the last one, the event store, the prediction log.
        parameters: Those of conf.

    Returns:
        The desk, not ticking yet.

    Raises:
        DataError: There is no champion, or something cannot be read.
        TrackingError: The registry cannot be asked, and no version was kept.
    """
    flights, weather = _load_facts(catalog)
    log: PredictionLog = catalog["prediction_log"].log  # type: ignore[attr-defined]
    champion = _find_champion(catalog, parameters)
    store: EventStore = catalog.load("event_store")
    ticked = store.read_last_tick()
    board = _make_board(
        flights,
        weather,
        _read_directory(catalog, flights),
        champion.current,
        parameters,
        ticked_until=ticked,
        history=_read_history(log, read_clock()),
    )
    return Desk(board, store, log, read_clock, champion, _read_names(catalog))


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
        catalog: The facts, the champion and the last one.
        parameters: Those of conf.
        as_of: The moment.
        speed: How many minutes go by in one.
        folder: Where events and answers are kept.

    Returns:
        The desk, not ticking yet; and who tells it what happened later, and has its clock.

    Raises:
        DataError: There is no champion, or something cannot be read.
        TrackingError: The registry cannot be asked, and no version was kept.
    """
    flights, weather = _load_facts(catalog)
    start = pd.Timestamp(as_of).tz_convert("UTC").floor("min")
    champion = _find_champion(catalog, parameters)
    after = champion.current.definition.feature_engineering.weather.known_after_minutes
    reported = weather["observed_at"] + pd.Timedelta(minutes=after) <= start
    landed = flights["actual_arrival"] <= start
    known = flights.assign(
        actual_departure=flights["actual_departure"].where(flights["actual_departure"] <= start),
        **{name: flights[name].where(landed) for name in OUTCOMES if name != "actual_departure"},
    )
    near = flights["scheduled_departure"].between(start - DAY, start + PLAYED_DAYS * DAY)
    events = list_events(flights[near], weather[~reported], after)
    player = Player(events, start, speed)
    directory = _read_directory(catalog, flights)
    desk = Desk(
        _make_board(known, weather[reported], directory, champion.current, parameters),
        EventStore(folder / "events.db", PLAYED_DAYS),
        PredictionLog(folder / "prediction_log", PLAYED_DAYS),
        player.read_clock,
        champion,
        _read_names(catalog),
        speed,
    )
    return desk, player


def _read_history(log: PredictionLog, now: pd.Timestamp) -> pd.DataFrame | None:
    """Read what was said of flights that may be open."""
    yesterday = (now - DAY).date()
    if not any(day >= yesterday for day in log.list_days()):
        return None
    said = log.read(yesterday).set_index("flight_id", drop=False).rename_axis(None)
    return select_points(said.sort_values("prediction_time"))


def _load_facts(catalog: DataCatalog) -> tuple[pd.DataFrame, pd.DataFrame]:
    return _load_table(catalog, "prm_flights"), _load_table(catalog, "int_weather")


def _load_table(catalog: DataCatalog, name: str) -> pd.DataFrame:
    try:
        table: pd.DataFrame = catalog.load(name)
    except DatasetError as error:
        reason = str(error.__cause__ or error).partition("\n")[0]
        raise DataError(
            f"The table {name} cannot be read ({reason}): `kedro run --pipeline=data_processing` "
            "makes it anew."
        ) from error
    return table


def _find_champion(catalog: DataCatalog, parameters: dict[str, Any]) -> Champion:
    target = TargetParameters.model_validate(parameters["target"])
    evaluation = EvaluationParameters.model_validate(parameters["evaluation"])
    return Champion(
        catalog["champion_number"],
        catalog["served_version"],
        catalog["last_served_version"],
        lambda version: ServedModel.read(version, target, evaluation),
        ServingParameters.model_validate(parameters["serving"]).champion_poll_seconds,
    )


def _read_directory(catalog: DataCatalog, flights: pd.DataFrame) -> Directory:
    names = ("int_airports", "int_planes", "int_airlines")
    return Directory(flights, *map(catalog.load, names))


def _read_names(catalog: DataCatalog) -> Names:
    return Names.read(catalog.load("int_airports"), catalog.load("int_airlines"))


def _make_board(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    directory: Directory,
    served_model: ServedModel,
    parameters: dict[str, Any],
    **before: Any,
) -> LiveBoard:
    inference = InferenceParameters.model_validate(parameters["inference"])
    return LiveBoard(
        flights,
        weather,
        directory,
        served_model,
        inference.horizon_minutes,
        inference.checkpoints_minutes,
        **before,
    )
