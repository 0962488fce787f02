"""What a run tells on the console: a line per node, and in the end how good the model is."""

import itertools
import logging
from time import perf_counter
from typing import Any

import mlflow
import pandas as pd
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.pipeline.node import Node
from rich import box
from rich.console import Console
from rich.table import Table

from flight_delays.errors import NothingToDo
from flight_delays.evaluation.headline import name_metrics, select_headline
from flight_delays.lineage.catalog_entries import get_path
from flight_delays.parameters import EvaluationParameters

LEAD_METRICS = ("roc_auc", "log_loss")

logger = logging.getLogger(__name__)
runner_logger = logging.getLogger("kedro.runner")


class ConsoleHooks:
    """Reports the progress and the result of a run."""

    @hook_impl
    def after_catalog_created(self, conf_catalog: dict[str, Any]) -> None:
        """Remember where the report lies."""
        self._report = get_path(conf_catalog.get("model_comparison", {}))

    @hook_impl
    def before_pipeline_run(self, pipeline: Pipeline) -> None:
        """Begin to count."""
        self._total = len(pipeline.nodes)
        self._numbers = itertools.count(1)  # threads may share it
        self._start = perf_counter()

    @hook_impl
    def before_node_run(self, node: Node) -> None:
        """Say which node it is of how many."""
        width = len(str(self._total))
        logger.info("[%*d/%d] %s", width, next(self._numbers), self._total, node.name)

    @hook_impl
    def on_node_error(self, error: Exception) -> None:
        """Keep Kedro from the advice to run again where nothing is to do."""
        if isinstance(error, NothingToDo):
            runner_logger.setLevel(logging.ERROR)

    @hook_impl
    def on_pipeline_error(self) -> None:
        """Let the runner speak again."""
        runner_logger.setLevel(logging.NOTSET)

    # Last of all hooks, when the MLflow run has ended.
    @hook_impl(trylast=True)
    def after_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Close with the model beside its baselines, and with where everything is."""
        logger.info("Done in %.0f s", perf_counter() - self._start)
        console = Console(highlight=False, soft_wrap=True)
        if self._report and "model_comparison" in pipeline.all_outputs():
            comparison = catalog.load("model_comparison")
            parameters = catalog.load("params:evaluation")
            console.print(tabulate_comparison(comparison, parameters))
            console.print(tabulate_leads(comparison))
            folder = self._report.rpartition("/")[0].removeprefix(f"{run_params['project_path']}/")
            console.print(f"Metrics and plots: {folder}")
        if run := mlflow.last_active_run():
            name, run_id = run.info.run_name, run.info.run_id
            env = run_params["env"]
            command = f"kedro mlflow ui --env={env}" if env else "make mlflow"
            console.print(f"MLflow run: {name} ({run_id}), shown by `{command}`")


def tabulate_comparison(comparison: pd.DataFrame, parameters: EvaluationParameters) -> Table:
    """Lay out the model's scores beside those of its baselines, a row per metric.

    Args:
        comparison: One row per threshold, lead, model and metric: `threshold_minutes`,
            `lead_minutes`, `model`, `metric`, `value`, and the interval from `lower` to `upper`.
            One of the models is called `model`.
        parameters: The headline lead.

    Returns:
        A table of the scores at the headline lead, the model's with its interval.
    """
    headline = select_headline(comparison, parameters)
    baselines = [name for name in headline["model"].unique() if name != "model"]
    table = _open_table(
        f"{parameters.headline_lead_minutes} minutes before departure",
        ["", "model", "interval", *baselines],
    )
    for metric, scores in headline.set_index("model").groupby("metric", sort=False):
        model = scores.loc["model"]
        table.add_row(
            str(metric).replace("_", " "),
            f"{model['value']:.3f}",
            f"{model['lower']:.3f}-{model['upper']:.3f}",
            *(f"{value:.3f}" for value in scores.loc[baselines, "value"]),
        )
    return table


def tabulate_leads(comparison: pd.DataFrame) -> Table:
    """Lay out how good the model is at each lead, with and without the groups left out.

    Args:
        comparison: As `tabulate_comparison` takes it.

    Returns:
        A table of ROC AUC and log loss, a column per lead.
    """
    leads = [str(lead) for lead in comparison["lead_minutes"].unique()]
    table = _open_table("By minutes before departure", ["", *leads])
    ablations = comparison["model"].str.startswith("without_")
    is_shown = (ablations | (comparison["model"] == "model")) & comparison["metric"].isin(
        LEAD_METRICS
    )
    shown = comparison.assign(metric=name_metrics(comparison))[is_shown]
    for metric, of_metric in shown.groupby("metric", sort=False):
        for model, scores in of_metric.groupby("model", sort=False):
            name = metric if model == "model" else f"{metric}, {model}"
            values = (f"{value:.3f}" for value in scores["value"])
            table.add_row(str(name).replace("_", " "), *values)
    return table


def _open_table(title: str, columns: list[str]) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="", box=box.SIMPLE_HEAD, padding=(0, 0, 0, 1)
    )
    name, *numbers = columns
    table.add_column(name, no_wrap=True)
    for column in numbers:
        table.add_column(column.replace("_", "\n"), justify="right", no_wrap=True)
    return table
