"""What a run has saved it need not read again; whoever else loads it sees the file."""

from pathlib import Path

import pandas as pd
import pytest
from kedro.io import DataCatalog

TABLE = pd.DataFrame({"flight_id": [*"abcdefg"], "minutes": range(7)})


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    file = str(tmp_path / "table.parquet")
    entry = {
        "type": "flight_delays.kedro_parts.datasets.kept.KeptTableDataset",
        "dataset": {"type": "pandas.ParquetDataset", "filepath": file},
    }
    return DataCatalog.from_config({"table": entry})


def test_what_was_saved_is_in_the_file_and_need_not_be_read(
    catalog: DataCatalog, tmp_path: Path
) -> None:
    assert not catalog.exists("table")
    catalog.save("table", TABLE)
    file = tmp_path / "table.parquet"
    pd.testing.assert_frame_equal(pd.read_parquet(file), TABLE)
    file.unlink()
    loaded = catalog.load("table")
    pd.testing.assert_frame_equal(loaded, TABLE)
    loaded.loc[0, "minutes"] = 99  # no node changes what another one gets
    pd.testing.assert_frame_equal(catalog.load("table"), TABLE)


def test_what_others_have_written_is_read_each_time(catalog: DataCatalog, tmp_path: Path) -> None:
    for table in (TABLE, TABLE.head(3)):
        table.to_parquet(tmp_path / "table.parquet")
        assert len(catalog.load("table")) == len(table)


def test_what_the_run_needs_no_more_leaves_the_memory(catalog: DataCatalog, tmp_path: Path) -> None:
    catalog.save("table", TABLE)
    catalog.release("table")
    TABLE.head(3).to_parquet(tmp_path / "table.parquet")
    assert len(catalog.load("table")) == 3


def test_kedro_viz_shows_the_first_rows(catalog: DataCatalog) -> None:
    catalog.save("table", TABLE)
    dataset = catalog["table"]
    assert dataset.preview.__annotations__["return"].__name__ == "TablePreview"
    preview = dataset.preview(2)
    assert preview["columns"] == ["flight_id", "minutes"]
    assert preview["data"] == [["a", 0], ["b", 1]]
