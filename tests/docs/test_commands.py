"""Each command in README.md and docs/ would be understood, were it typed."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from kedro.framework.cli.cli import KedroCLI
from kedro.framework.project import pipelines
from omegaconf import OmegaConf

from docs.conf import load_conf
from docs.pages import PAGES, ROOT, Page
from flight_delays.kedro_parts.hooks.checks import check_parameters
from flight_delays.parameters import READ_BY_COMMANDS
from projects import enter

COMMAND = re.compile(r"(kedro|make|pip|python3?|pytest|\.venv/bin/\S+) |--\S+=")


@pytest.fixture(scope="module", autouse=True)
def kedro() -> Iterator[KedroCLI]:
    """The project's own command line, in the project."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        enter(ROOT, monkeypatch)
        yield KedroCLI(ROOT)


def list_commands(page: Page) -> Iterator[str]:
    """List the lines of code blocks without a language, and inline code that is a command."""
    yield from chain.from_iterable(block.splitlines() for block in page.list_blocks(""))
    for code in page.inline_code:
        if COMMAND.match(code):
            yield f"kedro run {code}" if code.startswith("--") else code


COMMANDS = sorted({(page.name, line) for page in PAGES for line in list_commands(page) if line})
SNIPPETS = [(page.name, snippet) for page in PAGES for snippet in page.list_blocks("yaml")]


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_command_is_understood(
    page: str, line: str, kedro: KedroCLI, pytestconfig: pytest.Config
) -> None:
    words = shlex.split(line, comments=True)
    for is_command, command in groupby(words, key=lambda word: word != "&&"):
        if is_command:
            parse_command(kedro, pytestconfig, *command)


@pytest.mark.parametrize(("page", "snippet"), SNIPPETS)
def test_yaml_fits_conf(page: str, snippet: str) -> None:
    check_changes("base", yaml.safe_load(snippet))


def parse_command(kedro: click.Group, pytestconfig: pytest.Config, name: str, *words: str) -> None:
    """Fail if a command, its options or what they name does not exist."""
    match name.removeprefix(".venv/bin/"):
        case "kedro":
            parse_kedro(kedro, *words)
        case "make":
            text = (ROOT / "Makefile").read_text()
            goals = {*re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE)}
            variables = {f"{name}=" for name in re.findall(r"\$\(([A-Z]+)\)", text)}
            assert {re.sub("(?<==).*", "", word) for word in words} <= goals | variables
        case "python" | "python3":
            assert words[0] == "-m"
            assert find_spec(words[1])
        case "pytest":
            for path in pytestconfig._parser.parse(words).file_or_dir:
                assert (ROOT / path).exists()
        case "source":
            assert words == (".venv/bin/activate",)
        case "pip" | "pre-commit" as tool:
            command = [Path(sys.executable).with_name(tool), *words, "--help"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
        case _:
            pytest.fail(f"{name} is not a known command: give a block that is none a language")


def parse_kedro(command: click.Command | None, *words: str) -> None:
    """Parse without running anything."""
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(click.Context(command), name)
    assert command, f"kedro has no command {name}"
    options = command.make_context(name, [*words]).params
    if name == "run":
        names = [options["pipeline"], *(options["pipelines"] or [])]
        assert {name for name in names if name} <= {*pipelines}
        check_changes(options["env"] or "base", options["params"])


def check_changes(env: str, changes: dict[str, Any]) -> None:
    """Fail if the environment does not exist, or its parameters are wrong once changed so."""
    merged: Any = OmegaConf.to_container(OmegaConf.merge(load_conf("parameters", env), changes))
    check_parameters(merged, dict(pipelines), read_by_commands=READ_BY_COMMANDS)
