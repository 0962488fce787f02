"""Raw tables are written once and whole."""

import logging
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from kedro.io import DatasetError

from flight_delays.kedro_parts.datasets.raw import WriteOnceCSVDataset

FIRST, SECOND = pd.DataFrame({"a": ["1", "NA"]}), pd.DataFrame({"a": ["2", ""]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "01_raw" / "table.csv"


def save(path: Path, table: pd.DataFrame) -> None:
    WriteOnceCSVDataset(filepath=str(path)).save(table)


def test_a_new_table_is_written_and_nothing_else(path: Path) -> None:
    save(path, FIRST)
    assert path.read_text() == "a\n1\nNA\n"
    assert list(path.parent.iterdir()) == [path]


def test_an_existing_file_is_left_alone_and_the_log_says_so(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(path, FIRST)
    with caplog.at_level(logging.INFO, logger="flight_delays.kedro_parts.datasets.raw"):
        save(path, SECOND)
    assert path.read_text() == "a\n1\nNA\n"
    assert caplog.messages == [f"{path} is already there and is left alone"]


def test_a_table_without_columns_is_not_written(path: Path) -> None:
    save(path, pd.DataFrame())
    assert not path.exists()


def test_a_file_that_may_be_absent_is_read_where_it_is_there(path: Path) -> None:
    dataset = WriteOnceCSVDataset(filepath=str(path), columns_if_absent=["a", "b"])
    assert list(dataset.load()) == ["a", "b"]
    assert not dataset.exists()
    save(path, FIRST)
    assert dataset.load()["a"].notna().tolist() == [True, False]


def test_a_file_that_must_be_there_is_missed(path: Path) -> None:
    with pytest.raises(DatasetError, match=r"table\.csv"):
        WriteOnceCSVDataset(filepath=str(path)).load()


def test_a_save_that_dies_half_way_leaves_no_table_and_can_be_repeated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(table: pd.DataFrame, path_or_buf: Any, **arguments: Any) -> None:
        path_or_buf.write("a\n1")
        path_or_buf.flush()
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(pd.DataFrame, "to_csv", write_half)
        with pytest.raises(DatasetError, match="disk full"):
            save(path, FIRST)
    assert not path.exists()
    save(path, SECOND)
    pd.testing.assert_frame_equal(
        pd.read_csv(path, dtype=str, keep_default_na=False), SECOND, check_dtype=False
    )
