"""The project's pipelines by name; `__default__` goes the whole way from raw data to a report."""

from kedro.framework.project import find_pipelines
from kedro.pipeline import Pipeline

WHOLE_WAY = (
    "data_collection",
    "data_processing",
    "feature_engineering",
    "training",
    "evaluation",
)


def register_pipelines() -> dict[str, Pipeline]:
    """Find the pipelines under `flight_delays.pipelines`.

    Returns:
        Pipelines by name, and the whole way as `__default__`.
    """
    pipelines = find_pipelines(raise_errors=True)
    pipelines["__default__"] = sum((pipelines[name] for name in WHOLE_WAY), start=Pipeline([]))
    return pipelines
