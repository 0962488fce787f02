"""The live board: what is said of every open flight, kept up to date as events come in."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from flight_delays.features.build import make_features
from flight_delays.features.events import SCHEDULE
from flight_delays.features.questions import Asked
from flight_delays.serving.facts.directory import Directory
from flight_delays.serving.facts.events import Told
from flight_delays.serving.facts.facts import Facts
from flight_delays.serving.log.logged_rows import add_features

from .answers import FLIGHT
from .grounds import Grounds
from .history import add_points
from .served_model import ServedModel
from .snapshot import Snapshot


class LiveBoard:
    """Every open flight with what is said of it, by the functions that training and batches use.

    One thread applies events and ticks; any may look up answers.
    """

    def __init__(
        self,
        flights: pd.DataFrame,
        weather: pd.DataFrame,
        directory: Directory,
        served_model: ServedModel,
        horizon_minutes: int,
        checkpoints_minutes: list[int],
        ticked_until: pd.Timestamp | None = None,
        history: pd.DataFrame | None = None,
    ) -> None:
        """Begin with what is known from tables.

        Args:
            flights: Facts of flights, those to come among them (`PrmFlights`).
            weather: Hourly reports (`IntWeather`).
            directory: The airports, aircraft and carriers that are known.
            served_model: The version that is asked.
            horizon_minutes: How far ahead flights are open.
            checkpoints_minutes: So long before departure an answer is for the prediction log.
            ticked_until: The last tick of the board before this one; checkpoints since then are
                made up for. None for the version's shortest lead before the first tick.
            history: What boards before this one said, by flight id, in order of time
                (`select_points`).
        """
        self.directory = directory
        self._served = served_model
        self._facts = Facts(flights, weather, directory, served_model.rules)
        self._horizon, self._checkpoints = horizon_minutes, checkpoints_minutes
        self._ticked_until = ticked_until
        self._history = pd.DataFrame() if history is None else history
        self._last: Snapshot | None = None
        self._grounds: Grounds | None = None

    @property
    def last(self) -> Snapshot:
        """What is said now.

        Raises:
            LookupError: Before the first tick.
        """
        if self._last is None:
            raise LookupError("The board has not ticked yet.")
        return self._last

    @property
    def served(self) -> ServedModel:
        """The version that the next tick asks."""
        return self._served

    @property
    def grounds(self) -> Grounds:
        """What the answers of the last tick rest on.

        Raises:
            LookupError: Before the first tick.
        """
        if self._grounds is None:
            raise LookupError("The board has not ticked yet.")
        return self._grounds

    def take_up(self, served_model: ServedModel) -> None:
        """Ask another version from the next tick on, by the features that it has learnt."""
        self._served = served_model
        self._facts.go_by(served_model.rules)

    def apply(self, events: Iterable[Told]) -> None:
        """Take events in; they count from the next tick on."""
        self._facts.apply(events)

    def tick(self, now: pd.Timestamp) -> pd.DataFrame:
        """Ask about every open flight anew.

        Args:
            now: A whole minute, in UTC, after that of the last tick.

        Returns:
            The answers at checkpoints since the last tick, each at its own prediction time, with
            their features: what the prediction log keeps.
        """
        now = now.as_unit("us")
        layers, flights = self._facts.make_layers(now)
        since = self._ticked_until
        if since is None:
            since = now - pd.Timedelta(minutes=self._served.leads.shortest_minutes)
        questions = self._ask(flights, now, since)
        timetable = flights.set_index("flight_id", drop=False).rename_axis(None)[SCHEDULE]
        schedule = timetable.loc[questions["flight_id"]].set_axis(questions.index)
        asked = Asked(schedule.assign(prediction_time=questions["prediction_time"]))
        grounds = Grounds(now, layers, self._facts.get_weather(), self._served)
        definition = self._served.definition.feature_engineering
        features, _ = make_features(layers, asked, grounds.weather, definition)
        answers = self._served.answer(questions, features)
        self._grounds = grounds
        self._last = self._look(flights, answers, features, now)
        self._ticked_until = now
        is_checkpoint = answers["lead_minutes"].isin(self._checkpoints)
        is_checkpoint &= answers["prediction_time"] > since
        return add_features(answers, features, self._served.model)[is_checkpoint]

    def get(self, flight_id: str) -> dict[Any, Any] | None:
        """Look up what is said of a flight now; see `Snapshot.get`."""
        return self.last.get(flight_id)

    def explain(self, flight_id: str) -> dict[Any, Any] | None:
        """Tell why now; see `Snapshot.explain`."""
        return self.last.explain(flight_id)

    def _ask(self, flights: pd.DataFrame, now: pd.Timestamp, since: pd.Timestamp) -> pd.DataFrame:
        """Ask about open flights now, and at checkpoints that have passed since the last tick.

        A version that has not answered yet is asked about nearer flights too, at its shortest lead.
        """
        leads = self._served.leads
        operates = flights[~flights["cancelled"]]
        due = operates["scheduled_departure"]
        to_go = _count_minutes(now, due)
        furthest = min(leads.longest_minutes, self._horizon)
        is_due = to_go.between(leads.shortest_minutes, furthest)
        asked = [operates.assign(prediction_time=now)[is_due]]
        if self._last is None or self._last.served is not self._served:
            moment = due - pd.Timedelta(minutes=leads.shortest_minutes)
            is_near = (to_go > 0) & (to_go < leads.shortest_minutes)
            asked.append(operates.assign(prediction_time=moment)[is_near])
        for checkpoint in self._checkpoints:
            if leads.shortest_minutes <= checkpoint <= leads.longest_minutes:
                moment = due - pd.Timedelta(minutes=checkpoint)
                is_passed = (since < moment) & (moment <= now)
                asked.append(operates.assign(prediction_time=moment)[is_passed])
        questions = pd.concat(asked, ignore_index=True)
        questions = questions.drop_duplicates(["flight_id", "prediction_time"])
        moment = questions["prediction_time"]
        lead = _count_minutes(moment, questions["scheduled_departure"]).astype(int)
        questions = questions.assign(lead_minutes=lead)[~_have_left(questions, moment)]
        return questions[[*FLIGHT, "prediction_time", "lead_minutes"]].reset_index(drop=True)

    def _look(
        self,
        flights: pd.DataFrame,
        answers: pd.DataFrame,
        features: pd.DataFrame,
        now: pd.Timestamp,
    ) -> Snapshot:
        """Put together which flights are open now, with the newest answer about each."""
        leads, given_up = self._served.leads, self._served.rules.given_up_minutes
        to_go = _count_minutes(now, flights["scheduled_departure"])
        is_open = (-given_up < to_go) & (to_go <= self._horizon)
        is_open &= ~flights["cancelled"] & ~_have_left(flights, now)
        state = np.select(
            [to_go <= 0, to_go < leads.shortest_minutes, to_go <= leads.longest_minutes],
            ["waiting", "near", "asked"],
            "far",
        )
        named = flights[[*FLIGHT, "flight_number"]]
        board = named.assign(state=state, waited_minutes=(-to_go).where(to_go <= 0))
        board = board[is_open].set_index("flight_id", drop=False).rename_axis(None)

        in_time = answers.sort_values("prediction_time", kind="stable")
        answers = in_time.set_index("flight_id", drop=False).rename_axis(None)
        features = features.loc[in_time.index].set_axis(answers.index)
        if self._last is not None and self._last.served is self._served:
            answers = pd.concat([self._last.answers, answers])
            features = pd.concat([self._last.features, features])
        answered = board.index[board["state"] != "waiting"]
        stands = ~answers.index.duplicated(keep="last") & answers.index.isin(answered)
        self._history = add_points(self._history, answers[stands], now)
        newest = {
            "flights": flights[["actual_departure", "actual_arrival"]].max().max(),
            "weather": self._facts.get_weather()["observed_at"].max(),
        }
        return Snapshot(
            now, board, answers[stands], features[stands], self._served, self._history, newest
        )


def _count_minutes(start: Any, end: pd.Series) -> pd.Series:
    minutes: pd.Series = (end - start).dt.total_seconds() / 60
    return minutes


def _have_left(flights: pd.DataFrame, moment: Any) -> pd.Series:
    # A landing may be known without its departure.
    times = flights[["actual_departure", "actual_arrival"]]
    return times.le(moment, axis="index").any(axis="columns")
