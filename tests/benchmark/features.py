"""All features of some years of flights, by the project or as their windows in bare NumPy."""

import json
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from flight_delays.features.entities import ENTITIES
from flight_delays.parameters import FeatureEngineeringParameters
from flight_delays.pipelines.feature_engineering.nodes import build_features

PROJECT = Path(__file__).parents[2]
# Years are laid end to end so that weekdays stay what they are.
YEAR = pd.Timedelta(days=364)


def repeat(table: pd.DataFrame, years: int) -> pd.DataFrame:
    """Lay a year of a table end to end."""
    times = table.select_dtypes(["datetime", "datetimetz"]).columns
    copies = [
        table.assign(**{name: table[name] + year * YEAR for name in times}) for year in range(years)
    ]
    repeated = pd.concat(copies, ignore_index=True)
    if "flight_id" in repeated:
        repeated["flight_id"] = repeated.index.astype(str) + repeated["flight_id"]
    return repeated


def sum_windows(flights: pd.DataFrame, parameters: FeatureEngineeringParameters) -> None:
    """Sum as many windows over as many events as the features do, with nothing around it."""
    minute = flights["scheduled_departure"].astype("int64").to_numpy() // 60_000_000
    now = minute - parameters.leads.evaluated_minutes[0]
    windows: dict[str, list[int]] = defaultdict(list)
    for families in (parameters.traffic, parameters.backlog):
        for entity, family in families.items():
            windows[entity] += [window for sizes in family.values() for window in sizes]
    for landings in (parameters.history.landings, parameters.history.days):
        for entity, values in landings.items():
            windows[entity] += [days * 1440 for sizes in values.values() for days in sizes]
    board = flights.assign(
        sector=flights["destination_bearing_degrees"] // 45,
        long_haul=flights["distance_miles"] > 1000,
        local_hour=flights["scheduled_departure_local"].dt.hour,
    )
    events = flights["departure_delay_minutes"].fillna(0).to_numpy()
    for entity, sizes in windows.items():
        columns = list(ENTITIES[entity])
        code = board.groupby(columns).ngroup().to_numpy() if columns else np.zeros(len(board), int)
        keys = (code << 32) + minute
        order = np.argsort(keys, kind="stable")
        keys, sums = keys[order], np.concatenate([[0], np.cumsum(events[order])])
        for window in sizes:
            start = np.searchsorted(keys, (code << 32) + now - window, side="right")
            end = np.searchsorted(keys, (code << 32) + now, side="right")
            (sums[end] - sums[start]).astype(np.float32)


def main(how: str, years: int) -> None:
    """Time one way on so many years and print the figures."""
    text = (PROJECT / "conf/base/parameters_feature_engineering.yml").read_text()
    parameters = FeatureEngineeringParameters(**yaml.safe_load(text)["feature_engineering"])
    flights = repeat(pd.read_parquet(PROJECT / "data/03_primary/flights.parquet"), years)
    weather = repeat(pd.read_parquet(PROJECT / "data/02_intermediate/weather.parquet"), years)
    began = time.perf_counter()
    if how == "ours":
        build_features(flights, weather, parameters)
    else:
        sum_windows(flights, parameters)
    figures = {
        "flights": len(flights),
        "seconds": time.perf_counter() - began,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
