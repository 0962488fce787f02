"""What the project costs: `python -m tests.benchmark`, after a first `kedro run`.

Every figure is taken in a new process, the two sides of a ratio in turn; the table gives medians.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent


def measure(script: str, *arguments: str) -> dict[str, float]:
    """Run a script of this folder, which prints its figures as JSON on its last line."""
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def compare(script: str, ours: str, bare: str, rounds: int) -> tuple[float, float, float]:
    """Median seconds of both sides and the median of their ratios."""
    pairs = [
        (measure(script, ours)["seconds"], measure(script, bare)["seconds"]) for _ in range(rounds)
    ]
    ratio = statistics.median(one / other for one, other in pairs)
    return *(statistics.median(side) for side in zip(*pairs, strict=True)), ratio


def main() -> None:
    """Measure and print."""
    ratios = Table("", "ours", "bare", "ratio", title="Against the bare thing, seconds")
    for name, script, bare, rounds in (
        ("features, against their windows in bare NumPy", "features.py", "numpy", 5),
        ("kedro registry list, against a project with its plugins only", "startup.py", "bare", 7),
        ("kedro run, against a script without Kedro and MLflow", "whole_run.py", "bare", 1),
    ):
        ours, other, ratio = compare(script, "ours", bare, rounds)
        ratios.add_row(name, f"{ours:.1f}", f"{other:.1f}", f"{ratio:.2f}")
    growth = Table("flights", "seconds", "peak GB", title="Features of 1, 3 and 10 years")
    for years in (1, 3, 10):
        figures = measure("features.py", "ours", str(years))
        growth.add_row(
            f"{figures['flights']:,.0f}", f"{figures['seconds']:.1f}", f"{figures['peak_gb']:.1f}"
        )
    board = Table(
        "open flights",
        "first tick, seconds",
        "tick, seconds",
        "reasons of one, seconds",
        "a day's checkpoints in batch, seconds",
        "peak GB",
        title="The live board on the flights of a day, and on twice and four times as many",
    )
    for copies in (1, 2, 4):
        figures = measure("serving.py", str(copies))
        board.add_row(
            f"{figures['open_flights']:,.0f}",
            f"{figures['first_tick_seconds']:.1f}",
            f"{figures['tick_seconds']:.2f}",
            f"{figures['reasons_seconds']:.3f}",
            f"{figures['batch_seconds']:.1f}",
            f"{figures['board_gb']:.1f}",
        )
    console = Console()
    console.print(ratios, growth, board)


if __name__ == "__main__":
    main()
