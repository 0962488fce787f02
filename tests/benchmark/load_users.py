"""Who asks in `load.py`: locust's users, each kind at the rate that its requests are wanted at.

What they send stands in the JSON file that the variable LOAD names. Locust has these classes from
here by their names.
"""

import json
import os
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from locust import FastHttpUser, constant_throughput, task

SENT: dict[str, Any] = json.loads(Path(os.environ["LOAD"]).read_text())
RANDOM = Random(7)  # noqa: S311
revisions = count(1)


class Asks(FastHttpUser):
    """Asks the board."""

    abstract = True
    host = SENT["address"]

    def look_up(self, name: str, **query: object) -> None:
        """Look up one of the open flights."""
        path = f"/flights/{RANDOM.choice(SENT['open'])}"
        self.client.get(path, params=query, name=name)

    def predict(self, number: int) -> None:
        """Ask about flights that are in no timetable."""
        flights = [
            flight | {"flight_number": RANDOM.randrange(9000, 9999)}
            for flight in RANDOM.sample(SENT["new"], number)
        ]
        name = f"POST /predictions of {number}"
        self.client.post("/predictions", json={"flights": flights}, name=name)


class Looks(Asks):
    """Looks up a flight: 200 a second."""

    fixed_count, wait_time = 20, constant_throughput(10)

    @task
    def look(self) -> None:
        self.look_up("GET /flights/{flight_id}")


class Lists(Asks):
    """Lists the board: 10 a second."""

    fixed_count, wait_time = 2, constant_throughput(5)

    @task
    def look(self) -> None:
        self.client.get("/flights?limit=400", name="GET /flights of 400")


class Wonders(Asks):
    """Asks why: 5 a second, most of them about flights that nobody has asked about."""

    fixed_count, wait_time = 5, constant_throughput(1)

    @task
    def look(self) -> None:
        self.look_up("GET /flights/{flight_id} with reasons", reasons="true")


class PredictsOne(Asks):
    """Asks about one new flight: 20 a second."""

    fixed_count, wait_time = 4, constant_throughput(5)

    @task
    def ask(self) -> None:
        self.predict(1)


class PredictsMany(Asks):
    """Asks about 100 new flights: 2 a second."""

    fixed_count, wait_time = 2, constant_throughput(1)

    @task
    def ask(self) -> None:
        self.predict(100)


class Tells(Asks):
    """Tells 1,000 events a second, 100 at a time: each time anew when flights of a day left."""

    fixed_count, wait_time = 2, constant_throughput(5)

    @task
    def tell(self) -> None:
        revision = next(revisions)
        events = [
            {"kind": "departed", "flight_id": flight_id, "at": at, "revision": revision}
            for flight_id, at in RANDOM.sample(SENT["left"], 100)
        ]
        self.client.post("/events", json={"events": events}, name="POST /events of 100")


class AsksMlflow(FastHttpUser):
    """Sends MLflow's own server features: 20 flights a second."""

    host = SENT["mlflow"]
    fixed_count, wait_time = 4, constant_throughput(5)
    rows = 1

    @task
    def ask(self) -> None:
        sent = SENT["features"] | {"data": SENT["features"]["data"][: self.rows]}
        name = f"mlflow models serve, {self.rows}"
        self.client.post("/invocations", json={"dataframe_split": sent}, name=name)


class AsksMlflowMuch(AsksMlflow):
    """Sends the features of 100 flights at once: 2 a second."""

    fixed_count, wait_time = 2, constant_throughput(1)
    rows = 100
