"""What a run has saved it need not read again; whoever else loads it sees the file."""

from pathlib import Path

import pandas as pd
import pytest
from kedro.io import DataCatalog
from kedro.pipeline import Node, Pipeline
from kedro.runner import SequentialRunner

KEPT = "flight_delays.kedro_parts.datasets.kept.KeptTableDataset"
PARQUET = "pandas.ParquetDataset"
TABLE = pd.DataFrame({"flight_id": [*"abcdefg"], "minutes": range(7)})


@pytest.fixture
def catalog(tmp_path: Path) -> DataCatalog:
    file = str(tmp_path / "table.parquet")
    entry = {
        "type": KEPT,
        "dataset": {"type": PARQUET, "filepath": file},
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


def double(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(minutes=2 * table["minutes"])


@pytest.mark.parametrize("missing", ["first", "last"])
def test_only_missing_outputs_makes_what_is_missing_and_no_more(
    tmp_path: Path, missing: str
) -> None:
    entries = {
        name: {"type": KEPT, "dataset": {"type": PARQUET, "filepath": f"{tmp_path}/{name}.parquet"}}
        for name in ("raw", "first", "last")
    }
    pipeline = Pipeline([Node(double, "raw", "first"), Node(double, "first", "last")])
    DataCatalog.from_config(entries).save("raw", TABLE)
    SequentialRunner().run(pipeline, DataCatalog.from_config(entries))
    files = {name: tmp_path / f"{name}.parquet" for name in ("first", "last")}
    for name in files.keys() - {missing}:
        TABLE.to_parquet(files[name])  # would be written over if it were made again
    files[missing].unlink()
    catalog = DataCatalog.from_config(entries)
    SequentialRunner().run(pipeline, catalog, only_missing_outputs=True)
    read = {name: pd.read_parquet(file) for name, file in files.items()}
    for name, table in read.items():
        assert table.equals(TABLE) is (name != missing)


def test_kedro_viz_shows_the_first_rows(catalog: DataCatalog) -> None:
    catalog.save("table", TABLE)
    dataset = catalog["table"]
    assert dataset.preview.__annotations__["return"].__name__ == "TablePreview"
    preview = dataset.preview(2)
    assert preview["columns"] == ["flight_id", "minutes"]
    assert preview["data"] == [["a", 0], ["b", 1]]
