"""The wheel and the conf of `kedro package`, in a new environment and an empty folder."""

import os
import subprocess
import sys
import sysconfig
import tarfile
from pathlib import Path
from shutil import copytree

import pytest

from projects import ROOT

# What a user types somewhere else has none of these.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("KEDRO_", "MLFLOW_", "PYTHON"))
}


def type_command(folder: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder dist, made in a copy of the project."""
    project = tmp_path / "project"
    for name in ("conf", "src"):
        copytree(ROOT / name, project / name)
    for name in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        (project / name).write_bytes((ROOT / name).read_bytes())
    type_command(project, Path(sys.executable).with_name("kedro"), "package")
    return project / "dist"


@pytest.fixture
def python(tmp_path: Path, package: Path) -> Path:
    """The Python of a new environment: the wheel, and the packages of this one beside it."""
    type_command(tmp_path, sys.executable, "-m", "venv", "--without-pip", "new")
    python = tmp_path / "new" / "bin" / "python"
    (wheel,) = package.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index"]
    type_command(tmp_path, *pip, wheel)
    (site,) = (tmp_path / "new").glob("lib/*/site-packages")
    # Of a folder that is named so, Python reads no .pth: the project itself stays out.
    (site / "packages.pth").write_text(sysconfig.get_path("purelib"))
    return python


@pytest.mark.slow
def test_wheel_goes_the_whole_way_in_an_empty_folder(
    tmp_path: Path, package: Path, python: Path
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    where = type_command(folder, python, "-c", "import flight_delays as f; print(f.__file__)")
    assert where.stdout.startswith(str(tmp_path / "new"))
    (conf,) = package.glob("conf-*.tar.gz")
    with tarfile.open(conf) as archive:
        archive.extractall(folder, filter="data")

    done = type_command(folder, python, "-m", "flight_delays", "--env=test")
    assert done.stderr == ""
    assert "Metrics and plots: data/test/08_reporting" in done.stdout
    assert {path.name for path in folder.iterdir()} == {"conf", "data"}
    assert [path.name for path in (folder / "data").iterdir()] == ["test"]
    assert (folder / "data/test/08_reporting/model_card.md").exists()
    assert (folder / "data/test/mlflow.db").exists()
