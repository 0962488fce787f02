"""How many of the changes that `mutmut run` made in the code were noticed by a test, by folder.

python -m tests.mutants
"""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from mutmut.stats import status_by_exit_code

MUTANTS = Path("mutants")
BOUND = 0.97
UNBOUND = {"lineage", "kedro_parts"}  # much of these is Kedro's and MLflow's to notice


def list_mutants() -> Iterator[tuple[str, str, str]]:
    """List the folder of each mutant, its name, and what became of it."""
    package = MUTANTS / "src" / "flight_delays"
    for path in sorted(package.rglob("*.meta")):
        folder = path.relative_to(package).parts[0]
        for mutant, code in json.loads(path.read_text())["exit_code_by_key"].items():
            yield folder, mutant, status_by_exit_code[code]


def is_noticed(mutant: str) -> bool:
    """Run all tests of the file that is about a mutant's module, or of its folder.

    mutmut runs those that it saw reach the mutant's function. Of tests that share what a fixture
    has made for all of them, it saw the first.
    """
    _, *folders, module, _ = mutant.split(".")
    folder = Path("tests", *folders)
    file = folder / f"test_{module}.py"
    tests = file if (MUTANTS / file).exists() and module != "nodes" else folder
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "--hypothesis-profile=mutants", tests],
        cwd=MUTANTS,
        env=os.environ | {"MUTANT_UNDER_TEST": mutant},
        capture_output=True,
        check=False,
    )
    return done.returncode == 1


def main() -> None:
    """Print who lives on and the shares, and fail where one is below its bound."""
    results: dict[str, Counter[bool]] = defaultdict(Counter)
    for folder, mutant, status in list_mutants():
        noticed = status in ("killed", "timeout") or is_noticed(mutant)
        results[folder][noticed] += 1
        if not noticed:
            print(f"{status}: {mutant}", flush=True)
    below = []
    for folder, counts in results.items():
        share = counts[True] / counts.total()
        print(f"{folder:12} {counts[True]:5} of {counts.total():5}, {share:.1%}")
        if share < BOUND and folder not in UNBOUND:
            below.append(folder)
    if below:
        sys.exit(f"Below {BOUND:.0%}: {', '.join(below)}")


if __name__ == "__main__":
    main()
