"""MLflow's own server answers about features as the champion does."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import mlflow
import numpy as np
import pandas as pd
import pytest

from projects import Project
from servers import find_free_port


@pytest.mark.slow
def test_mlflow_serves_the_champion_to_the_last_bit(promoted: Project) -> None:
    table = promoted.path / "data/05_model_input/test.parquet"
    uri, model_uri = f"sqlite:///{promoted.path}/mlflow.db", "models:/flight-delays@champion"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        model = mlflow.sklearn.load_model(model_uri)
    features = pd.read_parquet(table)[[*model.feature_names_in_]].head(200)
    assert features.isna().any(axis=None)
    port = find_free_port()
    # It starts Uvicorn by its name, as it can where the environment is active.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    server = subprocess.Popen(
        ["mlflow", "models", "serve", "-m", model_uri, "--env-manager=local", f"--port={port}"],
        env=os.environ | {"MLFLOW_TRACKING_URI": uri, "PATH": path},
        start_new_session=True,
    )
    try:
        answer = ask(server, f"http://127.0.0.1:{port}", features)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    told = pd.DataFrame(answer["predictions"])
    expected = model.predict_lateness(features)
    np.testing.assert_array_equal(told[expected.columns], expected)
    np.testing.assert_array_equal(told.iloc[:, 0], model.predict_proba(features)[:, 1])


def ask(server: subprocess.Popen[bytes], address: str, features: pd.DataFrame) -> dict[str, Any]:
    """Ask about features, once the server is up."""
    written = features.to_json(orient="split", index=False, double_precision=15)
    body = f'{{"dataframe_split": {written}}}'
    until = time.monotonic() + 120
    while True:
        try:
            httpx.get(f"{address}/ping")
            break
        except httpx.ConnectError:
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
    headers = {"Content-Type": "application/json"}
    response = httpx.post(f"{address}/invocations", content=body, headers=headers, timeout=60)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
