"""Tables that a run has saved, and need not read again."""

from typing import Any

from kedro.io import CachedDataset
from kedro_datasets._typing import TablePreview


class KeptTableDataset(CachedDataset):
    """A table that stays in memory from when it is saved until the run needs it no more.

    Kedro's CachedDataset keeps what is loaded as well: a notebook would not see that the file has
    changed. And Kedro-Viz finds no preview in it.
    """

    def __init__(self, dataset: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        """Name the table.

        Args:
            dataset: The dataset of its file, as in the catalog.
            metadata: What Kedro-Viz shows.
        """
        super().__init__(dataset, metadata=metadata)
        # The file outlives the run: `--only-missing-outputs` and `--from-nodes` count on it.
        self._EPHEMERAL = False

    def load(self) -> Any:
        """Load the table, from the file unless this run has saved it."""
        return self._cache.load() if self._cache.exists() else self._dataset.load()

    def preview(self, nrows: int = 5) -> TablePreview:
        """Show the first rows of the file, as Kedro-Viz asks to."""
        return self._dataset.preview(nrows)  # type: ignore[attr-defined]
