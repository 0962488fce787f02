"""What hooks read from a catalog entry as it stands in YAML."""

from typing import Any

from kedro.pipeline import Pipeline


def get_path(entry: dict[str, Any]) -> str | None:
    """Get the file or folder of an entry, also where another dataset is wrapped around it."""
    path = entry.get("filepath") or entry.get("path")
    wrapped = entry.get("dataset")
    return path or (get_path(wrapped) if isinstance(wrapped, dict) else None)


def get_layer(entry: dict[str, Any]) -> str | None:
    """Get the layer that Kedro-Viz shows an entry in."""
    layer: str | None = entry.get("metadata", {}).get("kedro-viz", {}).get("layer")
    return layer


def list_tables(catalog: dict[str, Any], *layers: str) -> dict[str, dict[str, Any]]:
    """List the entries of some layers that are files or folders, JSON beside the tables apart."""
    return {
        name: entry
        for name, entry in catalog.items()
        if get_layer(entry) in layers and not (get_path(entry) or ".json").endswith(".json")
    }


def select_tables(layers: list[dict[str, Any]], pipeline: Pipeline) -> dict[str, Any]:
    """Select the tables that a run starts from.

    Args:
        layers: For each layer its entries of the catalog, the earliest layer first.
        pipeline: What is about to run.

    Returns:
        The entries of the earliest layer that the pipeline touches, as far as it touches them.
    """
    for tables in layers:
        if used := tables.keys() & pipeline.datasets():
            return {name: tables[name] for name in used}
    return {}
