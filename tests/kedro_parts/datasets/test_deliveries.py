"""Deliveries are kept whole or not at all, in the order in which they came."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kedro.io import DatasetError

from flight_delays.kedro_parts.datasets import deliveries
from flight_delays.kedro_parts.datasets.deliveries import DeliveriesDataset
from flight_delays.lineage.provenance import digest_files

FILES = {"flights/2013-11.csv": b"a,b\r\n1,2\r\n", "weather.csv": b"c\n\xc3\xa9\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "01_raw" / "deliveries"


def make(folder: Path | None) -> DeliveriesDataset:
    return DeliveriesDataset(path=str(folder) if folder else None, filename_suffix=".csv")


def read(folder: Path) -> dict[str, bytes]:
    return {name: load() for name, load in make(folder).load().items()}


def test_files_are_kept_to_the_byte_under_the_moment_and_their_digest(folder: Path) -> None:
    make(folder).save(FILES)
    [delivery] = folder.iterdir()
    moment = r"\d{8}T\d{6}\.\d{6}Z"
    assert re.fullmatch(rf"{moment}-{digest_files(FILES)}", delivery.name)
    assert read(folder) == {f"{delivery.name}/{name}": text for name, text in FILES.items()}
    assert [*folder.parent.iterdir()] == [folder]


def test_no_files_are_no_delivery(folder: Path) -> None:
    make(folder).save({})
    make(None).save(FILES)
    assert not folder.exists()
    assert (make(folder).load(), make(None).load()) == ({}, {})
    assert make(folder).exists()  # nothing that a run would have to make first


def test_hidden_files_and_others_do_not_count(folder: Path) -> None:
    for name in (".part/a.csv", "x/.a.csv", "x/a.csv.part", "x/a.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("a\n")
    assert [*make(folder).load()] == ["x/a.csv"]


def test_a_later_delivery_comes_after_all_others_whatever_the_clock_shows(folder: Path) -> None:
    (folder / "21000101T000000.000000Z-ffffffffffff").mkdir(parents=True)
    for text in (b"1\n", b"2\n"):
        make(folder).save({"weather.csv": text})
    assert [*read(folder).values()] == [b"1\n", b"2\n"]
    assert min(path.name for path in folder.iterdir()).endswith("-ffffffffffff")


def test_a_save_that_dies_before_its_last_step_leaves_nothing_that_counts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(folder).save(FILES)
    before = read(folder)
    for step in ("_write", "_sync"):
        with monkeypatch.context() as patch:
            die_at_second(patch, step)
            with pytest.raises(DatasetError, match="power cut"):
                make(folder).save({name: text + b"3\n" for name, text in FILES.items()})
        assert read(folder) == before
        assert len([*folder.iterdir()]) == 1
    assert [*make(folder.parent).load()] == [f"deliveries/{name}" for name in before]


KILLED = """
import os, pathlib, signal, sys
from flight_delays.kedro_parts.datasets.deliveries import DeliveriesDataset

pathlib.Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
DeliveriesDataset(path=sys.argv[1]).save({"flights/2013-11.csv": b"1"})
"""


@pytest.mark.slow
def test_a_kill_before_the_delivery_has_its_name_leaves_nothing_that_counts(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (make(folder).load(), make(folder.parent).load()) == ({}, {})
    make(folder).save(FILES)
    assert [*read(folder).values()] == [*FILES.values()]


def die_at_second(patch: pytest.MonkeyPatch, step: str) -> None:
    """Let a step succeed once, and fail when it is made again."""
    real, calls = getattr(deliveries, step), []

    def die(*arguments: object) -> None:
        calls.append(arguments)
        if len(calls) > 1:
            raise OSError("power cut")
        real(*arguments)

    patch.setattr(deliveries, step, die)
