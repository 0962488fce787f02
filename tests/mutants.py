"""How many of the changes that `mutmut run` made in the code were noticed by a test, by folder.

python -m tests.mutants
"""

import json
import sys
from collections import Counter, defaultdict
from pathlib import Path

from mutmut.stats import status_by_exit_code

PACKAGE = Path("mutants/src/flight_delays")
BOUND = 0.97
UNBOUND = {"lineage", "kedro_parts"}  # much of these is Kedro's and MLflow's to notice


def read_results() -> dict[str, Counter[str]]:
    """By folder, how many mutants came to which end; print those that nobody noticed."""
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for path in sorted(PACKAGE.rglob("*.meta")):
        folder = path.relative_to(PACKAGE).parts[0]
        for mutant, code in json.loads(path.read_text())["exit_code_by_key"].items():
            status = status_by_exit_code[code]
            results[folder][status] += 1
            if status not in ("killed", "timeout"):
                print(f"{status}: {mutant}")
    return results


def main() -> None:
    """Print the shares, and fail where one is below its bound."""
    below = []
    for folder, statuses in read_results().items():
        killed, made = statuses["killed"] + statuses["timeout"], statuses.total()
        print(f"{folder:12} {killed:5} of {made:5}, {killed / made:.1%}")
        if killed < BOUND * made and folder not in UNBOUND:
            below.append(folder)
    if below:
        sys.exit(f"Below {BOUND:.0%}: {', '.join(below)}")


if __name__ == "__main__":
    main()
