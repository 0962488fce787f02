"""A copy of this project to run commands in, as a user would."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

ROOT = Path(__file__).parents[2]


class Project:
    """The project in a folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def clone(cls, path: Path) -> "Project":
        """What git holds of the project, without any data."""
        for name in ("conf", "notebooks", "src"):
            copytree(ROOT / name, path / name)
        for name in ("pyproject.toml", "requirements.txt"):
            (path / name).write_bytes((ROOT / name).read_bytes())
        return cls(path)

    def kedro(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Type `kedro ...` in the project."""
        return subprocess.run(
            [Path(sys.executable).with_name("kedro"), *arguments],
            cwd=self.path,
            env=os.environ | {"KEDRO_ENV": "test"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def digest(self, pattern: str) -> dict[str, bytes]:
        """The contents of the files under data that match a pattern."""
        files = sorted((self.path / "data").glob(pattern))
        return {str(file.relative_to(self.path)): file.read_bytes() for file in files}
