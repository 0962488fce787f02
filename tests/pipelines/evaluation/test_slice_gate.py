"""The slice gate decides in the evaluation, as it is wired."""

import pandas as pd
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner

from evaluation import mornings
from flight_delays.evaluation.answers import ANSWER
from flight_delays.evaluation.gates import BASELINES
from flight_delays.pipelines.evaluation import create_pipeline
from flight_delays.schemas import reporting


@pytest.mark.parametrize(("worse_at", "passed"), [("", True), ("05", False)])
def test_a_slice_fails_only_if_it_is_surely_worse(worse_at: str, passed: bool) -> None:
    flights = mornings.make_predictions(worse_at)
    flights["scheduled_departure"] = flights["scheduled_departure_local"].dt.tz_localize("UTC")
    inputs = {
        "test_predictions": flights[[*reporting.TestPredictions.to_schema().columns]],
        "reference_predictions": flights[[*ANSWER, *BASELINES]],
        "prm_flights": flights[["flight_id", "scheduled_departure_local", "aircraft_model"]],
        "params:evaluation": mornings.WEEKLY,
        "params:promotion": mornings.PROMOTION,
    }
    catalog = DataCatalog({name: MemoryDataset(value) for name, value in inputs.items()})
    nodes = create_pipeline().only_nodes(
        "evaluate_models", "compare_slices", "check_absolute_gates"
    )
    outputs = SequentialRunner().run(nodes, catalog)
    gates: pd.DataFrame = outputs["absolute_gates"].load()
    assert gates["passed"].tolist() == [True, True, True, passed]
    assert gates["gate"].iloc[-1].endswith("schedule logistic regression in hour 05")
