"""A desk made of what the catalog holds: for now, or for a moment of the past."""

from datetime import datetime
from pathlib import Path
from time import monotonic
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

from .board import LiveBoard
from .champion import Champion
from .desk import Desk
from .event_store import EventStore
from .prediction_log import PredictionLog
from .replay import list_events
from .served_model import ServedModel

KEPT_DAYS = 3


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
    board = _make_board(flights, weather, champion.current, parameters, ticked)
    return Desk(board, store, log, read_clock, champion)


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
        catalog: The facts, the champion and the last one.
        parameters: Those of conf.
        as_of: The moment.
        speed: How many seconds go by in one.
        folder: Where events and answers are kept.

    Returns:
        The desk, not ticking yet. What happens later comes as the tables have it.

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
    day = pd.Timedelta(days=1)
    near = flights["scheduled_departure"].between(start - day, start + KEPT_DAYS * day)
    events = list_events(flights[near], weather[~reported], after)
    began = monotonic()

    def tell_time() -> pd.Timestamp:
        return start + pd.Timedelta(seconds=speed * (monotonic() - began))

    return ReplayedDesk(
        _make_board(known, weather[reported], champion.current, parameters),
        EventStore(folder / "events.db"),
        PredictionLog(folder / "prediction_log", KEPT_DAYS),
        tell_time,
        champion,
        events={minute: told for minute, told in events.items() if minute > start},
    )


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


def _make_board(
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    served_model: ServedModel,
    parameters: dict[str, Any],
    ticked_until: pd.Timestamp | None = None,
) -> LiveBoard:
    inference = InferenceParameters.model_validate(parameters["inference"])
    return LiveBoard(
        flights,
        weather,
        served_model,
        inference.horizon_minutes,
        inference.checkpoints_minutes,
        ticked_until,
    )
