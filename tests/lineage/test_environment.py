import hashlib
import io
import platform
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from flight_delays.errors import DataError
from flight_delays.lineage import environment
from flight_delays.lineage.environment import provide_environment


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock of one package, which lies beside it."""
    wheel = tmp_path / "zebra-1.0-py3-none-any.whl"
    files = {
        "zebra.py": "",
        "zebra-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: zebra\nVersion: 1.0\n",
        "zebra-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n",
        "zebra-1.0.dist-info/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    path = tmp_path / "requirements.txt"
    path.write_text(f"zebra==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n")
    return path


@pytest.mark.slow
def test_environment_has_the_packages_of_the_lock_and_is_built_once(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere" / "zebra-1.0.dist-info" / "METADATA"
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text("Metadata-Version: 2.1\nName: zebra\nVersion: 1.0\n")
    monkeypatch.setenv("PYTHONPATH", str(elsewhere.parents[1]))  # is not in the environment
    told = io.StringIO()
    pythons = {provide_environment(lock, tmp_path / "kept", Console(file=told)) for _ in range(2)}
    (python,) = pythons
    code = "import sys, zebra; print(sys.prefix)"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == python.parents[1]
    assert told.getvalue().count("Building") == 1
    assert [*(tmp_path / "kept").glob("unfinished*")] == []
    assert (tmp_path / "kept" / ".gitignore").read_text() == "*\n"


def test_lock_that_cannot_be_installed_is_told_and_leaves_nothing(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = "ERROR: No version\nERROR: No zebra==1.0\n[notice] pip is old\n"
    monkeypatch.setattr(environment, "watch", lambda *_: (1, printed))
    with pytest.raises(DataError, match=r"cannot be built, .* package index: No zebra==1.0$"):
        provide_environment(lock, tmp_path / "kept", Console(file=io.StringIO()))
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [".gitignore"]


def test_environment_that_was_interrupted_does_not_count_as_built(
    lock: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(command: Sequence[object], *_: object) -> tuple[int, str]:
        path = next(part for part in map(Path, map(str, command)) if "unfinished-" in str(part))
        path.mkdir(parents=True) if "venv" in command else None
        if "pip" in command and accidents:
            raise accidents.pop()
        return 0, ""

    accidents = [KeyboardInterrupt()]
    monkeypatch.setattr(environment, "watch", install)
    kept, console = tmp_path / "kept", Console(file=io.StringIO())
    with pytest.raises(KeyboardInterrupt):
        provide_environment(lock, kept, console)
    assert [path.name for path in kept.iterdir()] == [".gitignore"]
    python = provide_environment(lock, kept, console)
    assert python.parents[1].is_dir()
    other = lock.with_name("other.txt")
    other.write_text("")
    assert provide_environment(other, kept, console) != python
    monkeypatch.setattr(platform, "python_version", lambda: "3.14.0")
    assert provide_environment(lock, kept, console) != python
