"""`kedro registry list` in this project, or in one with the same plugins and nothing else."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
BARE = {
    "pyproject.toml": """
[tool.kedro]
package_name = "bare"
project_name = "Bare"
kedro_init_version = "1.7.0"
""",
    ".telemetry": "consent: false",
    "conf/base/catalog.yml": "",
    "src/bare/__init__.py": "",
    "src/bare/settings.py": "",
    "src/bare/pipeline_registry.py": """
from kedro.pipeline import Node, Pipeline


def register_pipelines():
    return {"__default__": Pipeline([Node(abs, "number", "size")])}
""",
}


def list_pipelines(folder: Path) -> float:
    """Type the command in a project and give the seconds it takes."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "kedro", "registry", "list"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - began


def make_bare_project(folder: Path) -> None:
    """Write the smallest project that Kedro accepts."""
    for name, text in BARE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        make_bare_project(Path(scratch))
        print(
            json.dumps(
                {"seconds": list_pipelines(PROJECT if sys.argv[1] == "ours" else Path(scratch))}
            )
        )
