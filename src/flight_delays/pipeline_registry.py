"""The project's pipelines by name; `__default__` goes the whole way from raw data to a report."""

from pkgutil import iter_modules

from kedro.pipeline import Pipeline

from flight_delays import pipelines
from flight_delays.kedro_parts.lazy_pipeline import LazyPipeline

WHOLE_WAY = (
    "data_collection",
    "data_processing",
    "feature_engineering",
    "training",
    "evaluation",
)


def register_pipelines() -> dict[str, Pipeline]:
    """Find the pipelines under `flight_delays.pipelines`, without importing them yet.

    Returns:
        Pipelines by name, and the whole way as `__default__`.
    """
    folders = {found.name: (found.name,) for found in iter_modules(pipelines.__path__)}
    return {
        name: LazyPipeline(*(f"{pipelines.__name__}.{part}" for part in parts))
        for name, parts in {**folders, "__default__": WHOLE_WAY}.items()
    }
