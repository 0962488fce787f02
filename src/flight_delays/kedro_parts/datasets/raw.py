"""Raw tables, never written over."""

import logging
from typing import Any

import pandas as pd
from kedro_datasets.pandas import CSVDataset

logger = logging.getLogger(__name__)


class WriteOnceCSVDataset(CSVDataset):  # type: ignore[misc]
    """A CSV file that is written when it is not there yet, and left alone for ever after.

    Raw data is immutable: a second collection, or a user's own file in its place, stays as it is.
    """

    def __init__(
        self, *, filepath: str, columns_if_absent: list[str] | None = None, **options: Any
    ) -> None:
        """Describe the file.

        Args:
            filepath: Where it is.
            columns_if_absent: The columns of the table without rows that is read where there is no
                file. Without them it is an error that there is none.
            **options: As `CSVDataset` takes them.
        """
        super().__init__(filepath=filepath, **options)
        self._columns_if_absent = columns_if_absent

    def load(self) -> pd.DataFrame:
        """Read the table, or make one without rows if the file may be absent and is."""
        if self._columns_if_absent and not self._exists():
            return pd.DataFrame(columns=self._columns_if_absent, dtype="str")
        table: pd.DataFrame = super().load()
        return table

    def save(self, data: pd.DataFrame) -> None:
        """Write `data`, whole or not at all, unless the file is already there.

        Args:
            data: The table to write. One without columns is none.
        """
        if data.columns.empty:
            return
        if self._exists():
            logger.info("%s is already there and is left alone", self._filepath)
            return
        # The file gets its name when it is whole: a run killed half-way must not leave half a table
        # that the next run would leave alone.
        whole = str(self._filepath)
        with self._fs.open(f"{whole}.part", **self._fs_open_args_save) as file:
            data.to_csv(file, **self._save_args)
        self._fs.mv(f"{whole}.part", whole)
        self._invalidate_cache()
