"""What docs/operations.md removes is what it says."""

from pathlib import Path
from shutil import copy

import mlflow
import pandas as pd
import pytest

from docs.pages import ROOT, Page

NOW = pd.Timestamp.now("UTC")


def test_only_old_runs_of_inference_are_removed(
    tmp_path: Path, tracking_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy(tracking_store, tmp_path)
    monkeypatch.chdir(tmp_path)
    client = mlflow.MlflowClient("sqlite:///mlflow.db")
    experiment = client.create_experiment("flight-delays")
    for name in ("data_collection+data_processing+inference", "training"):
        for days in (89, 91):
            started = (NOW - pd.Timedelta(days=days)).timestamp() * 1000
            client.create_run(experiment, int(started), run_name=f"{name} {days}")
    (snippet,) = Page(ROOT / "docs/operations.md").list_blocks("python")
    exec(snippet)  # noqa: S102 - as it is typed
    left = {run.info.run_name for run in client.search_runs([experiment])}
    assert left == {"data_collection+data_processing+inference 89", "training 89", "training 91"}
