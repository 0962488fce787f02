"""What a run is called in MLflow, and in which experiment it is."""

from typing import Any

# What narrows a run down, by Kedro's names and by those of the command line.
SELECTIONS = {
    "node_names": "nodes",
    "tags": "tags",
    "namespaces": "namespaces",
    "from_nodes": "from-nodes",
    "to_nodes": "to-nodes",
    "from_inputs": "from-inputs",
    "to_outputs": "to-outputs",
}

# Their runs make no model: among those that do they would only be in the way.
EXPERIMENTS_OF_THEIR_OWN = ("monitoring",)


def name_experiment(name: str, run_params: dict[str, Any]) -> str:
    """Name the experiment of a run.

    Args:
        name: The one that mlflow.yml names.
        run_params: As Kedro hands them to hooks.

    Returns:
        The same; with the pipeline's name behind it for a run of one that has its own.
    """
    pipelines = run_params.get("pipeline_names") or []
    own = [f"{name}-{pipeline}" for pipeline in EXPERIMENTS_OF_THEIR_OWN if pipelines == [pipeline]]
    return own[0] if own else name


def name_run(run_params: dict[str, Any]) -> str:
    """Name a run after what was asked for.

    Args:
        run_params: As Kedro hands them to hooks.

    Returns:
        The pipelines, and what narrows them down as it is typed: `evaluation tags=plots`; `full`
        for the one that goes the whole way.
    """
    words = [
        f"{typed}={','.join(run_params[name])}"
        for name, typed in SELECTIONS.items()
        if run_params.get(name)
    ]
    if run_params.get("only_missing_outputs"):
        words.append("only-missing-outputs")
    pipelines = sorted(run_params.get("pipeline_names") or [])
    if pipelines not in ([], ["__default__"]) or not words:
        names = ("full" if name == "__default__" else name for name in pipelines or ["__default__"])
        words.insert(0, "+".join(names))
    return " ".join(words)
