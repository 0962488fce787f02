"""How quickly the live board answers under load: `python -m tests.benchmark.load <project>`.

The project needs a champion and the whole year. Its board plays a storm of December again; beside
it stands MLflow's own server, which is given its features. Locust asks in a process of its own:
each kind of request alone, then all at once.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psutil
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
AS_OF = "2013-12-17T15:00Z"
PORT, MLFLOW_PORT = 8090, 8091
KINDS = {  # at most so many milliseconds, 99 times of 100
    "Looks": 10,
    "Lists": 100,
    "Wonders": 60,
    "PredictsOne": 60,
    "PredictsMany": 200,
    "Tells": None,
}
MLFLOW = ["AsksMlflow", "AsksMlflowMuch"]
COLLECT = """
import json, sys
import pandas as pd
from kedro.framework.session import KedroSession
from kedro.framework.startup import bootstrap_project

bootstrap_project(".")
with KedroSession.create(".") as session:
    catalog = session.load_context().catalog
    flights, served = catalog.load("prm_flights"), catalog.load("served_version")
    test = catalog.load("test")
as_of = pd.Timestamp(sys.argv[1])
day = pd.Timedelta(days=1)
left = flights[flights["actual_departure"].between(as_of - day, as_of)]
near = flights[flights["scheduled_departure"].between(as_of + day / 24, as_of + day / 4)]
new = ["flight_date", "carrier", "origin", "destination"]
new += ["scheduled_departure", "scheduled_arrival"]
features = test[[*served.model.feature_names_in_]].sample(100, random_state=7)
print(json.dumps({
    "left": left[["flight_id", "actual_departure"]].astype(str).to_numpy().tolist(),
    "new": near[new].astype(str).to_dict("records"),
    "features": json.loads(features.to_json(orient="split", index=False)),
}))
"""


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("project", type=Path)
    arguments.add_argument("--seconds", type=int, default=60, help="how long each kind is asked")
    arguments.add_argument("--kinds", nargs="*", default=[*KINDS, *MLFLOW])
    asked = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        server = stack.enter_context(run_servers(asked.project, folder))
        alone = {kind: attack(folder, asked.seconds, kind) for kind in asked.kinds}
        ours = [kind for kind in asked.kinds if kind in KINDS]
        together = attack(folder, asked.seconds, *ours)
        print_table(alone, together)
        memory = server.memory_info()
        Console().print(f"Memory: {memory.rss / 2**30:.2f} GB. Ticks: {read_ticks(folder)}")


@contextmanager
def run_servers(project: Path, folder: Path) -> Iterator[psutil.Process]:
    """Run both servers; what is sent to them goes into the folder."""
    board = ["kedro", "board", f"--port={PORT}", f"--as-of={AS_OF}", "--speed=1", "--no-keys"]
    model = "mlflow models serve -m models:/flight-delays@champion --env-manager=local"
    address, mlflow = f"http://127.0.0.1:{PORT}", f"http://127.0.0.1:{MLFLOW_PORT}"
    collected = run(project, [sys.executable, "-c", COLLECT, AS_OF]).communicate()[0]
    sent = json.loads(collected.splitlines()[-1])
    with (
        stop_in_the_end(run(project, board)) as server,
        stop_in_the_end(run(project, [*model.split(), f"--port={MLFLOW_PORT}"])) as other,
    ):
        wait_for(server, f"{address}/health")
        wait_for(other, f"{mlflow}/ping")
        listed = httpx.get(f"{address}/flights", params={"limit": 500}).json()
        # They stay open while this runs.
        ids = [each["flight_id"] for each in listed["flights"] if each["state"] == "asked"]
        sent |= {"address": address, "mlflow": mlflow, "open": ids}
        (folder / "sent.json").write_text(json.dumps(sent))
        yield psutil.Process(server.pid)


def run(project: Path, command: list[str]) -> subprocess.Popen[str]:
    """Start a command of the environment in a project."""
    scripts = Path(sys.executable).parent
    paths = os.pathsep.join([str(scripts), os.environ["PATH"]])
    environment = {"PATH": paths, "MLFLOW_TRACKING_URI": "sqlite:///mlflow.db"}
    return subprocess.Popen(
        command, cwd=project, env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )


@contextmanager
def stop_in_the_end(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Stop a process and what it has started."""
    try:
        yield process
    finally:
        if process.poll() is None:
            for each in psutil.Process(process.pid).children(recursive=True):
                each.terminate()
            process.terminate()
        process.communicate()


def wait_for(server: subprocess.Popen[str], address: str) -> None:
    """Wait until a server answers, or has ended, which it has told why."""
    while True:
        try:
            httpx.get(address)
            return
        except httpx.ConnectError:
            if server.poll() is not None:
                sys.exit(f"{address} is not served.")
            time.sleep(0.5)


def attack(folder: Path, seconds: int, *kinds: str) -> list[dict[str, Any]]:
    """Let users of some kinds ask, and give locust's figures by request."""
    command = [
        *(sys.executable, "-m", "locust", "-f", str(HERE / "load_users.py"), *kinds),
        *("--headless", "--json", f"--run-time={seconds}s", "--users=50", "--spawn-rate=50"),
        *("--only-summary", "--loglevel=ERROR", "--exit-code-on-error=0", "--reset-stats"),
    ]
    environment = os.environ | {"LOAD": str(folder / "sent.json")}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: list[dict[str, Any]] = json.loads(done.stdout)
    return figures


def find_percentile(figures: dict[str, Any], share: float) -> float:
    """Find within how many milliseconds a share of the answers came."""
    times = sorted((float(ms), number) for ms, number in figures["response_times"].items())
    wanted, so_far = share * figures["num_requests"], 0
    for milliseconds, number in times:
        so_far += number
        if so_far >= wanted:
            return milliseconds
    return float("nan")


def print_table(alone: dict[str, list[dict[str, Any]]], together: list[dict[str, Any]]) -> None:
    """Print what was measured."""
    heads = ["", "a second", "failed", "median", "p99", "at most", "median", "p99", "failed"]
    table = Table(*heads, title="Milliseconds, alone and then all together")
    all_at_once = {figures["name"]: figures for figures in together}
    for kind, measured in alone.items():
        for figures in measured:
            took = figures["last_request_timestamp"] - figures["start_time"]
            other = all_at_once.get(figures["name"])
            table.add_row(
                figures["name"],
                f"{figures['num_requests'] / took:.0f}",
                str(figures["num_failures"]),
                *(f"{find_percentile(figures, share):.0f}" for share in (0.5, 0.99)),
                str(KINDS.get(kind) or ""),
                *(f"{find_percentile(other, s):.0f}" if other else "" for s in (0.5, 0.99)),
                str(other["num_failures"]) if other else "",
            )
    Console(width=120).print(table)


def read_ticks(folder: Path) -> str:
    """Read from the server how long its ticks took."""
    sent = json.loads((folder / "sent.json").read_text())
    text = httpx.get(f"{sent['address']}/metrics").text
    figures = dict(
        line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("flight_delays_")
    )
    ticks, seconds = (figures[f"flight_delays_tick_seconds_{name}"] for name in ("count", "sum"))
    last = figures["flight_delays_last_tick_seconds"]
    return f"{float(ticks):.0f}, {float(seconds) / float(ticks):.2f} s on average, last {last} s"


if __name__ == "__main__":
    main()
