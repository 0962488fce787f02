"""What it costs to keep a day's flights up to date, by the model that was trained last."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

from flight_delays.parameters import EvaluationParameters, TargetParameters
from flight_delays.registry.feature_definition import make_features_by
from flight_delays.registry.versions import Contender
from flight_delays.serving.board.answers import FLIGHT
from flight_delays.serving.board.live_board import LiveBoard
from flight_delays.serving.board.served_model import ServedModel
from flight_delays.serving.facts.directory import Directory

PROJECT = Path(__file__).parents[2]
MINUTE = pd.Timedelta(minutes=1)
CHECKPOINTS = [30, 60, 120, 240, 480]


def load() -> tuple[pd.DataFrame, pd.DataFrame, Directory, ServedModel]:
    """Load the facts and the model."""
    bootstrap_project(PROJECT)
    with KedroSession.create(PROJECT) as session:
        context = session.load_context()
        candidate = context.catalog.load("candidate")
        served_model = ServedModel.read(
            Contender(candidate.version, candidate.model, candidate.metadata),
            TargetParameters.model_validate(context.params["target"]),
            EvaluationParameters.model_validate(context.params["evaluation"]),
        )
        flights = context.catalog.load("prm_flights")
        names = ("int_airports", "int_planes", "int_airlines")
        directory = Directory(flights, *map(context.catalog.load, names))
        return flights, context.catalog.load("int_weather"), directory, served_model


def take_time(work: Callable[[], object]) -> float:
    """Seconds that some work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def repeat_day(flights: pd.DataFrame, day: pd.Timestamp, copies: int) -> pd.DataFrame:
    """Let the flights about a day leave several times, under other names."""
    near = flights["flight_date"].between(day - 2 * 1440 * MINUTE, day + 2 * 1440 * MINUTE)
    more = [
        flights[near].assign(flight_id=flights["flight_id"] + f" {copy}")
        for copy in range(1, copies)
    ]
    return pd.concat([flights, *more], ignore_index=True)


def ask_day(flights: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Ask about the flights of a day at every checkpoint."""
    due = flights[flights["flight_date"] == day]
    asked = [
        due[FLIGHT].assign(
            prediction_time=due["scheduled_departure"] - lead * MINUTE, lead_minutes=lead
        )
        for lead in CHECKPOINTS
    ]
    return pd.concat(asked, ignore_index=True)


def main(copies: int) -> None:
    """Measure with so many times the open flights, and print the figures."""
    flights, weather, directory, served_model = load()
    day = flights["flight_date"].max() - pd.Timedelta(days=14)
    now = day.tz_localize("UTC") + pd.Timedelta(hours=12)
    known = repeat_day(flights, day, copies)
    board = LiveBoard(known, weather, directory, served_model, 480, CHECKPOINTS)
    base = take_time(lambda: board.tick(now))
    ticks = [take_time(lambda: board.tick(now + minute * MINUTE)) for minute in range(1, 8)]  # noqa: B023
    board_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    asked = board.last.answers.index[:20]
    reasons = [take_time(lambda: board.explain(flight_id)) for flight_id in asked]  # noqa: B023

    questions = ask_day(flights, day)

    def answer() -> None:
        features, _ = make_features_by(served_model.definition, flights, weather, questions)
        served_model.answer(questions, features)

    figures = {
        "open_flights": len(board.last.flights),
        "first_tick_seconds": base,
        "tick_seconds": statistics.median(ticks),
        "reasons_seconds": statistics.median(reasons),
        "batch_questions": len(questions),
        "batch_seconds": take_time(answer),
        "board_gb": board_gb,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
