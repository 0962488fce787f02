"""What the processes of pytest-xdist share: each thing is made once, by whoever needs it first."""

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from filelock import FileLock

Made = TypeVar("Made")


def make_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Made]
) -> tuple[Path, Made]:
    """Give the folder that `make` filled, and what it returned, in this process or in another."""
    temporary = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        temporary = temporary.parent
    folder, returned = temporary / name, temporary / f"{name}.pickle"
    with FileLock(temporary / f"{name}.lock"):
        if not returned.exists():
            folder.mkdir()
            returned.write_bytes(pickle.dumps(make(folder)))
        return folder, pickle.loads(returned.read_bytes())  # noqa: S301 - written right here
